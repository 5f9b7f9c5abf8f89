import {
    AuthorizeSecurityGroupIngressCommand,
    CreateSecurityGroupCommand,
    DeleteSecurityGroupCommand,
} from "@aws-sdk/client-ec2";
import assert from "node:assert/strict";

import { Deployment, type StackSettings } from "./deployment";
import { describeServices, type Services } from "./adoption/described";

const ZONES = ["us-east-1a", "us-east-1b"];

/** Outputs of a network that another stack stands in. */
interface Base {
    readonly vpcId: string;
    readonly privateSubnetIds: string[];
    readonly isolatedSubnetIds: string[];
}

/** Outputs of a lab whose services others adopt. */
interface Theirs {
    readonly securityGroupIds: Readonly<Record<string, string>>;
    readonly neptuneEndpoint: string;
    readonly opensearchEndpoint: string;
    readonly sagemakerDomainId: string;
}

/** Where somebody else's Pulsar answers; only its group is looked at. */
const PULSAR = {
    serviceUrl: "pulsar+ssl://pulsar.example.com:6651",
    adminUrl: "https://pulsar.example.com:8443",
};

/** The smallest services that there are. */
const SERVICES = {
    protectData: false,
    neptune: { mode: "create", readReplicas: 0 },
    opensearch: {
        mode: "create",
        dataNodeCount: 1,
        dataNodeType: "t3.small.search",
        dedicatedMasterCount: 0,
    },
    sagemaker: { mode: "create", homeRetention: "Delete" },
};

describe("a network and services of somebody else", function () {
    this.timeout(300_000);
    let deployment: Deployment;
    let base: Base;
    let theirs: Theirs;
    let services: Services;
    let brokerSecurityGroupId: string;
    /** All that the settings of the owner's services, their groups and roles say. */
    let settings: unknown;
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
    /** Services of somebody else; Studio only where it is asked for. */
    const stores = () => ({
        pulsar: { mode: "adopt", ...PULSAR, brokerSecurityGroupId },
        neptune: { mode: "adopt", clusterIdentifier: services.clusterIdentifier },
        opensearch: { mode: "adopt", domainName: services.domainName },
    });
    /** Admits the VPC to the services, which their owner has to do, and makes a group for brokers. @returns its id. */
    const admitted = async (): Promise<string> => {
        const { ec2 } = deployment;
        const { GroupId = "" } = await ec2.send(
            new CreateSecurityGroupCommand({
                GroupName: "brokers",
                Description: "brokers",
                VpcId: base.vpcId,
            }),
        );
        const { neptune, opensearch } = theirs.securityGroupIds;
        for (const [group, ...ports] of [
            [neptune, 8182],
            [opensearch, 443],
            [GroupId, 6651, 8443],
        ] as const)
            for (const port of ports)
                await ec2.send(
                    new AuthorizeSecurityGroupIngressCommand({
                        GroupId: group,
                        IpProtocol: "tcp",
                        FromPort: port,
                        ToPort: port,
                        CidrIp: "10.0.0.0/16",
                    }),
                );
        return GroupId;
    };
    const adopted = (
        change: Partial<Base & { interfaceEndpoints: string[] }> = {},
        others: StackSettings["others"] = {},
    ): StackSettings => ({
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

    /** Rules lead to the groups of what is adopted, and notebooks are told where it answers. */
    const usesTheirs = async (stack: string, outputs: Theirs): Promise<void> => {
        assert.equal(outputs.neptuneEndpoint, theirs.neptuneEndpoint);
        assert.equal(outputs.opensearchEndpoint, theirs.opensearchEndpoint);
        const made = await deployment.resources(stack);
        const rules = made.filter(({ type }) => type === "aws:ec2/securityGroupRule:SecurityGroupRule");
        const groups = [...services.securityGroupIds];
        assert.ok(rules.every(({ inputs }) => !groups.includes(String(inputs.securityGroupId))));
        const scripts = made.filter(({ type }) => type.endsWith(":StudioLifecycleConfig"));
        if (stack === "adopting") {
            assert.equal(outputs.sagemakerDomainId, services.domainId);
            assert.deepEqual(scripts, []);
            return;
        }
        for (const [port, group] of [
            [8182, theirs.securityGroupIds.neptune],
            [443, theirs.securityGroupIds.opensearch],
            [6651, brokerSecurityGroupId],
        ] as const)
            assert.ok(
                rules.some(
                    ({ inputs }) =>
                        inputs.type === "egress" &&
                        inputs.fromPort === port &&
                        inputs.sourceSecurityGroupId === group,
                ),
                `a way out to ${group} on ${port}`,
            );
        const script = scripts
            .map(({ inputs }) =>
                Buffer.from(String(inputs.studioLifecycleConfigContent), "base64").toString(),
            )
            .join("\n");
        for (const endpoint of [theirs.neptuneEndpoint, theirs.opensearchEndpoint, PULSAR.serviceUrl])
            assert.ok(script.includes(endpoint), endpoint);
    };

    before(async () => {
        deployment = await Deployment.start();
        await deployment.configure("base", { composition: "foundation" });
        await up("base");
        base = (await deployment.outputs("base")) as unknown as Base;
        await deployment.configure("theirs", adopted({}, SERVICES));
        await up("theirs");
        theirs = (await deployment.outputs("theirs")) as unknown as Theirs;
        const found = await deployment.resources("theirs");
        const inputOf = (type: string, key: string) =>
            String(found.find((one) => one.type === type)?.inputs[key]);
        brokerSecurityGroupId = await admitted();
        services = {
            clusterIdentifier: inputOf("aws:neptune/cluster:Cluster", "clusterIdentifier"),
            domainName: inputOf("aws:opensearch/domain:Domain", "domainName"),
            domainId: theirs.sagemakerDomainId,
            securityGroupIds: [...Object.values(theirs.securityGroupIds), brokerSecurityGroupId],
        };
        settings = await describeServices(deployment.sandbox, services);
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
            { pulsar: { mode: "adopt", ...PULSAR, brokerSecurityGroupId: "sg-0123456789abcdef0" } },
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

    for (const [stack, configuration] of [
        [
            "adopting",
            (): StackSettings =>
                // Those of the services' owner are there already.
                adopted(
                    { interfaceEndpoints: [] },
                    { ...stores(), sagemaker: { mode: "adopt", domainId: services.domainId } },
                ),
        ],
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
                    ...stores(),
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
            await deployment.configure(stack, configuration());
            await up(stack);
            const outputs = await deployment.outputs(stack);
            assert.equal(outputs.vpcId, base.vpcId);
            assert.equal(outputs.connectivityHealthy, true);
            await usesTheirs(stack, outputs as unknown as Theirs & typeof outputs);
            assert.notDeepEqual(await deployment.sandbox.resources(), owned);
            await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack);

            await pulumi("config", "set", "protectData", "false", "--stack", stack);
            await up(stack);
            await pulumi("destroy", "--yes", "--skip-preview", "--stack", stack);
            assert.deepEqual(await deployment.sandbox.resources(), owned);
            assert.deepEqual(await describeServices(deployment.sandbox, services), settings);
        });

    it("goes with its owner", async () => {
        for (const stack of ["theirs", "base"])
            await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", "--stack", stack);
        await pulumi("destroy", "--yes", "--skip-preview", "--stack", "theirs");
        await deployment.ec2.send(new DeleteSecurityGroupCommand({ GroupId: brokerSecurityGroupId }));
        await pulumi("destroy", "--yes", "--skip-preview", "--stack", "base");
        assert.deepEqual(await deployment.sandbox.resources(), []);
    });
});
