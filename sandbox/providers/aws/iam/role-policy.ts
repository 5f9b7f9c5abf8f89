import {
    DeleteRolePolicyCommand,
    GetRolePolicyCommand,
    IAMClient,
    PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import type { RolePolicyArgs, RolePolicyState } from "@pulumi/aws/iam/rolePolicy";

import { json, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

export const rolePolicy = resource<RolePolicyArgs, RolePolicyState>({
    noun: "IAM Role Policy",
    properties: {
        name: string({
            computed: true,
            forceNew: true,
            validate: text(128, /^[\w+=,.@-]+$/, "must match [\\w+=,.@-]"),
        }),
        policy: json({ required: true, validate: text(10240) }),
        role: string({ required: true, forceNew: true }),
    },
    regional: false,
    autoname: { property: "name", maxLength: 128 },
    async create(inputs, context) {
        const { role, name = "" } = inputs as { role: string; name?: string };
        await put(role, name, inputs.policy as string, context);
        return `${role}:${name}`;
    },
    async read(id, context) {
        const { role, name } = parseId(id);
        const command = new GetRolePolicyCommand({ RoleName: role, PolicyName: name });
        const found = await context.client(IAMClient).send(command);
        return { name, namePrefix: "", policy: decodeURIComponent(found.PolicyDocument ?? ""), role };
    },
    async update(id, { policy }, _change, context) {
        const { role, name } = parseId(id);
        await put(role, name, policy as string, context);
    },
    async delete(id, _state, context) {
        const { role, name } = parseId(id);
        await context
            .client(IAMClient)
            .send(new DeleteRolePolicyCommand({ RoleName: role, PolicyName: name }));
    },
});

/** Takes `<role name>:<policy name>` apart. */
function parseId(id: string): { role: string; name: string } {
    const colon = id.indexOf(":");
    if (colon < 1) throw new Error(`unexpected format for ID (${id}), expected ROLENAME:POLICYNAME`);
    return { role: id.slice(0, colon), name: id.slice(colon + 1) };
}

async function put(
    RoleName: string,
    PolicyName: string,
    PolicyDocument: string,
    context: AwsContext,
): Promise<void> {
    await context.client(IAMClient).send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
}
