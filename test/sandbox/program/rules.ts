import * as alarms from "./rules/alarms";
import * as instances from "./rules/instances";
import * as network from "./rules/network";
import * as policies from "./rules/policies";
import type { Finding, PlannedResource, StackFacts } from "./rules/resource";
import * as stores from "./rules/stores";
import * as tags from "./rules/tags";

/** One thing that every stack holds to. */
export interface Rule {
    readonly name: string;
    /** Published controls that ask for it: checkov's (CKV), AWS Foundational Security Best Practices', AWS Config's. None asks for all. */
    readonly controls: readonly string[];
    /** Whether it has something to say about a type. */
    readonly concerns: (type: string) => boolean;
    /** What is wrong with one resource, and what cannot be judged yet. */
    readonly findings: (resource: PlannedResource, facts: StackFacts) => Finding[];
}

/** A finding, and where it is. */
export interface Verdict extends Finding {
    readonly rule: string;
    readonly urn: string;
    readonly type: string;
}

const these =
    (...types: readonly string[]) =>
    (type: string): boolean =>
        types.includes(type);

export const RULES: readonly Rule[] = [
    {
        name: "rules and routes are resources of their own",
        controls: [],
        concerns: these("aws:ec2/securityGroup:SecurityGroup", "aws:ec2/routeTable:RouteTable"),
        findings: network.inlineRules,
    },
    {
        name: "the default security group is locked",
        controls: ["CKV2_AWS_12", "EC2.2"],
        concerns: these("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"),
        findings: network.lockedDefaultGroup,
    },
    {
        name: "nothing comes in from the internet",
        controls: ["CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_260", "CKV_AWS_277", "EC2.18", "EC2.19"],
        concerns: these(...network.RULE_TYPES),
        findings: network.ingressFromInternet,
    },
    {
        name: "only HTTPS goes out to the internet",
        controls: ["CKV_AWS_382"],
        concerns: these(...network.RULE_TYPES),
        findings: network.egressToInternet,
    },
    {
        name: "no SSH and no Remote Desktop",
        controls: ["CKV_AWS_24", "CKV_AWS_25", "EC2.13", "EC2.14"],
        concerns: these(...network.RULE_TYPES),
        findings: network.administrationPorts,
    },
    {
        name: "every security group and rule says what it is for",
        controls: ["CKV_AWS_23"],
        concerns: these("aws:ec2/securityGroup:SecurityGroup", ...network.RULE_TYPES),
        findings: network.described,
    },
    {
        name: "nothing but NAT has a public address",
        controls: ["CKV_AWS_88", "CKV_AWS_102", "CKV_AWS_130", "EC2.9", "EC2.15", "EC2.25"],
        concerns: these(
            "aws:ec2/instance:Instance",
            "aws:ec2/launchTemplate:LaunchTemplate",
            "aws:ec2/subnet:Subnet",
            "aws:neptune/clusterInstance:ClusterInstance",
        ),
        findings: network.publicAddresses,
    },
    {
        name: "names are looked up in the VPC alone",
        controls: [],
        concerns: these("aws:route53/zone:Zone"),
        findings: network.privateZones,
    },
    {
        name: "instances answer IMDSv2 alone",
        controls: ["CKV_AWS_79", "CKV_AWS_341", "EC2.8", "EC2.170"],
        concerns: these("aws:ec2/instance:Instance", "aws:ec2/launchTemplate:LaunchTemplate"),
        findings: network.instanceMetadata,
    },
    {
        name: "no key pairs",
        controls: [],
        concerns: these(
            "aws:ec2/keyPair:KeyPair",
            "aws:ec2/instance:Instance",
            "aws:ec2/launchTemplate:LaunchTemplate",
        ),
        findings: network.keyPairs,
    },
    {
        name: "everything at rest is encrypted with the stack's own key",
        controls: [
            ...[
                "CKV_AWS_3",
                "CKV_AWS_5",
                "CKV_AWS_8",
                "CKV_AWS_26",
                "CKV_AWS_44",
                "CKV_AWS_149",
                "CKV_AWS_158",
            ],
            ...["CKV_AWS_187", "CKV_AWS_189", "CKV_AWS_247", "CKV_AWS_347", "CKV2_AWS_2"],
            ...["EC2.3", "Neptune.1", "Opensearch.1"],
        ],
        concerns: stores.canBeEncrypted,
        findings: stores.encryptedWithOwnKey,
    },
    {
        name: "the key is on and rotates",
        controls: ["CKV_AWS_7", "CKV_AWS_227", "KMS.4"],
        concerns: these("aws:kms/key:Key"),
        findings: stores.rotatedKey,
    },
    {
        name: "logs are kept, and not for ever",
        controls: ["CKV_AWS_66", "CKV_AWS_338"],
        concerns: these("aws:cloudwatch/logGroup:LogGroup"),
        findings: stores.logRetention,
    },
    {
        name: "a Neptune cluster wants signed requests, writes an audit log and is backed up",
        controls: [
            ...["CKV_AWS_101", "CKV_AWS_359", "CKV_AWS_361", "CKV_AWS_362", "CKV2_AWS_58"],
            ...["Neptune.2", "Neptune.4", "Neptune.5", "Neptune.7", "Neptune.8"],
        ],
        concerns: these("aws:neptune/cluster:Cluster"),
        findings: stores.neptuneCluster,
    },
    {
        name: "Neptune's audit log is turned on by its parameters",
        controls: ["Neptune.2"],
        concerns: these("aws:neptune/clusterParameterGroup:ClusterParameterGroup"),
        findings: stores.neptuneAudit,
    },
    {
        name: "an OpenSearch domain is in the VPC, speaks TLS alone, knows roles alone and writes its logs",
        controls: [
            ...[
                "CKV_AWS_6",
                "CKV_AWS_83",
                "CKV_AWS_84",
                "CKV_AWS_137",
                "CKV_AWS_228",
                "CKV_AWS_248",
                "CKV_AWS_317",
            ],
            ...["CKV2_AWS_52", "Opensearch.2", "Opensearch.3", "Opensearch.4", "Opensearch.5"],
            "Opensearch.8",
        ],
        concerns: these("aws:opensearch/domain:Domain"),
        findings: stores.openSearchDomain,
    },
    {
        name: "a search domain whose data is kept outlives a zone",
        controls: ["CKV_AWS_318", "CKV2_AWS_59", "Opensearch.6", "Opensearch.7", "Opensearch.11"],
        concerns: these("aws:opensearch/domain:Domain"),
        findings: stores.searchOutlivesZone,
    },
    {
        name: "instances have a role, close monitoring and a way of their own to their volumes",
        controls: ["CKV_AWS_126", "CKV_AWS_135", "CKV2_AWS_41"],
        concerns: these("aws:ec2/instance:Instance"),
        findings: instances.equipped,
    },
    {
        name: "interfaces take no traffic that is not theirs",
        controls: ["EC2.180"],
        concerns: these("aws:ec2/networkInterface:NetworkInterface"),
        findings: instances.checksSource,
    },
    {
        name: "every alarm tells somebody",
        controls: ["CKV_AWS_319"],
        concerns: these("aws:cloudwatch/metricAlarm:MetricAlarm"),
        findings: alarms.alarmActs,
    },
    {
        name: "Studio's traffic stays in the VPC",
        controls: ["sagemaker-domain-in-vpc"],
        concerns: these("aws:sagemaker/domain:Domain"),
        findings: stores.studioInVpc,
    },
    {
        name: "data is protected where the stack says so",
        controls: ["CKV2_AWS_58", "Neptune.4"],
        concerns: these(...stores.DATA_STORES),
        findings: stores.protection,
    },
    {
        name: "homes are kept where the stack says so",
        controls: [],
        concerns: these("aws:sagemaker/domain:Domain", stores.HOMES),
        findings: stores.homeRetention,
    },
    {
        name: "roles may do what is spelled out, on what is spelled out",
        controls: [
            ...["CKV_AWS_62", "CKV_AWS_63", "CKV_AWS_286", "CKV_AWS_287", "CKV_AWS_288", "CKV_AWS_289"],
            ...["CKV_AWS_290", "CKV_AWS_355", "CKV2_AWS_40", "IAM.1", "IAM.21", "KMS.1", "KMS.2"],
        ],
        concerns: these(...policies.PERMISSION_TYPES),
        findings: policies.permissions,
    },
    {
        name: "no policies of AWS's own",
        controls: ["CKV_AWS_274", "CKV2_AWS_56"],
        concerns: these(
            "aws:iam/role:Role",
            "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
            "aws:iam/policyAttachment:PolicyAttachment",
        ),
        findings: policies.managedPolicies,
    },
    {
        name: "who may use something is named",
        controls: ["CKV_AWS_33", "CKV_AWS_60", "CKV_AWS_61", "CKV_AWS_385", "CKV2_AWS_64", "KMS.5", "SNS.4"],
        concerns: these(...policies.ADMISSION_TYPES),
        findings: policies.admissions,
    },
    {
        name: "everything that can carry tags says whose it is",
        controls: [],
        concerns: tags.isTaggable,
        findings: tags.identityTags,
    },
];

/** What the rules have to say of a stack. */
export function judge(resources: readonly PlannedResource[], facts: StackFacts): Verdict[] {
    return resources.flatMap((resource) =>
        RULES.filter(({ concerns }) => concerns(resource.type)).flatMap(({ name, findings }) =>
            findings(resource, facts).map((finding) => ({
                rule: name,
                urn: resource.urn,
                type: resource.type,
                ...finding,
            })),
        ),
    );
}

/** What the rules know of a committed stack of this project. */
export const factsOf = (stack: string, protectsData: boolean): StackFacts => ({
    project: "pulsar-lab",
    stack,
    owner: "data-platform",
    protectsData,
});

/** Verdicts for people: which rule, of what, and what is wrong. */
export const tell = (verdicts: readonly Verdict[]): string[] =>
    verdicts.map(
        ({ rule, urn, property, text }) => `${rule}: ${urn.split("::").at(-1)}: ${property}: ${text}`,
    );
