import { DescribeDomainConfigCommand, ListTagsCommand } from "@aws-sdk/client-opensearch";
import type { GetDomainArgs, GetDomainResult } from "@pulumi/aws/opensearch/getDomain";

import { fn } from "../resource";
import { describe, opensearch } from "./domain";
import { stateOf } from "./domain-options";

/** A domain by its name. Blocks are lists here, as the SDK has them for functions. */
export const getDomain = fn<GetDomainArgs, GetDomainResult>({
    args: ["domainName", "tags"],
    async invoke({ domainName, tags: wanted }, context) {
        const found = await describe(domainName, context);
        if (!found) throw new Error(`no OpenSearch Domain found with the name ${domainName}`);
        const client = opensearch(context);
        const [config, tags] = await Promise.all([
            client.send(new DescribeDomainConfigCommand({ DomainName: domainName })),
            client.send(new ListTagsCommand({ ARN: found.ARN })),
        ]);
        const actual = Object.fromEntries(
            (tags.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]),
        );
        if (Object.entries(wanted ?? {}).some(([key, value]) => actual[key] !== value))
            throw new Error(`the OpenSearch Domain ${domainName} has other tags`);
        const state = stateOf(found, config.DomainConfig, { advancedOptions: found.AdvancedOptions });
        const { clusterConfig: cluster, offPeakWindowOptions: window } = state;
        return {
            accessPolicies: state.accessPolicies,
            advancedOptions: state.advancedOptions,
            advancedSecurityOptions: [{ ...state.advancedSecurityOptions, jwtOptions: [] }],
            arn: state.arn,
            autoTuneOptions: [state.autoTuneOptions],
            clusterConfigs: [
                {
                    ...cluster,
                    coldStorageOptions: [cluster?.coldStorageOptions],
                    nodeOptions: [],
                    warmCount: 0,
                    warmType: "",
                    zoneAwarenessConfigs: cluster?.zoneAwarenessConfig ? [cluster.zoneAwarenessConfig] : [],
                },
            ],
            cognitoOptions: [{ enabled: false, identityPoolId: "", roleArn: "", userPoolId: "" }],
            created: found.Created ?? false,
            dashboardEndpoint: state.dashboardEndpoint,
            dashboardEndpointV2: state.dashboardEndpointV2,
            deleted: found.Deleted ?? false,
            deploymentStrategyOptions: [],
            domainEndpointV2HostedZoneId: state.domainEndpointV2HostedZoneId,
            domainId: state.domainId,
            domainName,
            ebsOptions: [state.ebsOptions],
            encryptionAtRests: [state.encryptAtRest],
            endpoint: state.endpoint,
            endpointV2: state.endpointV2,
            engineVersion: state.engineVersion,
            id: state.arn,
            identityCenterOptions: [],
            ipAddressType: state.ipAddressType,
            logPublishingOptions: state.logPublishingOptions,
            nodeToNodeEncryptions: [state.nodeToNodeEncryption],
            offPeakWindowOptions: {
                enabled: window?.enabled ?? false,
                offPeakWindows: [{ windowStartTimes: [window?.offPeakWindow?.windowStartTime] }],
            },
            processing: found.Processing ?? false,
            region: context.region,
            snapshotOptions: [state.snapshotOptions],
            softwareUpdateOptions: [state.softwareUpdateOptions],
            tags: actual,
            vpcOptions: state.vpcOptions ? [state.vpcOptions] : [],
        };
    },
});
