import assert from "node:assert/strict";

import { Deployment, type StackSettings } from "./deployment";

const ZONES = ["us-east-1a", "us-east-1b"];

/** Outputs of a network that another stack stands in. */
interface Base {
    readonly vpcId: string;
    readonly privateSubnetIds: string[];
    readonly isolatedSubnetIds: string[];
}

describe("a network of somebody else", function () {
    this.timeout(300_000);
    let deployment: Deployment;
    let base: Base;
    /** Everything that the owner of the network made. */
    let owned: unknown;

    const pulumi = async (...args: string[]): Promise<void> => {
        const { code, text } = await deployment.pulumi(...args);
        assert.equal(code, 0, `${args.join(" ")}: ${text}`);
    };
    const up = async (stack: string): Promise<void> => {
        const { code, text } = await deployment.up(stack);
        assert.equal(code, 0, text);
    };
    const adopted = (change: Partial<Base> = {}, others: StackSettings["others"] = {}): StackSettings => ({
        others,
        network: {
            mode: "adopt",
            availabilityZones: ZONES,
            vpcId: base.vpcId,
            privateSubnetIds: base.privateSubnetIds,
            isolatedSubnetIds: base.isolatedSubnetIds,
            natGateways: undefined,
            // The owner has one of ssm; two with private names exclude each other.
            interfaceEndpoints: ["sts"],
            ...change,
        },
    });

    before(async () => {
        deployment = await Deployment.start();
        await deployment.configure("base", { composition: "foundation" });
        await up("base");
        base = (await deployment.outputs("base")) as unknown as Base;
        owned = await deployment.sandbox.resources();
    });
    after(() => deployment.stop());

    it("is refused by one error with key and value when an id is wrong, before anything is made", async () => {
        const vpcId = "vpc-0123456789abcdef0";
        await deployment.configure("adopting", adopted({ vpcId }));
        const writes = await deployment.sandbox.writesDuring(async () => {
            const { code, text } = await deployment.pulumi("up", "--yes", "--stack", "adopting");
            assert.notEqual(code, 0, text);
            assert.match(text, new RegExp(`vpcId: "${vpcId}" is not allowed: the id of a VPC that exists`));
            assert.doesNotMatch(text, /at Object\.|node:internal/, "a stack trace helps nobody here");
        });
        assert.deepEqual(writes, []);
    });

    for (const [what, others, message] of [
        [
            "Neptune cluster",
            { neptune: { mode: "adopt", clusterIdentifier: "nobodys" } },
            /- clusterIdentifier: "nobodys" is not allowed: the name of a Neptune cluster that exists .*couldn't find resource/,
        ],
        [
            "Pulsar's group",
            {
                pulsar: {
                    mode: "adopt",
                    serviceUrl: "pulsar+ssl://pulsar.example.com:6651",
                    adminUrl: "https://pulsar.example.com:8443",
                    brokerSecurityGroupId: "sg-0123456789abcdef0",
                },
            },
            /- brokerSecurityGroupId: "sg-0123456789abcdef0" is not allowed: the id of a security group of vpc-/,
        ],
        [
            "Studio domain",
            { sagemaker: { mode: "adopt", domainId: "d-nobodys" } },
            /lab-sagemaker-domain.*'d-nobodys' does not exist/s,
        ],
    ] as const)
        it(`ends in a clear error, before anything is made, when the ${what} is not there`, async () => {
            await deployment.configure("adopting", adopted({}, others));
            const writes = await deployment.sandbox.writesDuring(async () => {
                const { code, text } = await deployment.pulumi("up", "--yes", "--stack", "adopting");
                assert.notEqual(code, 0, text);
                assert.match(text, message);
                assert.doesNotMatch(text, /at .*adopt\.ts|node:internal/, "a stack trace helps nobody here");
            });
            assert.deepEqual(writes, []);
        });

    for (const [stack, settings] of [
        ["adopting", (): StackSettings => adopted()],
        [
            "sharing",
            (): StackSettings => ({
                network: {
                    mode: "shared",
                    stack: "organization/pulsar-lab/base",
                    natGateways: undefined,
                    interfaceEndpoints: undefined,
                    httpsEgress: ["sagemaker"],
                },
                // Its notebooks are in groups of the lab's own, in subnets that are not.
                others: {
                    sagemaker: {
                        mode: "create",
                        userProfiles: [{ name: "analyst" }],
                        homeRetention: "Delete",
                    },
                },
            }),
        ],
    ] as const)
        it(`is as it was after a lab ${stack} it has come, stayed and gone`, async () => {
            await deployment.configure(stack, settings());
            await up(stack);
            const outputs = await deployment.outputs(stack);
            assert.equal(outputs.vpcId, base.vpcId);
            assert.equal(outputs.connectivityHealthy, true);
            assert.notDeepEqual(await deployment.sandbox.resources(), owned);
            await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack);

            await pulumi("config", "set", "protectData", "false", "--stack", stack);
            await up(stack);
            await pulumi("destroy", "--yes", "--skip-preview", "--stack", stack);
            assert.deepEqual(await deployment.sandbox.resources(), owned);
        });

    it("goes with its owner", async () => {
        await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", "base");
        await pulumi("destroy", "--yes", "--skip-preview", "--stack", "base");
        assert.deepEqual(await deployment.sandbox.resources(), []);
    });
});
