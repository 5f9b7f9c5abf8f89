/**
 * Configurations of a stack, right and wrong, as Pulumi hands them over.
 */

const NETWORK = { availabilityZones: ["us-east-1a", "us-east-1b"] };

/** The values of a stack as Pulumi hands them over; `undefined` leaves a key out. */
export function values(overrides: Record<string, unknown> = {}): Record<string, string> {
    const all: Record<string, unknown> = {
        "aws:region": "us-east-1",
        "pulsar-lab:owner": "data-platform",
        "pulsar-lab:network": NETWORK,
        ...overrides,
    };
    return Object.fromEntries(
        Object.entries(all)
            .filter(([, value]) => value !== undefined)
            .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
    );
}

/** What is wrong, the values that differ from a right configuration, and a part of the line that says so. */
export const WRONG_CONFIGS: readonly (readonly [string, Record<string, unknown>, string])[] = [
    [
        "no region",
        { "aws:region": undefined },
        "aws:region is missing: the name of an AWS region, such as us-east-1",
    ],
    [
        "a region that is none",
        { "aws:region": "Ohio" },
        'aws:region: "Ohio" is not allowed: the name of an AWS region',
    ],
    ["no owner", { "pulsar-lab:owner": undefined }, "pulsar-lab:owner is missing: a text in quotes"],
    [
        "an empty owner",
        { "pulsar-lab:owner": "" },
        'pulsar-lab:owner: "" is not allowed: who answers for the stack',
    ],
    [
        "an owner that AWS refuses as a tag",
        { "pulsar-lab:owner": "a<b" },
        'pulsar-lab:owner: "a<b" is not allowed',
    ],
    [
        "an unknown key",
        { "pulsar-lab:netwrk": {} },
        "pulsar-lab:netwrk: {} is not allowed: there is no such key; there are owner, tags",
    ],
    [
        "an unknown key in an object, in the wrong case",
        { "pulsar-lab:network": { ...NETWORK, natgateways: "none" } },
        'pulsar-lab:network.natgateways: "none" is not allowed: there is no such key; you may mean natGateways',
    ],
    [
        "an experiment's id that is none",
        { "pulsar-lab:experiment": { experimentId: "mine" } },
        'pulsar-lab:experiment.experimentId: "mine" is not allowed: exp-YYYYMMDD-HHMMSS',
    ],
    [
        "a time to live that is none",
        { "pulsar-lab:experiment": { ttlHours: 0 } },
        "pulsar-lab:experiment.ttlHours: 0 is not allowed: a whole number of hours from 1 to 8760",
    ],
    [
        "a service that is neither made, adopted nor off",
        { "pulsar-lab:neptune": { mode: "maybe" } },
        'pulsar-lab:neptune.mode: "maybe" is not allowed: an object whose mode is one of create, adopt, off',
    ],
    [
        "a field of another mode",
        { "pulsar-lab:neptune": { mode: "adopt", clusterIdentifier: "graph", readReplicas: 1 } },
        "pulsar-lab:neptune.readReplicas: 1 is not allowed: there is no such key; there are mode, clusterIdentifier",
    ],
    [
        "an even number of ZooKeepers",
        { "pulsar-lab:pulsar": { mode: "create", pulsarVersion: "4.0.7", zookeeper: { count: 2 } } },
        "pulsar-lab:pulsar.zookeeper.count: 2 is not allowed",
    ],
    [
        "more copies than bookies",
        {
            "pulsar-lab:pulsar": {
                mode: "create",
                pulsarVersion: "4.0.7",
                bookkeeper: { count: 2 },
            },
        },
        "pulsar-lab:pulsar.quorum.ensemble",
    ],
    [
        "data nodes that no zones divide",
        { "pulsar-lab:opensearch": { mode: "create", dataNodeCount: 3 } },
        "pulsar-lab:opensearch.",
    ],
    [
        "a foundation with a service",
        { "pulsar-lab:composition": "foundation", "pulsar-lab:neptune": { mode: "create" } },
        'pulsar-lab:neptune.mode: "create" is not allowed: off: a foundation is the network alone',
    ],
    [
        "a way to the internet without NAT",
        { "pulsar-lab:network": { ...NETWORK, natGateways: "none", httpsEgress: ["client"] } },
        "pulsar-lab:network.httpsEgress[0]",
    ],
    [
        "an adopted network whose subnets do not fit the zones",
        {
            "pulsar-lab:network": {
                ...NETWORK,
                mode: "adopt",
                vpcId: "vpc-0123456789abcdef0",
                privateSubnetIds: ["subnet-0123456789abcdef0"],
                isolatedSubnetIds: [],
            },
        },
        "a subnet for each of the 2 zones",
    ],
    [
        "a foundation without its full name",
        { "pulsar-lab:network": { ...NETWORK, mode: "shared", stack: "base" } },
        "pulsar-lab:network.stack",
    ],
    [
        "repairs that are allowed in a mode that makes none",
        { "pulsar-lab:checks": { mode: "fix", allowedRepairs: ["NACL_DENIES"] } },
        "pulsar-lab:checks.allowedRepairs",
    ],
    [
        "an address that no mail reaches",
        { "pulsar-lab:observability": { alarmEmails: ["me"] } },
        'pulsar-lab:observability.alarmEmails[0]: "me" is not allowed: an address such as team@example.com',
    ],
    [
        "a budget of nothing",
        { "pulsar-lab:cost": { monthlyBudgetUsd: 0 } },
        "pulsar-lab:cost.monthlyBudgetUsd: 0 is not allowed: a number of US dollars above 0",
    ],
    ["no network", { "pulsar-lab:network": undefined }, "pulsar-lab:network is missing: an object"],
    [
        "a network that is no object",
        { "pulsar-lab:network": "10.0.0.0/16" },
        'pulsar-lab:network: "10.0.0.0/16" is not allowed: an object',
    ],
    [
        "no zones",
        { "pulsar-lab:network": {} },
        "pulsar-lab:network.availabilityZones is missing: a list of zone names",
    ],
    [
        "zones that are no list",
        { "pulsar-lab:network": { availabilityZones: "us-east-1a" } },
        "a list of zone names",
    ],
    [
        "an empty list of zones",
        { "pulsar-lab:network": { availabilityZones: [] } },
        "at least one zone of us-east-1",
    ],
    [
        "a zone of another region",
        { "aws:region": "eu-west-1" },
        'pulsar-lab:network.availabilityZones[0]: "us-east-1a" is not allowed: a zone of eu-west-1',
    ],
    [
        "a zone twice",
        { "pulsar-lab:network": { availabilityZones: ["us-east-1a", "us-east-1a"] } },
        'availabilityZones[1]: "us-east-1a" is not allowed: each zone once',
    ],
    [
        "a range that is none",
        { "pulsar-lab:network": { ...NETWORK, cidrBlock: "10.0.0.0" } },
        "an IPv4 range such as 10.0.0.0/16",
    ],
    [
        "host bits in a range",
        { "pulsar-lab:network": { ...NETWORK, cidrBlock: "10.0.0.1/16" } },
        'pulsar-lab:network.cidrBlock: "10.0.0.1/16" is not allowed',
    ],
    [
        "a range too small for the tiers",
        { "pulsar-lab:network": { ...NETWORK, cidrBlock: "10.0.0.0/24" } },
        "at least a /22",
    ],
    [
        "a range that is too large",
        { "pulsar-lab:network": { ...NETWORK, cidrBlock: "10.0.0.0/8" } },
        "at most a /16",
    ],
    [
        "a public range",
        { "pulsar-lab:network": { ...NETWORK, cidrBlock: "8.8.0.0/16" } },
        "a range inside 10.0.0.0/8",
    ],
    ["Docker's range", { "pulsar-lab:network": { ...NETWORK, cidrBlock: "172.17.0.0/16" } }, "Docker"],
    [
        "an unknown NAT strategy",
        { "pulsar-lab:network": { ...NETWORK, natGateways: "one" } },
        'network.natGateways: "one" is not allowed: one of none, single, perAz',
    ],
    [
        "an unknown endpoint",
        { "pulsar-lab:network": { ...NETWORK, interfaceEndpoints: ["ssm", "sqs"] } },
        'network.interfaceEndpoints[1]: "sqs" is not allowed: one of ec2',
    ],
    [
        "an endpoint twice",
        { "pulsar-lab:network": { ...NETWORK, interfaceEndpoints: ["ssm", "ssm"] } },
        "each service once",
    ],
    [
        "an interface endpoint for S3",
        { "pulsar-lab:network": { ...NETWORK, interfaceEndpoints: ["s3"] } },
        "it has a gateway endpoint",
    ],
    [
        "a retention that does not exist",
        { "pulsar-lab:network": { ...NETWORK, flowLogRetentionInDays: 31 } },
        "network.flowLogRetentionInDays: 31 is not allowed",
    ],
    [
        "a retention in quotes",
        { "pulsar-lab:network": { ...NETWORK, flowLogRetentionInDays: "30" } },
        'network.flowLogRetentionInDays: "30" is not allowed: a number of days',
    ],
    [
        "a deletion window that KMS refuses",
        { "pulsar-lab:encryption": { deletionWindowInDays: 3 } },
        "encryption.deletionWindowInDays: 3 is not allowed: a whole number of days from 7 to 30",
    ],
    [
        "an unknown mode",
        { "pulsar-lab:checks": { mode: "repair" } },
        'checks.mode: "repair" is not allowed: one of validate, fix',
    ],
    [
        "a flag in quotes",
        { "pulsar-lab:checks": { everyUpdate: "yes" } },
        'checks.everyUpdate: "yes" is not allowed: true or false, without quotes',
    ],
    [
        "a timeout out of range",
        { "pulsar-lab:checks": { timeoutSeconds: 5 } },
        "checks.timeoutSeconds: 5 is not allowed: a whole number of seconds from 10 to 3600",
    ],
    [
        "half a second",
        { "pulsar-lab:checks": { timeoutSeconds: 30.5 } },
        "checks.timeoutSeconds: 30.5 is not allowed",
    ],
    [
        "an unknown reaction to failure",
        { "pulsar-lab:checks": { onFailure: "ignore" } },
        'checks.onFailure: "ignore" is not allowed: one of fail, warn',
    ],
    [
        "a tag that the program sets",
        { "pulsar-lab:tags": { Owner: "you" } },
        "not Owner: the program sets it itself",
    ],
    ["a tag that AWS reserves", { "pulsar-lab:tags": { "aws:x": "1" } }, "no key that begins with aws:"],
    [
        "a tag that is no text",
        { "pulsar-lab:tags": { Cost: 1 } },
        "pulsar-lab:tags.Cost: 1 is not allowed: a text in quotes",
    ],
];
