import { createRequire } from "node:module";

import type { Aws } from "../../lib/aws/clients";
import type { Finders } from "./finder";
import type { PendingCreate } from "./pending-creates";

/** Loads the finders of a service, and its client, at the first use of one of its types. */
const load = createRequire(__filename);

/** By the module of Pulumi's type token. */
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

/**
 * Dynamic resources, by the end of their type token: each of them can be created a second time. Others cannot be found by
 * anybody, and are not taken for one of these.
 */
const CREATED_ANEW: ReadonlySet<string> = new Set([
    // An identity is a line of the state. While its creation is pending, nothing carries it yet.
    "experiment:Experiment",
    // A check makes nothing of its own; what it has repaired, the next one finds in order.
    "checks:ConnectivityCheck",
    // What a secret holds already stays: the next one issues what is missing.
    "pulsar:IssuedCredentials",
    // Looks for the role first.
    "checks:ServiceLinkedRole",
    // Creating them does nothing: they are there to be deleted.
    "sagemaker:StudioHomes",
    "sagemaker:StudioLeftovers",
    "sagemaker:StudioSessions",
]);

/**
 * Finds what a killed update did create. What has a name of its own is found by that, and by all the tags that the program
 * gives it; what AWS names, by the tags alone; what can have neither, by what it connects.
 *
 * @param known ids that the state has, so that another thing like it is not taken for the lost one.
 * @returns the id by which Pulumi imports it; `undefined` when it does not exist, or need not be found.
 * @throws when several things fit, or the type is not one that the program makes.
 */
export async function findCreated(
    { urn, type, inputs }: Pick<PendingCreate, "urn" | "type" | "inputs">,
    aws: Aws,
    known: ReadonlySet<string> = new Set(),
): Promise<string | undefined> {
    const dynamicType = /^pulumi-nodejs:dynamic\/(.*)$/.exec(type)?.[1];
    if (dynamicType !== undefined && CREATED_ANEW.has(dynamicType)) return undefined;
    const finders = findersOf(type);
    const finder = Object.hasOwn(finders, type) ? finders[type] : undefined;
    if (!finder)
        throw new Error(`${urn} may have been created; find it in AWS and name its id to pulumi refresh`);
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
