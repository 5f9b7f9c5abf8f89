import { type Finding, isKnown, type PlannedResource, unknown, valueAt, violation } from "./resource";

/** Where types hold a policy of what a role may do. */
const PERMISSIONS: Readonly<Record<string, string>> = {
    "aws:iam/policy:Policy": "policy",
    "aws:iam/rolePolicy:RolePolicy": "policy",
};

/** Where types hold a policy of who may use them. In a key's, `Resource: "*"` means the key. */
const ADMISSIONS: Readonly<Record<string, string>> = {
    "aws:iam/role:Role": "assumeRolePolicy",
    "aws:kms/key:Key": "policy",
    "aws:opensearch/domain:Domain": "accessPolicies",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": "policyDocument",
    "aws:secretsmanager/secret:Secret": "policy",
    "aws:sns/topic:Topic": "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
};

export const PERMISSION_TYPES = Object.keys(PERMISSIONS);
export const ADMISSION_TYPES = Object.keys(ADMISSIONS);

/** Actions that AWS authorizes on no resource smaller than all ("Service Authorization Reference", no resource type given). */
const ON_NOTHING_SMALLER = new Set([
    "cloudwatch:PutMetricData",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeVpcEndpoints",
    "ec2:DescribeVpcs",
    "ec2messages:AcknowledgeMessage",
    "ec2messages:DeleteMessage",
    "ec2messages:FailMessage",
    "ec2messages:GetEndpoint",
    "ec2messages:GetMessages",
    "ec2messages:SendReply",
    "sagemaker:ListApps",
    "sagemaker:ListDomains",
    "sagemaker:ListSpaces",
    "sagemaker:ListUserProfiles",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
    "sts:GetServiceBearerToken",
]);

interface Statement {
    readonly Effect?: string;
    readonly Action?: string | string[];
    readonly NotAction?: unknown;
    readonly Resource?: string | string[];
    readonly NotResource?: unknown;
    readonly Principal?: unknown;
    readonly NotPrincipal?: unknown;
    readonly Condition?: unknown;
}

const several = (value: string | string[] | undefined): string[] =>
    value === undefined ? [] : [value].flat();

/** The statements that allow something; a finding when the document cannot be read. */
function allowing(resource: PlannedResource, property: string): Statement[] | Finding[] {
    const document = valueAt(resource.inputs, property);
    if (document === undefined) return [];
    if (!isKnown(document)) return [unknown(property)];
    try {
        const { Statement: statements } = JSON.parse(document as string) as {
            Statement: Statement | Statement[];
        };
        return [statements].flat().filter(({ Effect }) => Effect !== "Deny");
    } catch {
        return [violation(property, "is no policy document")];
    }
}

const isFinding = (one: Statement | Finding): one is Finding => "kind" in one;

function judge(
    resource: PlannedResource,
    property: string,
    rule: (statement: Statement) => string[],
): Finding[] {
    return allowing(resource, property).flatMap((one) =>
        isFinding(one) ? [one] : rule(one).map((text) => violation(property, text)),
    );
}

/** All of everything, or all of a service's: `arn:aws:s3:::*`. */
const isAnyResource = (arn: string): boolean => arn === "*" || arn.split(":").slice(5).join(":") === "*";

/** What a role may do is spelled out, and on what. */
export const permissions = (resource: PlannedResource): Finding[] =>
    judge(resource, PERMISSIONS[resource.type] ?? "policy", (statement) => {
        const actions = several(statement.Action);
        const anything = several(statement.Resource).filter(isAnyResource);
        return [
            ...(statement.NotAction === undefined ? [] : ["allows all actions but some"]),
            ...(statement.NotResource === undefined ? [] : ["allows all resources but some"]),
            ...actions.filter((action) => /^(\w+:)?\*$/.test(action)).map((action) => `allows ${action}`),
            ...anything.flatMap((arn) =>
                actions
                    .filter((action) => action.includes("*") || !ON_NOTHING_SMALLER.has(action))
                    .map((action) => `allows ${action} on ${arn}`),
            ),
        ];
    });

/** Policies of AWS that give away a service or the account. */
export const managedPolicies = (resource: PlannedResource): Finding[] => {
    const property = resource.type === "aws:iam/role:Role" ? "managedPolicyArns" : "policyArn";
    const given = [valueAt(resource.inputs, property)].flat().filter((arn) => arn !== undefined);
    return given.flatMap((arn) => {
        if (!isKnown(arn)) return [unknown(property)];
        return typeof arn !== "string" || /^arn:[\w-]+:iam::aws:policy\//.test(arn)
            ? [violation(property, `${JSON.stringify(arn)} is wider than anything here needs`)]
            : [];
    });
};

const isAnybody = (principal: unknown): boolean =>
    typeof principal === "object" && principal !== null
        ? Object.values(principal).flat().includes("*")
        : principal === "*";

/** Who may use something is named: a service, an account or a role. */
export const admissions = (resource: PlannedResource): Finding[] =>
    judge(
        resource,
        ADMISSIONS[resource.type] ?? "policy",
        ({ Principal, NotPrincipal, Action, NotAction }) => [
            ...(isAnybody(Principal) ? ["admits anybody"] : []),
            ...(NotPrincipal === undefined ? [] : ["admits anybody but some"]),
            ...(NotAction === undefined ? [] : ["allows all actions but some"]),
            ...(several(Action).some((action) => /^(\w+:)?\*$/.test(action)) &&
            resource.type !== "aws:opensearch/domain:Domain"
                ? ["allows every action"]
                : []),
        ],
    );
