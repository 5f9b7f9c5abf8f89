import {
    CreatePolicyCommand,
    CreatePolicyVersionCommand,
    DeletePolicyVersionCommand,
    RemoveRoleFromInstanceProfileCommand,
} from "@aws-sdk/client-iam";

import { rolePolicy, type Scenario, tagged } from "../scenario";
import { given } from "../support";

let policies = 0;

export const IAM_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:iam/instanceProfile:InstanceProfile",
        inputs: async (around) => ({ role: await around.roleName(), ...tagged("profile") }),
        outputs: { path: "/" },
        update: async (around) => ({ role: await around.roleName(), ...tagged("renamed") }),
        replace: { inputs: async () => ({ path: "/lab/" }), replaces: ["path"] },
        drift: {
            inject: ({ iam }, { id, inputs }) =>
                iam.send(
                    new RemoveRoleFromInstanceProfileCommand({
                        InstanceProfileName: id,
                        RoleName: inputs.role as string,
                    }),
                ),
            shows: ["role"],
        },
    },
    {
        token: "aws:iam/policy:Policy",
        inputs: async () => ({
            description: "a policy",
            policy: rolePolicy("logs:PutLogEvents"),
            ...tagged("policy"),
        }),
        outputs: { path: "/", attachmentCount: 0 },
        update: async () => ({
            policy: rolePolicy("logs:PutLogEvents", "logs:CreateLogStream"),
            ...tagged("renamed"),
        }),
        replace: { inputs: async () => ({ description: "another" }), replaces: ["description"] },
        drift: {
            // As many versions as there may be: the next update must make room.
            inject: async ({ iam }, { id }) => {
                await iam.send(new DeletePolicyVersionCommand({ PolicyArn: id, VersionId: "v1" }));
                for (let i = 0; i < 3; i++) {
                    await iam.send(
                        new CreatePolicyVersionCommand({
                            PolicyArn: id,
                            PolicyDocument: rolePolicy("*"),
                            SetAsDefault: true,
                        }),
                    );
                }
            },
            shows: ["policy"],
        },
    },
    {
        token: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        inputs: async (around) => ({
            role: await around.roleName(),
            policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        }),
        replace: {
            inputs: async ({ iam }) => {
                const input = { PolicyName: `policy-${policies++}`, PolicyDocument: rolePolicy("*") };
                const { Policy } = await iam.send(new CreatePolicyCommand(input));
                return { policyArn: given(Policy?.Arn) };
            },
            replaces: ["policyArn"],
        },
    },
];
