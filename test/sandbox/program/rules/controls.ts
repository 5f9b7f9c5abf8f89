/**
 * Published controls (checkov's and AWS Foundational Security Best Practices') that concern the kinds of resources of a lab, and are
 * not what a rule asks for by itself: each is proven elsewhere, about something that no stack has, or not followed, with a reason.
 */

/** Why controls are met without a rule over a preview. */
interface MetElsewhere {
    readonly controls: readonly string[];
    /** The test that would fail. */
    readonly test: string;
    readonly what: string;
}

/** Controls about what there is nothing of. */
interface AboutNothing {
    readonly controls: readonly string[];
    readonly why: string;
}

/** Controls that the stacks do not follow. The file says why, and names the control. */
export interface Exemption {
    readonly controls: readonly string[];
    readonly file: string;
    readonly why: string;
}

export const MET_ELSEWHERE: readonly MetElsewhere[] = [
    {
        controls: ["CKV2_AWS_11", "EC2.6"],
        test: "test/components/network.test.ts",
        what: "flow logs record all traffic of the VPC",
    },
    {
        controls: ["CKV2_AWS_19", "CKV2_AWS_35", "EC2.12"],
        test: "test/sandbox/providers/awsx/vpc.test.ts",
        what: "each Elastic IP belongs to a NAT gateway, and each private default route leads to one",
    },
    {
        controls: ["CKV2_AWS_5"],
        test: "test/components/flows.test.ts",
        what: "there are groups of the roles alone that a lab has",
    },
    {
        controls: ["CKV_AWS_46"],
        test: "test/components/pulsar/user-data.test.ts",
        what: "user data names secrets by their ARNs",
    },
    {
        controls: ["EC2.57"],
        test: "test/components/flows.test.ts",
        what: "roles that Systems Manager reaches have its endpoints",
    },
    {
        controls: ["Neptune.9"],
        test: "test/components/neptune-cluster.test.ts",
        what: "replicas are spread over the zones",
    },
    {
        controls: ["Opensearch.10"],
        test: "test/components/opensearch-domain.test.ts",
        what: "service software updates itself in the off-peak window",
    },
    {
        controls: ["EC2.17"],
        test: "test/components/pulsar-cluster.test.ts",
        what: "an instance has one network interface",
    },
];

export const ABOUT_NOTHING: readonly AboutNothing[] = [
    {
        controls: [
            ...["CKV2_AWS_1", "CKV_AWS_229", "CKV_AWS_230", "CKV_AWS_231", "CKV_AWS_232", "CKV_AWS_352"],
            "EC2.16",
        ],
        why: "no network ACL but the VPC's default one",
    },
    { controls: ["CKV2_AWS_44"], why: "no peering" },
    { controls: ["CKV_AWS_123"], why: "no endpoint service of its own" },
    {
        controls: ["CKV_AWS_153", "CKV_AWS_315", "EC2.24", "EC2.181"],
        why: "no auto scaling, no launch template",
    },
    {
        controls: ["CKV_AWS_183", "CKV_AWS_279", "CKV_AWS_280", "EC2.1", "Neptune.3", "Neptune.6"],
        why: "the program makes no snapshot; Neptune's carry the cluster's key and are nobody else's",
    },
    { controls: ["CKV_AWS_40", "CKV_AWS_273", "CKV_AWS_393", "IAM.2"], why: "no IAM user" },
    {
        controls: ["CKV_AWS_112", "CKV_AWS_113", "CKV_AWS_303", "CKV_AWS_337", "CKV2_AWS_34"],
        why: "no Systems Manager document or parameter",
    },
    {
        controls: ["CKV_AWS_42", "CKV_AWS_184", "CKV2_AWS_18", "EFS.1", "EFS.2", "EFS.3", "EFS.4"],
        why: "SageMaker makes the file system of the homes, with the domain's key",
    },
    {
        controls: ["CKV_AWS_106", "EC2.7", "EC2.172"],
        why: "settings of the account and region, which are not a lab's to change",
    },
    {
        controls: ["EC2.4", "KMS.3", "SecretsManager.2", "SecretsManager.3"],
        why: "about what happens to resources later, not about how they are made",
    },
];

export const EXEMPTIONS: readonly Exemption[] = [
    {
        controls: ["CKV_AWS_304", "CKV2_AWS_57", "SecretsManager.1", "SecretsManager.4"],
        file: "components/pulsar/credentials/pulsar-credentials.ts",
        why: "Pulsar's secrets are signed by one authority and change together, when `credentialRotation` is raised",
    },
    {
        controls: ["CKV2_AWS_9", "EC2.28"],
        file: "components/pulsar/node.ts",
        why: "an old copy of a bookie's volume contradicts ZooKeeper; BookKeeper keeps copies in other zones",
    },
    {
        controls: ["EC2.10", "EC2.55", "EC2.56", "EC2.58", "EC2.60"],
        file: "components/endpoint-services.ts",
        why: "endpoints cost by the hour; a lab has those that its roles need, others by `network.interfaceEndpoints`",
    },
    {
        controls: ["EC2.21"],
        file: "components/network.ts",
        why: "the default network ACL lets everything pass; security groups decide",
    },
    {
        controls: [
            ...["CKV_AWS_318", "CKV_AWS_338", "CKV_AWS_361", "CKV2_AWS_58", "CKV2_AWS_59"],
            ...["Neptune.4", "Neptune.5", "Neptune.9", "Opensearch.6", "Opensearch.7", "Opensearch.11"],
        ],
        file: "Pulumi.dev.yaml",
        why: "dev is the cheapest lab, made to be destroyed: one of everything, a day of backups, a month of logs",
    },
];
