import type { DescribeUserProfileResponse } from "@aws-sdk/client-sagemaker";
import type { UserProfileArgs, UserProfileState } from "@pulumi/aws/sagemaker/userProfile";

import { tagList } from "../api";
import { resource } from "../resource";
import { idParts, words } from "../text";
import { API_NAMES, fromSettings, settings } from "./settings";
import { sagemakerTags, stages, validName } from "./support";

/** The official provider's, in seconds. */
const TIMEOUT_SECONDS = 10 * 60;

/** A profile's id is its ARN, which ends with its domain and its name. */
const key = idParts(
    /^.*:[^/:]*\/([^/]+)\/([^/]+)/,
    "the ARN of a user profile",
    "DomainId",
    "UserProfileName",
);

export const userProfile = resource<UserProfileArgs, UserProfileState, DescribeUserProfileResponse>(
    "sagemaker/userProfile:UserProfile",
    {
        noun: "SageMaker AI User Profile",
        fixed: words("domainId singleSignOnUserIdentifier singleSignOnUserValue userProfileName"),
        inputs: { userProfileName: { validate: validName }, userSettings: settings("executionRole") },
        names: API_NAMES,
        find: (id, { aws }) => aws.sagemaker.describeUserProfile(key(id)),
        outputs: ({ UserProfileArn, UserSettings }) => ({
            arn: UserProfileArn,
            userSettings: fromSettings(UserSettings),
        }),
        async create(_inputs, { aws, tags }, request) {
            return (await aws.sagemaker.createUserProfile(request({ Tags: tagList(tags) }))).UserProfileArn;
        },
        ...stages(TIMEOUT_SECONDS),
        async update(id, _news, { request, ready }, { aws }) {
            await aws.sagemaker.updateUserProfile(request(key(id)));
            await ready();
        },
        tags: sagemakerTags,
        delete: (id, _state, { aws }) => aws.sagemaker.deleteUserProfile(key(id)),
    },
);
