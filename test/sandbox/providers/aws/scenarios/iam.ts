import { RemoveRoleFromInstanceProfileCommand } from "@aws-sdk/client-iam";

import { type Scenario, tagged } from "../scenario";

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
];
