import {
    CreateUserProfileCommand,
    DeleteUserProfileCommand,
    DescribeUserProfileCommand,
    UpdateUserProfileCommand,
    type UserSettings,
} from "@aws-sdk/client-sagemaker";
import type { UserProfileArgs, UserProfileState } from "@pulumi/aws/sagemaker/userProfile";

import { waitFor } from "../../server/clock";
import { string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { fromApi, settings, toApi } from "./settings";
import { changeTags, gone, inService, readTags, sagemaker, tagList, validName } from "./support";

/** The official provider's, in seconds. */
const READY_SECONDS = 10 * 60;
const GONE_SECONDS = 10 * 60;

export const userProfile = resource<UserProfileArgs, UserProfileState>({
    noun: "SageMaker AI User Profile",
    properties: {
        domainId: string({ required: true, forceNew: true }),
        singleSignOnUserIdentifier: string({ forceNew: true }),
        singleSignOnUserValue: string({ forceNew: true }),
        userProfileName: string({ required: true, forceNew: true, validate: validName }),
        userSettings: settings(["executionRole"]),
    },
    async create(inputs, context) {
        const { UserProfileArn } = await sagemaker(context).send(
            new CreateUserProfileCommand({
                DomainId: inputs.domainId,
                UserProfileName: inputs.userProfileName,
                SingleSignOnUserIdentifier: inputs.singleSignOnUserIdentifier,
                SingleSignOnUserValue: inputs.singleSignOnUserValue,
                UserSettings: toApi<UserSettings>(inputs.userSettings as object | undefined),
                Tags: tagList(context),
            }),
        );
        return UserProfileArn!;
    },
    async settle(id, _inputs, context) {
        await ready(id, context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (found.Status === "Deleting") return undefined;
        return {
            arn: found.UserProfileArn,
            domainId: found.DomainId,
            homeEfsFileSystemUid: found.HomeEfsFileSystemUid ?? "",
            singleSignOnUserIdentifier: found.SingleSignOnUserIdentifier ?? "",
            singleSignOnUserValue: found.SingleSignOnUserValue ?? "",
            tags: await readTags(found.UserProfileArn!, context),
            userProfileName: found.UserProfileName,
            userSettings: fromApi(found.UserSettings),
        };
    },
    async update(id, { userSettings }, _change, context) {
        const UserSettings = toApi<UserSettings>(userSettings);
        await sagemaker(context).send(new UpdateUserProfileCommand({ ...key(id), UserSettings }));
        await ready(id, context);
    },
    tag: (id, change, context) => changeTags(id, change, context),
    async delete(id, _state, context) {
        await sagemaker(context).send(new DeleteUserProfileCommand(key(id)));
        await waitFor(
            `SageMaker AI User Profile (${id}) to be deleted`,
            { ...context, timeoutSeconds: context.timeoutSeconds ?? GONE_SECONDS },
            () => gone(() => describe(id, context)),
        );
    },
});

/** A profile's id is its ARN, which ends with its domain and its name. */
function key(arn: string): { DomainId: string; UserProfileName: string } {
    const [, DomainId, UserProfileName] = arn.split(":").at(-1)!.split("/");
    if (!DomainId || !UserProfileName)
        throw new Error(`unexpected format for ID (${arn}), expected the ARN of a user profile`);
    return { DomainId, UserProfileName };
}

const describe = (id: string, context: AwsContext) =>
    sagemaker(context).send(new DescribeUserProfileCommand(key(id)));

async function ready(id: string, context: AwsContext): Promise<void> {
    await waitFor(
        `SageMaker AI User Profile (${id}) to become InService`,
        { ...context, timeoutSeconds: context.timeoutSeconds ?? READY_SECONDS },
        async () => inService(await describe(id, context)),
    );
}
