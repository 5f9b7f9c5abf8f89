import {
    CreateKeyCommand,
    DescribeKeyCommand,
    DisableKeyCommand,
    DisableKeyRotationCommand,
    EnableKeyCommand,
    EnableKeyRotationCommand,
    GetKeyPolicyCommand,
    GetKeyRotationStatusCommand,
    KMSClient,
    ListResourceTagsCommand,
    PutKeyPolicyCommand,
    ScheduleKeyDeletionCommand,
    TagResourceCommand,
    UntagResourceCommand,
    UpdateKeyDescriptionCommand,
    type KeySpec,
    type KeyUsageType,
} from "@aws-sdk/client-kms";
import type { KeyArgs, KeyState } from "@pulumi/aws/kms/key";

import { retryWhile } from "../../server/clock";
import { errorCode } from "../../server/errors";
import { between, boolean, integer, json, oneOf, string, text } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";

/** How long a principal of a key policy may take until KMS knows it, in seconds; the official provider's. */
const IAM_PROPAGATION_SECONDS = 120;
const POLICY_NAME = "default";

const kms = (context: AwsContext) => context.client(KMSClient);

export const key = resource<KeyArgs, KeyState>({
    noun: "KMS Key",
    properties: {
        bypassPolicyLockoutSafetyCheck: boolean({ default: false }),
        customerMasterKeySpec: string({
            default: "SYMMETRIC_DEFAULT",
            forceNew: true,
            validate: oneOf("SYMMETRIC_DEFAULT"),
        }),
        deletionWindowInDays: integer({ validate: between(7, 30) }),
        description: string({ computed: true, validate: text(8192) }),
        enableKeyRotation: boolean({ default: false }),
        isEnabled: boolean({ default: true }),
        keyUsage: string({ default: "ENCRYPT_DECRYPT", forceNew: true, validate: oneOf("ENCRYPT_DECRYPT") }),
        multiRegion: boolean({ computed: true, forceNew: true }),
        policy: json({ computed: true }),
        rotationPeriodInDays: integer({ computed: true, validate: between(90, 2560) }),
    },
    recomputed: { enableKeyRotation: ["rotationPeriodInDays"] },
    check: ({ rotationPeriodInDays, enableKeyRotation }) =>
        rotationPeriodInDays !== undefined && enableKeyRotation === false
            ? ['"rotationPeriodInDays": enableKeyRotation must be true']
            : [],
    async create(inputs, context) {
        const command = new CreateKeyCommand({
            BypassPolicyLockoutSafetyCheck: inputs.bypassPolicyLockoutSafetyCheck,
            Description: inputs.description,
            KeySpec: inputs.customerMasterKeySpec as KeySpec,
            KeyUsage: inputs.keyUsage as KeyUsageType,
            MultiRegion: inputs.multiRegion,
            Policy: inputs.policy,
            Tags: Object.entries(context.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        });
        const principalUnknownYet = (error: unknown) =>
            errorCode(error).startsWith("MalformedPolicyDocument");
        const patience = { ...context, timeoutSeconds: IAM_PROPAGATION_SECONDS };
        const { KeyMetadata } = await retryWhile(principalUnknownYet, patience, () =>
            kms(context).send(command),
        );
        return KeyMetadata!.KeyId!;
    },
    async settle(id, inputs, context) {
        if (inputs.enableKeyRotation) await setRotation(id, true, inputs.rotationPeriodInDays, context);
        if (inputs.isEnabled === false) await kms(context).send(new DisableKeyCommand({ KeyId: id }));
    },
    async read(id, context) {
        const client = kms(context);
        const { KeyMetadata: found } = await client.send(new DescribeKeyCommand({ KeyId: id }));
        // A key that waits for its deletion counts as deleted; only its material is still there.
        if (!found || found.KeyState === "PendingDeletion" || found.KeyState === "PendingReplicaDeletion")
            return undefined;
        const [policy, rotation, tags] = await Promise.all([
            client.send(new GetKeyPolicyCommand({ KeyId: id, PolicyName: POLICY_NAME })),
            client.send(new GetKeyRotationStatusCommand({ KeyId: id })),
            client.send(new ListResourceTagsCommand({ KeyId: id })),
        ]);
        return {
            arn: found.Arn,
            customKeyStoreId: found.CustomKeyStoreId ?? "",
            customerMasterKeySpec: found.KeySpec ?? found.CustomerMasterKeySpec,
            description: found.Description ?? "",
            enableKeyRotation: rotation.KeyRotationEnabled ?? false,
            isEnabled: found.Enabled ?? true,
            keyId: found.KeyId,
            keyUsage: found.KeyUsage,
            multiRegion: found.MultiRegion ?? false,
            policy: policy.Policy,
            rotationPeriodInDays: rotation.RotationPeriodInDays ?? (rotation.KeyRotationEnabled ? 365 : 0),
            tags: Object.fromEntries(
                (tags.Tags ?? []).map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]),
            ),
            xksKeyId: found.XksKeyConfiguration?.Id ?? "",
        };
    },
    async update(id, news, { changed }, context) {
        const client = kms(context);
        // A disabled key takes no changes: enable before them, disable after them.
        if (changed.has("isEnabled") && news.isEnabled)
            await client.send(new EnableKeyCommand({ KeyId: id }));
        if (
            changed.has("enableKeyRotation") ||
            (news.enableKeyRotation && changed.has("rotationPeriodInDays"))
        ) {
            await setRotation(id, news.enableKeyRotation ?? false, news.rotationPeriodInDays, context);
        }
        if (changed.has("description")) {
            await client.send(
                new UpdateKeyDescriptionCommand({ KeyId: id, Description: news.description ?? "" }),
            );
        }
        if (changed.has("policy") && news.policy !== undefined) {
            await client.send(
                new PutKeyPolicyCommand({
                    KeyId: id,
                    PolicyName: POLICY_NAME,
                    Policy: news.policy,
                    BypassPolicyLockoutSafetyCheck: news.bypassPolicyLockoutSafetyCheck,
                }),
            );
        }
        if (changed.has("isEnabled") && !news.isEnabled)
            await client.send(new DisableKeyCommand({ KeyId: id }));
    },
    async tag(id, { put, remove }, context) {
        const tags = Object.entries(put).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
        if (remove.length > 0)
            await kms(context).send(new UntagResourceCommand({ KeyId: id, TagKeys: remove }));
        if (tags.length > 0) await kms(context).send(new TagResourceCommand({ KeyId: id, Tags: tags }));
    },
    async delete(id, { deletionWindowInDays }, context) {
        try {
            const command = new ScheduleKeyDeletionCommand({
                KeyId: id,
                PendingWindowInDays: deletionWindowInDays,
            });
            await kms(context).send(command);
        } catch (error) {
            const isPending =
                errorCode(error).startsWith("KMSInvalidState") && /pending deletion/.test(String(error));
            if (!isPending) throw error;
        }
    },
});

async function setRotation(
    id: string,
    enabled: boolean,
    days: number | undefined,
    context: AwsContext,
): Promise<void> {
    if (enabled)
        await kms(context).send(new EnableKeyRotationCommand({ KeyId: id, RotationPeriodInDays: days }));
    else await kms(context).send(new DisableKeyRotationCommand({ KeyId: id }));
}
