import {
    AddTagsCommand,
    CreateDomainCommand,
    DeleteDomainCommand,
    DescribeDomainCommand,
    DescribeDomainConfigCommand,
    ListTagsCommand,
    OpenSearchClient,
    RemoveTagsCommand,
    UpdateDomainConfigCommand,
    UpgradeDomainCommand,
    type DomainStatus,
} from "@aws-sdk/client-opensearch";
import type { DomainArgs, DomainState } from "@pulumi/aws/opensearch/domain";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import { errorCode, isNotFound } from "../../server/errors";
import { arn, boolean, integer, json, map, objectOf, oneOf, set, string, text } from "../../server/property";
import { sameMembers } from "../../server/values";
import { regionalArn, type AwsContext } from "../context";
import { resource } from "../resource";
import {
    autoTuneInput,
    autoTuneOptions,
    logOptions,
    OPTION_INPUTS,
    optionsOf,
    stateOf,
} from "./domain-options";

/** The official provider's patience, in seconds. */
const CREATE_TIMEOUT_SECONDS = 3600;
const UPDATE_TIMEOUT_SECONDS = 10_800;
const DELETE_TIMEOUT_SECONDS = 5400;
/** How long what was just made elsewhere (roles, policies) may be unknown to the service; the official provider's. */
const PROPAGATION_SECONDS = 120;

export const opensearch = (context: AwsContext) => context.client(OpenSearchClient);

/** Domains in a VPC or with a public endpoint; entered by IAM alone, without warm and cold storage. */
export const domain = resource<DomainArgs, DomainState>({
    noun: "OpenSearch Domain",
    properties: {
        accessPolicies: json({ computed: true }),
        advancedOptions: map({ computed: true }),
        advancedSecurityOptions: objectOf(
            {
                enabled: boolean({ required: true }),
                internalUserDatabaseEnabled: boolean({ validate: onlyFalse }),
                masterUserOptions: objectOf({ masterUserArn: string({ validate: arn }) }),
            },
            { computed: true, outputs: ["anonymousAuthEnabled"] },
        ),
        autoTuneOptions: objectOf(
            {
                desiredState: string({ required: true, validate: oneOf("ENABLED", "DISABLED") }),
                rollbackOnDisable: string({ computed: true, validate: oneOf("NO_ROLLBACK") }),
                useOffPeakWindow: boolean(),
            },
            { computed: true, outputs: ["maintenanceSchedules"] },
        ),
        clusterConfig: objectOf(
            {
                dedicatedMasterCount: integer(),
                dedicatedMasterEnabled: boolean(),
                dedicatedMasterType: string(),
                instanceCount: integer({ computed: true }),
                instanceType: string({ computed: true }),
                multiAzWithStandbyEnabled: boolean(),
                zoneAwarenessConfig: objectOf(
                    { availabilityZoneCount: integer({ computed: true, validate: oneOf(2, 3) }) },
                    { computed: true },
                ),
                zoneAwarenessEnabled: boolean(),
            },
            { computed: true, outputs: ["coldStorageOptions", "warmEnabled"] },
        ),
        domainEndpointOptions: objectOf(
            {
                enforceHttps: boolean({ computed: true }),
                tlsSecurityPolicy: string({
                    computed: true,
                    validate: oneOf(
                        "Policy-Min-TLS-1-0-2019-07",
                        "Policy-Min-TLS-1-2-2019-07",
                        "Policy-Min-TLS-1-2-PFS-2023-10",
                        "Policy-Min-TLS-1-2-RFC9151-FIPS-2024-08",
                    ),
                }),
            },
            { computed: true, outputs: ["customEndpointEnabled"] },
        ),
        domainName: string({
            computed: true,
            forceNew: true,
            validate: text(
                28,
                /^[a-z][0-9a-z-]{2,}$/,
                "3 to 28 lower-case letters, digits and hyphens, the first a letter",
            ),
        }),
        ebsOptions: objectOf(
            {
                ebsEnabled: boolean({ required: true }),
                iops: integer({ computed: true }),
                throughput: integer({ computed: true }),
                volumeSize: integer(),
                volumeType: string({ computed: true, validate: oneOf("gp2", "gp3", "io1", "standard") }),
            },
            { computed: true },
        ),
        encryptAtRest: objectOf(
            {
                enabled: boolean({ required: true }),
                kmsKeyId: string({ computed: true, forceNew: true }),
            },
            { computed: true },
        ),
        engineVersion: string({
            computed: true,
            validate: text(
                18,
                /^(OpenSearch|Elasticsearch)_\d+\.\d+$/,
                "must be OpenSearch_X.Y or Elasticsearch_X.Y",
            ),
        }),
        ipAddressType: string({ computed: true, validate: oneOf("ipv4") }),
        logPublishingOptions: set({ same: sameLogs }),
        nodeToNodeEncryption: objectOf({ enabled: boolean({ required: true }) }, { computed: true }),
        offPeakWindowOptions: objectOf(
            {
                enabled: boolean({ computed: true }),
                offPeakWindow: objectOf(
                    {
                        windowStartTime: objectOf(
                            { hours: integer({ computed: true }), minutes: integer({ computed: true }) },
                            { computed: true },
                        ),
                    },
                    { computed: true },
                ),
            },
            { computed: true },
        ),
        snapshotOptions: objectOf(
            { automatedSnapshotStartHour: integer({ required: true }) },
            { computed: true },
        ),
        softwareUpdateOptions: objectOf(
            { autoSoftwareUpdateEnabled: boolean({ computed: true }) },
            { computed: true },
        ),
        vpcOptions: objectOf(
            { securityGroupIds: set({ computed: true }), subnetIds: set() },
            { outputs: ["availabilityZones", "vpcId"] },
        ),
    },
    autoname: { property: "domainName", maxLength: 28 },
    check: ({ logPublishingOptions = [] }) =>
        logPublishingOptions.flatMap(({ logType, cloudwatchLogGroupArn }) => {
            const types = oneOf("AUDIT_LOGS", "ES_APPLICATION_LOGS", "INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS");
            const problem = types(logType, "logType") ?? arn(cloudwatchLogGroupArn, "cloudwatchLogGroupArn");
            return problem ? [`logPublishingOptions: ${problem}`] : [];
        }),
    // What cannot be switched off again, and where it lives.
    replaces(_changed, olds, news) {
        const off = (["advancedSecurityOptions", "encryptAtRest", "nodeToNodeEncryption"] as const).filter(
            (name) => olds[name]?.enabled === true && news[name]?.enabled === false,
        );
        const moved = (olds.vpcOptions === undefined) !== (news.vpcOptions === undefined);
        return [...off, ...(moved ? (["vpcOptions"] as const) : [])];
    },
    import: async (domainName, context) => ({
        id: regionalArn(context, "es", await context.accountId(), `domain/${domainName}`),
        known: { domainName },
    }),
    async create(inputs, context) {
        const name = inputs.domainName ?? "";
        // The API would change a domain that is there already.
        if (await describe(name, context)) throw new Error(`domain ${name} already exists`);
        const command = new CreateDomainCommand({
            DomainName: name,
            EngineVersion: inputs.engineVersion,
            ...optionsOf(inputs),
            AutoTuneOptions: autoTuneInput(inputs),
            TagList: Object.entries(context.tags).map(([Key, Value]) => ({ Key, Value })),
        });
        const { DomainStatus } = await retryWhile(
            passesSoon,
            { ...context, timeoutSeconds: PROPAGATION_SECONDS },
            () => opensearch(context).send(command),
        );
        return DomainStatus!.ARN!;
    },
    settle: (id, _inputs, context) => untilReady(id, "created", CREATE_TIMEOUT_SECONDS, context),
    async read(id, context, known) {
        const found = await describe(nameOf(id), context);
        if (!found || found.Deleted) return undefined;
        const client = opensearch(context);
        const [config, tags] = await Promise.all([
            client.send(new DescribeDomainConfigCommand({ DomainName: nameOf(id) })),
            client.send(new ListTagsCommand({ ARN: id })),
        ]);
        return {
            ...stateOf(found, config.DomainConfig, known),
            tags: Object.fromEntries((tags.TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
        };
    },
    async update(id, news, { olds, changed }, context) {
        const client = opensearch(context);
        const DomainName = nameOf(id);
        const options = optionsOf(news);
        const wanted = Object.entries(OPTION_INPUTS).filter(([, input]) => changed.has(input));
        const logs = changed.has("logPublishingOptions");
        if (wanted.length > 0 || changed.has("autoTuneOptions")) {
            await client.send(
                new UpdateDomainConfigCommand({
                    DomainName,
                    ...Object.fromEntries(
                        wanted.map(([name]) => [name, options[name as keyof typeof options]]),
                    ),
                    ...(changed.has("autoTuneOptions") && { AutoTuneOptions: autoTuneOptions(news) }),
                    ...(logs && {
                        LogPublishingOptions: logOptions(
                            news.logPublishingOptions ?? [],
                            olds.logPublishingOptions,
                        ),
                    }),
                }),
            );
            await untilReady(id, "updated", UPDATE_TIMEOUT_SECONDS, context);
        }
        if (changed.has("engineVersion")) {
            await client.send(new UpgradeDomainCommand({ DomainName, TargetVersion: news.engineVersion }));
            await untilReady(id, "upgraded", UPDATE_TIMEOUT_SECONDS, context);
        }
    },
    async tag(id, { put, remove }, context) {
        const TagList = Object.entries(put).map(([Key, Value]) => ({ Key, Value }));
        if (remove.length > 0)
            await opensearch(context).send(new RemoveTagsCommand({ ARN: id, TagKeys: remove }));
        if (TagList.length > 0) await opensearch(context).send(new AddTagsCommand({ ARN: id, TagList }));
    },
    async delete(id, _state, context) {
        await opensearch(context).send(new DeleteDomainCommand({ DomainName: nameOf(id) }));
        const patience = { timeoutSeconds: DELETE_TIMEOUT_SECONDS, ...context };
        await waitFor(`OpenSearch Domain (${id}) to be deleted`, patience, async () => {
            const found = await describe(nameOf(id), context);
            return found ? pending(found.DomainProcessingStatus) : done(true);
        });
    },
});

export async function describe(name: string, context: AwsContext): Promise<DomainStatus | undefined> {
    try {
        const command = new DescribeDomainCommand({ DomainName: name });
        return (await opensearch(context).send(command)).DomainStatus;
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

async function untilReady(
    id: string,
    what: string,
    timeoutSeconds: number,
    context: AwsContext,
): Promise<void> {
    await waitFor(`OpenSearch Domain (${id}) to be ${what}`, { timeoutSeconds, ...context }, async () => {
        const found = await describe(nameOf(id), context);
        if (found?.Deleted) throw new Error("it was deleted meanwhile");
        const isReady =
            found !== undefined &&
            !found.Processing &&
            !found.UpgradeProcessing &&
            (found.Endpoint ?? found.Endpoints) !== undefined;
        return isReady ? done(undefined) : pending(found?.DomainProcessingStatus);
    });
}

const nameOf = (id: string) => id.split("/").at(-1) ?? "";

/** Refusals of a creation that pass: what it relies on was made a moment ago, or an old domain is on its way out. */
function passesSoon(error: unknown): boolean {
    const message = error instanceof Error ? error.message : "";
    const passing: Readonly<Record<string, RegExp>> = {
        InvalidTypeException: /Error setting policy/,
        ValidationException:
            /enable a service-linked role|Domain is still being deleted|does not grant sufficient permissions/,
    };
    return passing[errorCode(error)]?.test(message) ?? false;
}

function onlyFalse(value: unknown, name: string): string | undefined {
    return value === false
        ? undefined
        : `the sandbox's stand-in implements ${name} only as false; use masterUserArn`;
}

/** Logs are published unless they say otherwise. */
function sameLogs(a: unknown, b: unknown): boolean {
    const full = (value: unknown) =>
        ((value ?? []) as { logType: string; cloudwatchLogGroupArn: string; enabled?: boolean }[]).map(
            ({ logType, cloudwatchLogGroupArn, enabled = true }) => [logType, cloudwatchLogGroupArn, enabled],
        );
    return sameMembers(full(a), full(b));
}
