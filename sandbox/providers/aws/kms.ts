import type { AliasListEntry, KeyMetadata } from "@aws-sdk/client-kms";
import type { AliasArgs, AliasState } from "@pulumi/aws/kms/alias";
import type { KeyArgs, KeyState } from "@pulumi/aws/kms/key";

import { between, oneOf, text } from "../server/property";
import { tagList } from "./api";
import type { AwsContext } from "./context";
import { isError, propagated } from "./propagation";
import { resource } from "./resource";
import { when } from "./rules";

const PolicyName = "default";

/** Tags as KMS names their parts. */
const keyTags = (tags: readonly { Key: string; Value: string }[]) =>
    tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));

export const key = resource<KeyArgs, KeyState, KeyMetadata>("kms/key:Key", {
    noun: "KMS Key",
    fixed: ["multiRegion"],
    plain: ["policy"],
    remembered: ["bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"],
    inputs: {
        bypassPolicyLockoutSafetyCheck: { default: false },
        customerMasterKeySpec: {
            default: "SYMMETRIC_DEFAULT",
            forceNew: true,
            validate: oneOf("SYMMETRIC_DEFAULT"),
        },
        deletionWindowInDays: { validate: between(7, 30) },
        description: { validate: text(8192) },
        enableKeyRotation: { default: false },
        isEnabled: { default: true },
        keyUsage: { default: "ENCRYPT_DECRYPT", forceNew: true, validate: oneOf("ENCRYPT_DECRYPT") },
        policy: { kind: "json" },
        rotationPeriodInDays: { validate: between(90, 2560) },
    },
    recomputed: { enableKeyRotation: ["rotationPeriodInDays"] },
    rules: [
        ({ rotationPeriodInDays, enableKeyRotation }) =>
            when(
                rotationPeriodInDays !== undefined && enableKeyRotation === false,
                '"rotationPeriodInDays": enableKeyRotation must be true',
            ),
    ],
    names: {
        customerMasterKeySpec: "KeySpec",
        enableKeyRotation: "KeyRotationEnabled",
        isEnabled: "Enabled",
        xksKeyId: "XksKeyConfiguration.Id",
    },
    find: async (id, { aws }) => (await aws.kms.describeKey({ KeyId: id })).KeyMetadata,
    // A key that waits for its deletion counts as deleted; only its material is still there.
    isGone: ({ KeyState }) => KeyState === "PendingDeletion" || KeyState === "PendingReplicaDeletion",
    async more(_found, KeyId, { aws }) {
        const rotation = await aws.kms.getKeyRotationStatus({ KeyId });
        // A year is not told.
        const RotationPeriodInDays = rotation.RotationPeriodInDays ?? (rotation.KeyRotationEnabled ? 365 : 0);
        return { ...(await aws.kms.getKeyPolicy({ KeyId, PolicyName })), ...rotation, RotationPeriodInDays };
    },
    async create({ bypassPolicyLockoutSafetyCheck }, context, request) {
        const more = {
            BypassPolicyLockoutSafetyCheck: bypassPolicyLockoutSafetyCheck,
            Tags: keyTags(tagList(context.tags)),
        };
        const { KeyMetadata } = await propagated(context, isError("MalformedPolicyDocument"), () =>
            context.aws.kms.createKey(request(more)),
        );
        return KeyMetadata?.KeyId;
    },
    async settle(id, { enableKeyRotation, isEnabled, rotationPeriodInDays }, context) {
        if (enableKeyRotation) await setRotation(id, true, rotationPeriodInDays, context);
        if (isEnabled === false) await context.aws.kms.disableKey({ KeyId: id });
    },
    async update(KeyId, news, { changed }, context) {
        const { kms } = context.aws;
        const { description = "", enableKeyRotation = false, isEnabled, policy, rotationPeriodInDays } = news;
        // A disabled key takes no changes: enable before them, disable after them.
        if (changed.has("isEnabled") && isEnabled) await kms.enableKey({ KeyId });
        if (changed.has("enableKeyRotation") || (enableKeyRotation && changed.has("rotationPeriodInDays")))
            await setRotation(KeyId, enableKeyRotation, rotationPeriodInDays, context);
        if (changed.has("description")) await kms.updateKeyDescription({ KeyId, Description: description });
        if (changed.has("policy") && policy !== undefined) {
            const BypassPolicyLockoutSafetyCheck = news.bypassPolicyLockoutSafetyCheck;
            await kms.putKeyPolicy({ KeyId, PolicyName, Policy: policy, BypassPolicyLockoutSafetyCheck });
        }
        if (changed.has("isEnabled") && !isEnabled) await kms.disableKey({ KeyId });
    },
    tags: {
        read: async ({ id }, { aws }) => (await aws.kms.listResourceTags({ KeyId: id })).Tags,
        put: ({ id }, tags, { aws }) => aws.kms.tagResource({ KeyId: id, Tags: keyTags(tags) }),
        remove: ({ id }, TagKeys, { aws }) => aws.kms.untagResource({ KeyId: id, TagKeys }),
    },
    async delete(id, { deletionWindowInDays }, { aws }) {
        try {
            await aws.kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: deletionWindowInDays });
        } catch (error) {
            if (!isError("KMSInvalidState", /pending deletion/)(error)) throw error;
        }
    },
});

async function setRotation(
    KeyId: string,
    enabled: boolean,
    RotationPeriodInDays: number | undefined,
    { aws }: AwsContext,
): Promise<void> {
    if (enabled) await aws.kms.enableKeyRotation({ KeyId, RotationPeriodInDays });
    else await aws.kms.disableKeyRotation({ KeyId });
}

export const alias = resource<AliasArgs, AliasState, AliasListEntry>("kms/alias:Alias", {
    noun: "KMS Alias",
    fixed: ["name"],
    inputs: {
        name: {
            validate: text(
                256,
                /^alias\/[A-Za-z0-9/_-]+$/,
                "must begin with 'alias/' and be comprised of [A-Za-z0-9/_-]",
            ),
        },
        targetKeyId: { same: (a, b) => keyId(a) === keyId(b) },
    },
    // KMS takes 256 characters; the official provider leaves room for the prefix and more.
    autoname: { property: "name", maxLength: 238, prefix: "alias/" },
    recomputed: { targetKeyId: ["targetKeyArn"] },
    names: { arn: "AliasArn", name: "AliasName" },
    async find(id, { aws }) {
        for await (const { Aliases = [] } of aws.kms.paginateListAliases({})) {
            const found = Aliases.find(({ AliasName }) => AliasName === id);
            if (found) return found;
        }
        return undefined;
    },
    outputs: ({ AliasArn = "", TargetKeyId }) => ({
        targetKeyArn: AliasArn.replace(/:alias\/.*$/, `:key/${TargetKeyId}`),
    }),
    async create({ name }, { aws }, request) {
        await aws.kms.createAlias(request());
        return name;
    },
    update: (id, { targetKeyId }, _change, { aws }) =>
        aws.kms.updateAlias({ AliasName: id, TargetKeyId: targetKeyId }),
    delete: (id, _state, { aws }) => aws.kms.deleteAlias({ AliasName: id }),
});

/** A key is given by its id or by its ARN, which ends in it. */
const keyId = (given: unknown): string => String(given).replace(/^arn:.*:key\//, "");
