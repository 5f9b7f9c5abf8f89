import { isDeepStrictEqual } from "node:util";

import { hasUnknown } from "../../../lib/dynamic/unknown";
import { PULSAR_ROLES, type PulsarRole } from "../ports";

/** What decides about a cluster's credentials, as the engine hands it over. */
export interface CredentialInputs {
    readonly region: string;
    /** The name of the authority. */
    readonly cluster: string;
    /** The zone in which the names on the certificates are. */
    readonly zoneName: string;
    /** The secret of what signs; no instance may read it. */
    readonly authoritySecretArn: string;
    /** Each role's secret, by role. */
    readonly secretArns: Readonly<Partial<Record<PulsarRole, string>>>;
    readonly validityDays: number;
    /** A new value issues certificates and tokens anew, from the same authority. */
    readonly rotation: number;
}

/** The public facts of what a secret holds. */
export interface IssuedSecret {
    readonly versionId: string;
    readonly notAfter: string;
    readonly fingerprint: string;
}

/** The outputs repeat the inputs: Pulumi hands only outputs to diff and read. Nothing here is secret. */
export interface CredentialOutputs extends CredentialInputs {
    readonly issued: Readonly<Partial<Record<PulsarRole, IssuedSecret>>>;
    readonly authorityVersionId: string;
    readonly authorityFingerprint: string;
}

/** A warning is due this long before something ends. */
const WARNING_MILLISECONDS = 30 * 24 * 3600 * 1000;

/** What is wrong with the inputs, in the engine's form. */
export function credentialFailures(inputs: Record<string, unknown>): { property: string; reason: string }[] {
    const rules: Record<string, { holds: (value: unknown) => boolean; allowed: string }> = {
        region: { holds: isText, allowed: "the name of an AWS region" },
        cluster: { holds: isText, allowed: "the name of the cluster" },
        zoneName: { holds: isText, allowed: "the name of the cluster's private zone" },
        authoritySecretArn: { holds: isText, allowed: "the ARN of a secret" },
        secretArns: {
            holds: (value) =>
                typeof value === "object" && value !== null && Object.values(value).every(isText),
            allowed: "the ARN of a secret for each role",
        },
        validityDays: { holds: isCount, allowed: "a whole number of days, at least 1" },
        rotation: { holds: isCount, allowed: "a whole number, at least 1" },
    };
    return Object.entries(rules).flatMap(([property, { holds, allowed }]) => {
        const value = inputs[property];
        return hasUnknown(value) || holds(value)
            ? []
            : [{ property, reason: `${property} is not right: it has to be ${allowed}` }];
    });
}

/**
 * What has to be done. Time alone changes nothing: a certificate that ends soon is a warning, because a new one takes a restart of
 * what uses it, and when that suits is not for a deployment of something else to say.
 */
export function credentialDiff(
    old: Partial<CredentialOutputs>,
    inputs: CredentialInputs,
): { changes: boolean; replaces: string[] } {
    if (hasUnknown(inputs)) return { changes: true, replaces: [] };
    // Another authority secret is another authority: what it signs has to be issued anew, by a new resource.
    const replaces = (["region", "authoritySecretArn"] as const).filter((key) => old[key] !== inputs[key]);
    const changed = (["cluster", "zoneName", "secretArns", "validityDays", "rotation"] as const).some(
        (key) => !isDeepStrictEqual(old[key], inputs[key]),
    );
    const missing = rolesOf(inputs).some((role) => old.issued?.[role] === undefined);
    return { changes: replaces.length > 0 || changed || missing, replaces };
}

/** Whether an update issues everything anew, and not only what is missing. */
export function isReissue(old: Partial<CredentialOutputs>, inputs: CredentialInputs): boolean {
    return old.rotation !== inputs.rotation || old.zoneName !== inputs.zoneName;
}

/** What ends soon, for people. */
export function expiryWarnings({ cluster, issued }: Partial<CredentialOutputs>, now: Date): string[] {
    return Object.entries(issued ?? {}).flatMap(([role, { notAfter }]) =>
        Date.parse(notAfter) - now.getTime() < WARNING_MILLISECONDS
            ? [
                  `Pulsar cluster ${cluster}: the credentials of ${role} end on ${notAfter}. ` +
                      `Raise credentialRotation by one, run pulumi up, and restart the role's units.`,
              ]
            : [],
    );
}

/** The roles that have a secret, in the order of the table. */
export function rolesOf({ secretArns }: Pick<CredentialInputs, "secretArns">): PulsarRole[] {
    return PULSAR_ROLES.filter((role) => secretArns[role] !== undefined);
}

function isText(value: unknown): boolean {
    return typeof value === "string" && value !== "";
}

function isCount(value: unknown): boolean {
    return typeof value === "number" && Number.isInteger(value) && value >= 1;
}
