import assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { ConnectivityCheck } from "../../checks/provider/connectivity-check";
import { unpackIntent } from "../../checks/provider/packed-intent";
import { ConnectivityChecks, type ConnectivityChecksArgs } from "../../components/connectivity-checks";
import { DEV, soundNetwork } from "../checks/support/network";

interface Recorded {
    type: string;
    name: string;
    inputs: Record<string, unknown>;
}

const STAGES = ["vpc", "routes", "dns", "security-groups", "endpoints", "services"];
const TYPE = "pulumi-nodejs:dynamic/checks:ConnectivityCheck";

const MATRIX = {
    routes: { to: ["internet"], via: ["nat-1"], rows: [["private us-east-1a", "RR0"]] },
    "security-groups": { to: [], via: [], rows: [], flows: "RR" },
    endpoints: { to: ["ssm"], via: ["vpce-1"], rows: [["private us-east-1a", "RR0"]] },
};

/** Everything that the component registers, in the order in which it arrives. */
let recorded: Recorded[] = [];
/** Verdicts other than "healthy", by logical name. */
let verdicts: Record<string, string> = {};

async function useMocks(preview: boolean): Promise<void> {
    recorded = [];
    verdicts = {};
    await pulumi.runtime.setMocks(
        {
            newResource: ({ type, name, inputs }) => {
                const state = inputs as Record<string, unknown>;
                recorded.push({ type, name, inputs: state });
                // The engine creates nothing in a preview: outputs that are no inputs are unknown.
                if (type !== TYPE || preview) return { id: name, state };
                const matrix = MATRIX[state.stage as keyof typeof MATRIX] ?? { to: [], via: [], rows: [] };
                const repairs = name.endsWith("dns")
                    ? [{ what: "mended", before: "a", after: "b", at: "now" }]
                    : [];
                return {
                    id: name,
                    state: {
                        ...state,
                        verdict: verdicts[name] ?? "healthy",
                        ranAt: `after ${name}`,
                        findings: [],
                        repairs,
                        matrix,
                    },
                };
            },
            call: ({ inputs }) => inputs as Record<string, unknown>,
        },
        "pulsar-lab",
        "dev",
        preview,
    );
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply(resolve));
}

function declare(name: string, args: Partial<ConnectivityChecksArgs> = {}): ConnectivityChecks {
    return new ConnectivityChecks(name, { network: soundNetwork(DEV).intent, ...args });
}

const checks = () => recorded.filter((one) => one.type === TYPE);

class Vpc extends pulumi.CustomResource {
    constructor(name: string, props: pulumi.Inputs) {
        super("test:index:Vpc", name, props);
    }
}

for (const preview of [false, true])
    describe(`ConnectivityChecks in ${preview ? "a preview" : "an update"}`, () => {
        beforeEach(() => useMocks(preview));

        it("declares a check for each stage, named from the component", async () => {
            const component = declare("net");
            await valueOf(component.urn);
            await pulumi.runtime.disconnect();
            assert.deepEqual(
                recorded.filter((one) => one.type !== TYPE).map((one) => [one.type, one.name]),
                [["pulsar-lab:checks:ConnectivityChecks", "net"]],
            );
            assert.deepEqual(
                checks()
                    .map((one) => one.name)
                    .sort(),
                STAGES.map((stage) => `net-${stage}`).sort(),
            );
            for (const { inputs } of checks()) {
                assert.deepEqual(
                    [inputs.mode, inputs.timeoutSeconds, inputs.onFailure, inputs.runId],
                    ["fix", 300, "fail", undefined],
                );
                assert.equal(inputs.region, "us-east-1");
                assert.ok(String(inputs.validates).length > 10);
            }
        });
    });

describe("ConnectivityChecks", () => {
    beforeEach(() => useMocks(false));

    it("runs the stages one after the other, each on the run of the one before", async () => {
        const component = declare("net");
        await valueOf(component.healthy);
        assert.deepEqual(
            checks().map((one) => one.inputs.stage),
            STAGES,
        );
        assert.deepEqual(
            checks().map((one) => one.inputs.after),
            [undefined, ...STAGES.slice(0, -1).map((stage) => `after net-${stage}`)],
        );
    });

    it("is the parent of its checks", async () => {
        const urns: string[] = [];
        const component = declare("net");
        await valueOf(component.healthy);
        const child = new ConnectivityCheck(
            "alone",
            {
                stage: "vpc",
                network: soundNetwork(DEV).intent,
                mode: "fix",
                timeoutSeconds: 300,
                onFailure: "fail",
            },
            { parent: component },
        );
        urns.push(await valueOf(child.urn), await valueOf(component.urn));
        assert.match(
            urns[0] ?? "",
            /pulsar-lab:checks:ConnectivityChecks\$pulumi-nodejs:dynamic\/checks:ConnectivityCheck::alone$/,
        );
        assert.match(urns[1] ?? "", /::pulsar-lab:checks:ConnectivityChecks::net$/);
    });

    it("hands its settings to every check", async () => {
        const component = declare("net", {
            mode: "validate",
            timeoutSeconds: 60,
            onFailure: "warn",
            runId: pulumi.output("run-7"),
        });
        await valueOf(component.healthy);
        for (const { inputs } of checks())
            assert.deepEqual(
                [inputs.mode, inputs.timeoutSeconds, inputs.onFailure, inputs.runId],
                ["validate", 60, "warn", "run-7"],
            );
    });

    it("gives each check only the part of the network that it needs", async () => {
        await valueOf(declare("net").healthy);
        const keys: Record<string, string[]> = {};
        for (const { inputs } of checks()) {
            const intent = unpackIntent("us-east-1", "vpc-1", inputs.intent);
            keys[String(inputs.stage)] = Object.entries(intent)
                .flatMap(([key, value]) => (Array.isArray(value) && value.length === 0 ? [] : key))
                .filter((key) => !["region", "vpcId"].includes(key))
                .sort();
        }
        assert.deepEqual(keys, {
            vpc: ["internetGatewayId", "natGateways", "ownerTags"],
            routes: ["flows", "gatewayEndpoints", "internetGatewayId", "natGateways", "ownerTags", "subnets"],
            dns: ["interfaceEndpoints", "ownerTags"],
            "security-groups": ["flows", "ownerTags", "subnets"],
            endpoints: ["flows", "gatewayEndpoints", "interfaceEndpoints", "ownerTags", "subnets"],
            services: ["natGateways", "ownerTags"],
        });
    });

    it("puts matrix and repairs of all checks together", async () => {
        const component = declare("net");
        const from = "private us-east-1a";
        assert.deepEqual(await valueOf(component.matrix), [
            { from, to: "internet", expected: "REACHABLE", verdict: "REACHABLE", via: "nat-1" },
            ...(
                [
                    ["s3", "REACHABLE"],
                    ["dynamodb", "REACHABLE"],
                ] as const
            ).map(([to, verdict]) => ({
                from: "endpoint clients",
                to,
                expected: "REACHABLE",
                verdict,
                via: "",
                between: "groups",
            })),
            { from, to: "ssm", expected: "REACHABLE", verdict: "REACHABLE", via: "vpce-1" },
        ]);
        assert.deepEqual(
            (await valueOf(component.repairs)).map((repair) => repair.what),
            ["mended"],
        );
        assert.equal(await valueOf(component.healthy), true);
    });

    it("is not healthy when a check failed and the deployment went on", async () => {
        verdicts = { "net-dns": "failed" };
        assert.equal(await valueOf(declare("net", { onFailure: "warn" }).healthy), false);
    });

    it("lets a gated value pass only after every check", async () => {
        const component = declare("net");
        const passed = await valueOf(component.gate("subnet-1"));
        assert.equal(passed, "subnet-1");
        assert.equal(checks().length, STAGES.length);
        assert.deepEqual(await valueOf(component.gate(pulumi.output({ ids: ["a"] }))), { ids: ["a"] });
    });

    it("can be there twice in one stack", async () => {
        const [one, other] = [declare("one"), declare("other")];
        assert.ok((await valueOf(one.healthy)) && (await valueOf(other.healthy)));
        assert.equal(new Set(checks().map((check) => check.name)).size, 2 * STAGES.length);
    });

    it("refuses settings that cannot work, all at once, before anything is declared", () => {
        assert.throws(
            () =>
                declare("net", { mode: "repair" as "fix", timeoutSeconds: 5, onFailure: "ignore" as "warn" }),
            (error: Error) => {
                assert.match(error.message, /mode: "repair" is not allowed: one of validate, fix/);
                assert.match(error.message, /onFailure: "ignore" is not allowed: one of fail, warn/);
                assert.match(
                    error.message,
                    /timeoutSeconds: 5 is not allowed: a whole number of seconds from 10 to 3600/,
                );
                return true;
            },
        );
        assert.deepEqual(checks(), []);
    });
});

describe("ConnectivityChecks before the network exists", () => {
    it("keeps a gated value unknown, and crashes on nothing", async () => {
        await useMocks(true);
        const { intent } = soundNetwork(DEV);
        const { vpcId } = new Vpc("vpc", { vpcId: undefined }) as unknown as { vpcId: pulumi.Output<string> };
        const component = declare("net", {
            network: pulumi.output({ ...intent, vpcId }) as unknown as pulumi.Output<typeof intent>,
        });
        const gated = component.gate("subnet-1") as pulumi.Output<string> & { isKnown: Promise<boolean> };
        assert.equal(await gated.isKnown, false);
        assert.deepEqual(
            checks().map((one) => one.inputs.stage),
            STAGES,
        );
    });
});
