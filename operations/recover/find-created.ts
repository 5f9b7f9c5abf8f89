import { createRequire } from "node:module";

import type { Aws } from "../../lib/aws/clients";
import type { Finders } from "./finder";
import type { PendingCreate } from "./pending-creates";

/** Loads the finders of a service, and its client, at the first use of one of its types. */
const load = createRequire(__filename);

/** Modules by the service in Pulumi's type token. */
const FINDERS: Readonly<Record<string, string>> = {
    budgets: "./finders/budgets",
    cloudwatch: "./finders/cloudwatch",
    ebs: "./finders/ebs",
    ec2: "./finders/ec2",
    iam: "./finders/iam",
    kms: "./finders/kms",
    neptune: "./finders/neptune",
    opensearch: "./finders/opensearch",
    route53: "./finders/route53",
    sagemaker: "./finders/sagemaker",
    secretsmanager: "./finders/secretsmanager",
    sns: "./finders/sns",
};

/** Dynamic resources that can be created a second time, by the end of their type token. The others cannot be found. */
const CREATED_AGAIN: ReadonlySet<string> = new Set([
    // An identity exists only in the state. While its creation is pending, no resource carries it yet.
    "experiment:Experiment",
    // A check creates nothing of its own, and the next check finds in order what this one repaired.
    "checks:ConnectivityCheck",
    // A secret that already has a value keeps it; the next creation issues what is missing.
    "pulsar:IssuedCredentials",
    // Looks for the role first.
    "checks:ServiceLinkedRole",
    // Creating these does nothing: they act on deletion.
    "sagemaker:StudioHomes",
    "sagemaker:StudioLeftovers",
    "sagemaker:StudioSessions",
]);

/**
 * Finds a resource that a killed update has created. A resource with a unique name is found by this name and by all the tags that the
 * program gives it; a resource that AWS names, by the tags; a resource that can have neither, by what it connects.
 *
 * @param known ids that are in the state, so that another resource like it is not taken for the lost one.
 * @returns the id by which Pulumi imports it; `undefined` when it does not exist, or need not be found.
 * @throws when several resources fit, or the program creates none of this type.
 */
export async function findCreated(
    { urn, type, inputs }: Pick<PendingCreate, "urn" | "type" | "inputs">,
    aws: Aws,
    known: ReadonlySet<string> = new Set(),
): Promise<string | undefined> {
    const dynamicType = /^pulumi-nodejs:dynamic\/(.*)$/.exec(type)?.[1];
    if (dynamicType !== undefined && CREATED_AGAIN.has(dynamicType)) return undefined;
    const finders = findersOf(type);
    const finder = Object.hasOwn(finders, type) ? finders[type] : undefined;
    if (!finder)
        throw new Error(`${urn} may have been created; find it in AWS and give its id to pulumi refresh`);
    try {
        return await finder(inputs, aws, known);
    } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`${urn} may have been created: ${message}`, { cause: error });
    }
}

function findersOf(type: string): Finders {
    const service = /^aws:(\w+)\//.exec(type)?.[1] ?? "";
    const path = Object.hasOwn(FINDERS, service) ? FINDERS[service] : undefined;
    return path === undefined ? {} : (load(path) as { finders: Finders }).finders;
}
