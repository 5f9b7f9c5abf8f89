import {
    CreateAliasCommand,
    DeleteAliasCommand,
    KMSClient,
    paginateListAliases,
    UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import type { AliasArgs, AliasState } from "@pulumi/aws/kms/alias";

import { string, text } from "../../server/property";
import { resource } from "../resource";

const NAME_PATTERN = /^alias\/[A-Za-z0-9/_-]+$/;

export const alias = resource<AliasArgs, AliasState>({
    noun: "KMS Alias",
    properties: {
        name: string({
            computed: true,
            forceNew: true,
            validate: text(256, NAME_PATTERN, "must begin with 'alias/' and be comprised of [A-Za-z0-9/_-]"),
        }),
        targetKeyId: string({ required: true, same: sameKey }),
    },
    // KMS takes 256 characters; the official provider leaves room for the prefix and more.
    autoname: { property: "name", maxLength: 238, prefix: "alias/" },
    recomputed: { targetKeyId: ["targetKeyArn"] },
    async create({ name = "", targetKeyId }, context) {
        const command = new CreateAliasCommand({ AliasName: name, TargetKeyId: targetKeyId });
        await context.client(KMSClient).send(command);
        return name;
    },
    async read(id, context) {
        for await (const page of paginateListAliases({ client: context.client(KMSClient) }, {})) {
            const found = page.Aliases?.find(({ AliasName }) => AliasName === id);
            if (!found) continue;
            const arn = found.AliasArn ?? "";
            return {
                arn,
                name: found.AliasName,
                namePrefix: "",
                targetKeyArn: arn.replace(/:alias\/.*$/, `:key/${found.TargetKeyId}`),
                targetKeyId: found.TargetKeyId,
            };
        }
        return undefined;
    },
    async update(id, { targetKeyId }, _change, context) {
        await context
            .client(KMSClient)
            .send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: targetKeyId }));
    },
    async delete(id, _state, context) {
        await context.client(KMSClient).send(new DeleteAliasCommand({ AliasName: id }));
    },
});

/** A key may be told by its id or by its ARN, which ends in it. */
function sameKey(a: unknown, b: unknown): boolean {
    const id = (key: unknown) => String(key).replace(/^arn:.*:key\//, "");
    return id(a) === id(b);
}
