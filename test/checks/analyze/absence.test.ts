import assert from "node:assert/strict";

import { createAnalyzer } from "../../../checks/analyze";
import type { Flow } from "../../../checks/flow";
import type { Snapshot, SnapshotKind } from "../../../checks/snapshot/types";
import { generate } from "../../kernel/generate";
import { network } from "./support/network";

/** Kinds whose items are referred to by others, so that one that is missing can be noticed. */
const REFERRED: readonly SnapshotKind[] = [
    "Vpcs",
    "Subnets",
    "RouteTables",
    "NetworkAcls",
    "SecurityGroups",
    "InternetGateways",
    "NatGateways",
    "VpcEndpoints",
    "ManagedPrefixLists",
    "VpcPeeringConnections",
    "DhcpOptions",
    "Instances",
];

interface Cut {
    readonly what: string;
    readonly snapshot: Snapshot;
}

/** The snapshot without one of its items, for each item whose absence a snapshot can show. */
function* cuts(snapshot: Snapshot): Generator<Cut> {
    for (const kind of REFERRED)
        for (const [index, item] of ((snapshot[kind] ?? []) as object[]).entries()) {
            // A subnet does not name its table: without its own it looks like one of the main table.
            if (kind === "RouteTables" && !isMain(item)) continue;
            const items = ((snapshot[kind] ?? []) as object[]).filter((_, at) => at !== index);
            yield { what: `${kind}[${index}]`, snapshot: { ...snapshot, [kind]: items } };
        }
}

function isMain(table: { Associations?: { Main?: boolean }[] }): boolean {
    return (table.Associations ?? []).some(({ Main }) => Main === true);
}

function flips(snapshot: Snapshot, flows: readonly Flow[]): string[] {
    const before = createAnalyzer(snapshot);
    const verdicts = flows.map((flow) => before.analyze(flow).verdict);
    return [...cuts(snapshot)].flatMap(({ what, snapshot: cut }) => {
        const after = createAnalyzer(cut);
        return flows.flatMap((flow, index) => {
            const [was, is] = [verdicts[index], after.analyze(flow).verdict];
            const isFlip = was !== "UNKNOWN" && is !== "UNKNOWN" && was !== is;
            return isFlip ? [`without ${what}, ${JSON.stringify(flow)} is ${is}, not ${was}`] : [];
        });
    });
}

describe("what a snapshot lacks", function () {
    this.timeout(60_000);

    it("turns no verdict into its opposite, in a network where everything connects", () => {
        const ends = ["eni-client", "eni-server", "eni-lonely", "eni-web", "eni-peer"];
        const flows = ends.flatMap((from): Flow[] => [
            ...ends
                .filter((to) => to !== from)
                .map((to) => ({
                    id: `${from} ${to}`,
                    source: { eni: from },
                    destination: { eni: to },
                    protocol: "tcp" as const,
                    port: 6650,
                })),
            ...["internet", "ssm", "s3"].map((service) => ({
                id: `${from} ${service}`,
                source: { eni: from },
                destination: { service },
                protocol: "tcp" as const,
                port: 443,
            })),
        ]);
        assert.deepEqual(flips(network(), flows), []);
    });

    it("turns no verdict into its opposite, in generated networks", () => {
        for (let index = 0; index < 60; index++) {
            const { snapshot, flows } = generate(20_261_128, index);
            const named = flows.filter(
                ({ source, destination }) => "eni" in source && ("eni" in destination || "ip" in destination),
            );
            assert.deepEqual(flips(snapshot, named), [], `network ${index}`);
        }
    });
});
