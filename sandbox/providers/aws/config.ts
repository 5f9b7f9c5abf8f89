import type { Session } from "../server/resource";
import { hasUnknowns, isObject, type PropertyMap } from "../server/values";
import { clientsOf, type Clients, type ClientSettings } from "./clients";
import type { AwsContext } from "./context";

/** Settings of a provider instance that the stand-in does. */
const IMPLEMENTED = new Set([
    "accessKey",
    "defaultTags",
    "ignoreTags",
    "maxRetries",
    "region",
    "secretKey",
    "token",
]);

/**
 * Settings that make no difference here. There is no metadata service to skip, and nothing is validated beforehand. Which
 * accounts and credentials a stack may use is said for AWS, in the same file that the sandbox runs; the sandbox is no account
 * of anybody's, and reaches none.
 */
const WITHOUT_EFFECT = new Set([
    "allowedAccountIds",
    "forbiddenAccountIds",
    "profile",
    "skipCredentialsValidation",
    "skipMetadataApiCheck",
    "skipRegionValidation",
    "skipRequestingAccountId",
    "version",
    "pluginDownloadURL",
]);

/** Attempts of each call. The official provider makes 25; a service on the same machine that fails 5 times is broken. */
const DEFAULT_MAX_ATTEMPTS = 5;

/** What is wrong with a provider instance's configuration. */
export function checkConfig(config: PropertyMap): string[] {
    const given = Object.entries(config).filter(([key, value]) => !key.startsWith("__") && value != null);
    const problems = given
        .filter(([key]) => !IMPLEMENTED.has(key) && !WITHOUT_EFFECT.has(key))
        .map(
            ([key]) =>
                `the sandbox's aws stand-in does not implement the provider setting aws:${key}; ` +
                "take it out of the stack that runs in the sandbox",
        );
    if (config.region !== undefined && !hasUnknowns(config.region) && !isRegion(config.region)) {
        problems.push(`invalid AWS Region: ${JSON.stringify(config.region)}`);
    }
    for (const key of ["defaultTags", "ignoreTags"]) {
        if (config[key] !== undefined && !hasUnknowns(config[key]) && !isObject(config[key])) {
            problems.push(`expected aws:${key} to be an object, got ${JSON.stringify(config[key])}`);
        }
    }
    return problems;
}

/**
 * Makes a provider instance out of its configuration and the environment.
 *
 * @throws when `AWS_ENDPOINT_URL` is not set: the stand-in must never reach a real account; when there is no region.
 */
export async function configure(config: PropertyMap, env: NodeJS.ProcessEnv): Promise<Session<AwsContext>> {
    const endpoint = env.AWS_ENDPOINT_URL;
    if (!endpoint) {
        throw new Error(
            "AWS_ENDPOINT_URL is not set: the sandbox's aws stand-in works with the sandbox alone, never with an AWS account",
        );
    }
    const region = (config.region as string | undefined) ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
    if (!region) throw new Error("Missing region configuration: set aws:region or AWS_REGION");

    const clientsIn = byRegion({
        endpoint,
        credentials: credentials(config, env),
        maxAttempts: Number(config.maxRetries ?? DEFAULT_MAX_ATTEMPTS),
    });
    const accountId = once(async () => (await clientsIn(region).sts.getCallerIdentity({})).Account ?? "");

    const ignoreTags = (config.ignoreTags ?? {}) as { keys?: string[]; keyPrefixes?: string[] };
    return {
        region,
        tagSettings: {
            defaults: ((config.defaultTags ?? {}) as { tags?: Record<string, string> }).tags ?? {},
            ignoredKeys: ignoreTags.keys ?? [],
            ignoredPrefixes: ignoreTags.keyPrefixes ?? [],
        },
        context: (operation) => ({
            ...operation,
            partition: partitionOf(operation.region),
            accountId,
            aws: clientsIn(operation.region),
        }),
    };
}

/** The partition of a region. */
export function partitionOf(region: string): string {
    if (region.startsWith("cn-")) return "aws-cn";
    return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

function isRegion(value: unknown): boolean {
    return /^[a-z]{2}(-[a-z]+)+-\d+$/.test(String(value));
}

function credentials(config: PropertyMap, env: NodeJS.ProcessEnv): ClientSettings["credentials"] {
    const accessKeyId = (config.accessKey as string | undefined) ?? env.AWS_ACCESS_KEY_ID;
    const secretAccessKey = (config.secretKey as string | undefined) ?? env.AWS_SECRET_ACCESS_KEY;
    if (!accessKeyId || !secretAccessKey) {
        throw new Error("No valid credential sources found: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    const sessionToken = (config.token as string | undefined) ?? env.AWS_SESSION_TOKEN;
    return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}

function byRegion(settings: Omit<ClientSettings, "region">): (region: string) => Clients {
    const known = new Map<string, Clients>();
    return (region) => {
        const clients = known.get(region) ?? clientsOf({ ...settings, region });
        known.set(region, clients);
        return clients;
    };
}

/** Does something at its first call and remembers the result, unless it failed. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
    let result: Promise<T> | undefined;
    return () =>
        (result ??= work().catch((error: unknown) => {
            result = undefined;
            throw error;
        }));
}
