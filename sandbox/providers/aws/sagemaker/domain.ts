import {
    type AppNetworkAccessType,
    type AuthMode,
    CreateDomainCommand,
    DeleteDomainCommand,
    DescribeDomainCommand,
    type DefaultSpaceSettings,
    type DomainSettings,
    type DomainSettingsForUpdate,
    type RetentionPolicy,
    type TagPropagation,
    UpdateDomainCommand,
    type UserSettings,
} from "@aws-sdk/client-sagemaker";
import type { DomainArgs, DomainState } from "@pulumi/aws/sagemaker/domain";

import { waitFor } from "../../server/clock";
import { only, oneOf, set, string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { fromApi, settings, toApi } from "./settings";
import { changeTags, gone, inService, readTags, sagemaker, tagList, validName } from "./support";

/** The official provider's, in seconds, for a creation or change and for a deletion. */
const READY_SECONDS = 20 * 60;
const GONE_SECONDS = 20 * 60;

const MOST_SUBNETS = 16;

/** What the SDK's types call these inputs, apart from what an Input is. */
type Settings = object | undefined;

export const domain = resource<DomainArgs, DomainState>({
    noun: "SageMaker AI Domain",
    properties: {
        appNetworkAccessType: string({
            default: "PublicInternetOnly",
            forceNew: true,
            validate: oneOf("PublicInternetOnly", "VpcOnly"),
        }),
        appSecurityGroupManagement: only("string", ""),
        authMode: string({ required: true, forceNew: true, validate: oneOf("IAM", "SSO") }),
        defaultSpaceSettings: settings(["executionRole"]),
        defaultUserSettings: settings(["executionRole"], { required: true }),
        domainName: string({ required: true, forceNew: true, validate: validName }),
        domainSettings: settings([]),
        kmsKeyId: string({ forceNew: true }),
        retentionPolicy: settings([], { forceNew: true }),
        subnetIds: set({
            required: true,
            forceNew: true,
            validate: (value, name) => {
                const count = (value as unknown[]).length;
                return count >= 1 && count <= MOST_SUBNETS
                    ? undefined
                    : `${name}: attribute supports 1 to ${MOST_SUBNETS} items, but config has ${count} declared`;
            },
        }),
        tagPropagation: string({ default: "DISABLED", validate: oneOf("ENABLED", "DISABLED") }),
        vpcId: string({ required: true, forceNew: true }),
    },
    async create(inputs, context) {
        const { DomainArn } = await sagemaker(context).send(
            new CreateDomainCommand({
                DomainName: inputs.domainName,
                AuthMode: inputs.authMode as AuthMode,
                AppNetworkAccessType: inputs.appNetworkAccessType as AppNetworkAccessType,
                VpcId: inputs.vpcId,
                SubnetIds: inputs.subnetIds,
                KmsKeyId: inputs.kmsKeyId,
                DefaultUserSettings: toApi<UserSettings>(inputs.defaultUserSettings as Settings)!,
                DefaultSpaceSettings: toApi<DefaultSpaceSettings>(inputs.defaultSpaceSettings as Settings),
                DomainSettings: toApi<DomainSettings>(inputs.domainSettings),
                TagPropagation: inputs.tagPropagation as TagPropagation,
                Tags: tagList(context),
            }),
        );
        return DomainArn!.split("/").at(-1)!;
    },
    async settle(id, _inputs, context) {
        await ready(id, context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        if (found.Status === "Deleting") return undefined;
        return {
            appNetworkAccessType: found.AppNetworkAccessType,
            appSecurityGroupManagement: found.AppSecurityGroupManagement ?? "",
            arn: found.DomainArn,
            authMode: found.AuthMode,
            defaultSpaceSettings: fromApi(found.DefaultSpaceSettings),
            defaultUserSettings: fromApi(found.DefaultUserSettings),
            domainName: found.DomainName,
            domainSettings: fromApi(found.DomainSettings),
            homeEfsFileSystemId: found.HomeEfsFileSystemId ?? "",
            kmsKeyId: found.KmsKeyId ?? "",
            securityGroupIdForDomainBoundary: found.SecurityGroupIdForDomainBoundary ?? "",
            singleSignOnApplicationArn: found.SingleSignOnApplicationArn ?? "",
            singleSignOnManagedApplicationInstanceId: found.SingleSignOnManagedApplicationInstanceId ?? "",
            subnetIds: found.SubnetIds,
            tagPropagation: found.TagPropagation ?? "DISABLED",
            tags: await readTags(found.DomainArn!, context),
            url: found.Url ?? "",
            vpcId: found.VpcId,
        };
    },
    async update(id, news, _change, context) {
        await sagemaker(context).send(
            new UpdateDomainCommand({
                DomainId: id,
                DefaultUserSettings: toApi<UserSettings>(news.defaultUserSettings as Settings),
                DefaultSpaceSettings: toApi<DefaultSpaceSettings>(news.defaultSpaceSettings as Settings),
                DomainSettingsForUpdate: toApi<DomainSettingsForUpdate>(news.domainSettings),
                TagPropagation: news.tagPropagation as TagPropagation,
            }),
        );
        await ready(id, context);
    },
    async tag(_id, change, context, { arn }) {
        await changeTags(arn!, change, context);
    },
    async delete(id, { retentionPolicy }, context) {
        const RetentionPolicy = toApi<RetentionPolicy>(retentionPolicy);
        await sagemaker(context).send(new DeleteDomainCommand({ DomainId: id, RetentionPolicy }));
        await waitFor(
            `SageMaker AI Domain (${id}) to be deleted`,
            { ...context, timeoutSeconds: context.timeoutSeconds ?? GONE_SECONDS },
            () => gone(() => describe(id, context)),
        );
    },
});

const describe = (DomainId: string, context: AwsContext) =>
    sagemaker(context).send(new DescribeDomainCommand({ DomainId }));

async function ready(id: string, context: AwsContext): Promise<void> {
    await waitFor(
        `SageMaker AI Domain (${id}) to become InService`,
        { ...context, timeoutSeconds: context.timeoutSeconds ?? READY_SECONDS },
        async () => inService(await describe(id, context)),
    );
}
