import assert from "node:assert/strict";

import { createAnalyzer, InputError, parseSnapshot } from "../../../checks/analyze";
import { network } from "./support/network";

type Path = readonly (string | number)[];

/** Every field of the value, outermost first. */
function* fieldsOf(value: unknown, path: Path = []): Generator<{ path: Path; value: unknown }> {
    if (typeof value !== "object" || value === null) return;
    for (const [key, one] of Object.entries(value)) {
        const at = [...path, Array.isArray(value) ? Number(key) : key];
        if (!Array.isArray(value)) yield { path: at, value: one };
        yield* fieldsOf(one, at);
    }
}

/** A copy in which the field has another name or value. */
function changed(path: Path, change: (parent: Record<string, unknown>, key: string) => void): string {
    const copy = structuredClone(network()) as unknown as Record<string, unknown>;
    const parent = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy);
    change(parent as Record<string, unknown>, String(path.at(-1)));
    return JSON.stringify(copy);
}

const written = (path: Path): string =>
    path
        .map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`))
        .join("")
        .slice(1);

/** One of each field, wherever it first stands. */
const FIELDS = [
    ...new Map(
        [...fieldsOf(network())].map((one) => [
            one.path.filter((key) => typeof key === "string").join("."),
            one,
        ]),
    ).values(),
].filter(({ path }) => path[0] !== "VpcAttributes" || path.length > 2);

function messageOf(text: string): string {
    try {
        parseSnapshot(text);
    } catch (error) {
        assert.ok(error instanceof InputError, String(error));
        return error.message;
    }
    return "";
}

describe("a snapshot of a file, field by field", () => {
    it("is refused with the path of a field that has another type", () => {
        const wrong = FIELDS.flatMap(({ path, value }) => {
            const other = typeof value === "object" && !Array.isArray(value) ? [1] : { other: [1] };
            const message = messageOf(changed(path, (parent, key) => (parent[key] = other)));
            return message.startsWith(written(path)) ? [] : [`${written(path)}: ${message}`];
        });
        assert.deepEqual(wrong, []);
    });

    it("is refused with the path of a field whose name is nearly right", () => {
        const rename = (to: (key: string) => string) => (parent: Record<string, unknown>, key: string) => {
            parent[to(key)] = parent[key];
            delete parent[key];
        };
        const misspellings = [(key: string) => `${key}s`, (key: string) => key.slice(0, -1), swapCase];
        const wrong = FIELDS.flatMap(({ path }) =>
            misspellings.flatMap((misspell) => {
                const message = messageOf(changed(path, rename(misspell)));
                const isNamed = message !== "" && message.startsWith(written(path.slice(0, -1)));
                return isNamed ? [] : [`${written(path)}: ${message}`];
            }),
        );
        assert.deepEqual(wrong, []);
    });

    it("is read as the AWS CLI prints it: null for what is absent, dates as numbers, instances by reservation", () => {
        const snapshot = network();
        const instance = {
            InstanceId: "i-1",
            State: { Name: "stopped" },
            LaunchTime: 1_700_000_000.5,
            Tags: null,
        };
        const printed = {
            ...snapshot,
            NextToken: null,
            Reservations: [{ ReservationId: "r-1", Instances: [instance] }],
        };
        const interfaces = (printed.NetworkInterfaces ?? []).map((one) => ({ ...one, Association: null }));
        const read = parseSnapshot(JSON.stringify({ ...printed, NetworkInterfaces: interfaces }));
        assert.deepEqual(read.Instances, [
            { InstanceId: "i-1", State: { Name: "stopped" }, LaunchTime: 1_700_000_000.5 },
        ]);
        const flow = {
            id: "a",
            source: { eni: "eni-client" },
            destination: { eni: "eni-server" },
            protocol: "tcp",
            port: 6650,
        } as const;
        assert.equal(createAnalyzer(read).analyze(flow).verdict, "REACHABLE");
    });

    it("is refused with a part that is none, by name", () => {
        assert.match(
            messageOf(JSON.stringify({ ...network(), Subnet: [] })),
            /^Subnet is no part of a snapshot: did you mean Subnets\?/,
        );
    });
});

function swapCase(key: string): string {
    const first = key.slice(0, 1);
    return (first === first.toUpperCase() ? first.toLowerCase() : first.toUpperCase()) + key.slice(1);
}
