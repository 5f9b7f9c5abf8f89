import type { DescribeDomainResponse, RetentionPolicy } from "@aws-sdk/client-sagemaker";
import type { DomainArgs, DomainState } from "@pulumi/aws/sagemaker/domain";

import { oneOf } from "../../server/property";
import { tagList, toApi } from "../api";
import { resource } from "../resource";
import { words } from "../text";
import { API_NAMES, fromSettings, settings } from "./settings";
import { sagemakerTags, stages, validName } from "./support";

/** The official provider's, in seconds, for a creation or change and for a deletion. */
const TIMEOUT_SECONDS = 20 * 60;

const MOST_SUBNETS = 16;

export const domain = resource<DomainArgs, DomainState, DescribeDomainResponse>("sagemaker/domain:Domain", {
    noun: "SageMaker AI Domain",
    fixed: words("appNetworkAccessType authMode domainName kmsKeyId retentionPolicy subnetIds vpcId"),
    remembered: ["retentionPolicy"],
    inputs: {
        appNetworkAccessType: {
            default: "PublicInternetOnly",
            validate: oneOf("PublicInternetOnly", "VpcOnly"),
        },
        authMode: { validate: oneOf("IAM", "SSO") },
        defaultSpaceSettings: settings("executionRole"),
        defaultUserSettings: settings("executionRole"),
        domainName: { validate: validName },
        domainSettings: settings(),
        retentionPolicy: settings(),
        subnetIds: { validate: subnetsProblem },
        tagPropagation: { default: "DISABLED", validate: oneOf("ENABLED", "DISABLED") },
    },
    only: { appSecurityGroupManagement: "" },
    names: API_NAMES,
    find: (id, { aws }) => aws.sagemaker.describeDomain({ DomainId: id }),
    outputs: ({ DefaultSpaceSettings, DefaultUserSettings, DomainArn, DomainSettings }) => ({
        arn: DomainArn,
        defaultSpaceSettings: fromSettings(DefaultSpaceSettings),
        defaultUserSettings: fromSettings(DefaultUserSettings),
        domainSettings: fromSettings(DomainSettings),
    }),
    async create(_inputs, { aws, tags }, request) {
        const { DomainArn } = await aws.sagemaker.createDomain(request({ Tags: tagList(tags) }));
        return DomainArn?.split("/").at(-1);
    },
    ...stages(TIMEOUT_SECONDS),
    async update(id, { domainSettings }, { changed, request, ready }, { aws }) {
        const forUpdate = changed.has("domainSettings") && domainSettings;
        const DomainSettingsForUpdate = forUpdate ? toApi(forUpdate, API_NAMES) : undefined;
        await aws.sagemaker.updateDomain(request({ DomainId: id, DomainSettingsForUpdate }));
        await ready();
    },
    tags: sagemakerTags,
    delete(id, { retentionPolicy }, { aws }) {
        const RetentionPolicy: RetentionPolicy | undefined = retentionPolicy && toApi(retentionPolicy);
        return aws.sagemaker.deleteDomain({ DomainId: id, RetentionPolicy });
    },
});

function subnetsProblem(value: unknown, name: string): string | undefined {
    const count = (value as unknown[]).length;
    return count >= 1 && count <= MOST_SUBNETS
        ? undefined
        : `${name}: attribute supports 1 to ${MOST_SUBNETS} items, but config has ${count} declared`;
}
