import {
    AddRoleToInstanceProfileCommand,
    CreateInstanceProfileCommand,
    DeleteInstanceProfileCommand,
    GetInstanceProfileCommand,
    IAMClient,
    RemoveRoleFromInstanceProfileCommand,
    TagInstanceProfileCommand,
    UntagInstanceProfileCommand,
} from "@aws-sdk/client-iam";
import type { InstanceProfileArgs, InstanceProfileState } from "@pulumi/aws/iam/instanceProfile";

import { retryWhile } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import { string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** How long a role that was just made may stay unknown to IAM, in seconds; the official provider's. */
const PROPAGATION_SECONDS = 120;

const iam = (context: AwsContext) => context.client(IAMClient);

export const instanceProfile = resource<InstanceProfileArgs, InstanceProfileState>({
    noun: "IAM Instance Profile",
    properties: {
        name: string({
            computed: true,
            forceNew: true,
            validate: text(128, /^[\w+=,.@-]+$/, "must match [\\w+=,.@-]"),
        }),
        path: string({
            default: "/",
            forceNew: true,
            validate: text(512, /^\/(.*\/)?$/, "must begin and end with /"),
        }),
        role: string(),
    },
    regional: false,
    autoname: { property: "name", maxLength: 128 },
    async create({ name = "", path }, context) {
        const command = new CreateInstanceProfileCommand({
            InstanceProfileName: name,
            Path: path,
            Tags: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
        });
        await iam(context).send(command);
        return name;
    },
    settle: (id, { role }, context) => putRole(id, role as string | undefined, context),
    async read(id, context) {
        const found = await describe(id, context);
        if (!found) return undefined;
        return {
            arn: found.Arn,
            createDate: found.CreateDate?.toISOString().replace(".000Z", "Z"),
            name: found.InstanceProfileName,
            namePrefix: "",
            path: found.Path,
            role: found.Roles?.[0]?.RoleName ?? "",
            tags: Object.fromEntries((found.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
            uniqueId: found.InstanceProfileId,
        };
    },
    update: (id, { role }, _change, context) => putRole(id, role as string | undefined, context),
    async tag(id, { put, remove }, context) {
        const Tags = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
        if (remove.length > 0) {
            const command = new UntagInstanceProfileCommand({ InstanceProfileName: id, TagKeys: remove });
            await iam(context).send(command);
        }
        if (Tags.length > 0)
            await iam(context).send(new TagInstanceProfileCommand({ InstanceProfileName: id, Tags }));
    },
    async delete(id, _state, context) {
        // A profile with a role in it is not deleted.
        await putRole(id, undefined, context);
        await iam(context).send(new DeleteInstanceProfileCommand({ InstanceProfileName: id }));
    },
});

async function describe(id: string, context: AwsContext) {
    const command = new GetInstanceProfileCommand({ InstanceProfileName: id });
    return (await iam(context).send(command)).InstanceProfile;
}

/** Makes a role the profile's one role; undefined: it is to have none. */
async function putRole(id: string, role: string | undefined, context: AwsContext): Promise<void> {
    const present = ((await describe(id, context))?.Roles ?? []).flatMap(({ RoleName }) => RoleName ?? []);
    for (const RoleName of present.filter((name) => name !== role)) {
        const input = { InstanceProfileName: id, RoleName };
        await iam(context).send(new RemoveRoleFromInstanceProfileCommand(input));
    }
    if (!role || present.includes(role)) return;
    const command = new AddRoleToInstanceProfileCommand({ InstanceProfileName: id, RoleName: role });
    const patience = { ...context, timeoutSeconds: context.timeoutSeconds ?? PROPAGATION_SECONDS };
    await retryWhile(isNotFound, patience, () => iam(context).send(command));
}
