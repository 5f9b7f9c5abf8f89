import {
    DescribeSecretCommand,
    GetSecretValueCommand,
    PutSecretValueCommand,
    SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

import { roleHostnames } from "../names";
import type { PulsarRole } from "../ports";
import {
    credentialDiff,
    credentialFailures,
    type CredentialInputs,
    type CredentialOutputs,
    expiryWarnings,
    isReissue,
    type IssuedSecret,
    rolesOf,
} from "./inputs";
import { type Authority, factsOf, issueMaterial, makeAuthority, type RoleMaterial } from "./material";

/** The part of the SDK's client that is used; tests pass a store in memory. */
export type SecretsClient = Pick<SecretsManagerClient, "send">;

/** What the provider depends on; tests give their own. */
export interface CredentialsDependencies {
    connect(region: string): SecretsClient;
    now(): Date;
    log(text: string): void;
}

interface Stored<T> {
    versionId: string;
    value: T;
}

/**
 * The methods of the dynamic provider that makes a cluster's certificates and tokens and puts them into Secrets Manager itself, so
 * that they are in no state, no plan and no log.
 *
 * What a secret holds already stays: only a secret without a current version is filled. So a run that broke off is finished
 * by the next one, a lost state changes no credential, and nothing rotates unless `rotation` or the names change.
 */
export class CredentialsProvider {
    constructor(private readonly dependencies: CredentialsDependencies) {}

    async check(_olds: unknown, news: Record<string, unknown>) {
        return { inputs: news, failures: credentialFailures(news) };
    }

    async diff(_id: string, olds: Partial<CredentialOutputs>, news: CredentialInputs) {
        for (const warning of expiryWarnings(olds, this.dependencies.now())) this.dependencies.log(warning);
        return credentialDiff(olds, news);
    }

    async create(inputs: CredentialInputs): Promise<{ id: string; outs: CredentialOutputs }> {
        return { id: inputs.authoritySecretArn, outs: await this.ensure(inputs, false) };
    }

    async update(
        _id: string,
        olds: Partial<CredentialOutputs>,
        news: CredentialInputs,
    ): Promise<{ outs: CredentialOutputs }> {
        return { outs: await this.ensure(news, isReissue(olds, news)) };
    }

    /** A refresh: a role whose secret has lost its value is not issued any more, so that the next update fills it. */
    async read(id: string, stored: CredentialOutputs): Promise<{ id: string; props: CredentialOutputs }> {
        const client = this.dependencies.connect(stored.region);
        const issued: Partial<Record<PulsarRole, IssuedSecret>> = {};
        for (const role of rolesOf(stored)) {
            const known = stored.issued[role];
            if (known === undefined) continue;
            const versionId = await currentVersion(client, stored.secretArns[role] ?? "");
            if (versionId !== undefined) issued[role] = { ...known, versionId };
        }
        return { id, props: { ...stored, issued } };
    }

    /** The secrets are resources of their own, and take their content along. */
    async delete(): Promise<void> {}

    private async ensure(inputs: CredentialInputs, reissue: boolean): Promise<CredentialOutputs> {
        const client = this.dependencies.connect(inputs.region);
        const now = this.dependencies.now();
        const authority =
            (await readSecret<Authority>(client, inputs.authoritySecretArn)) ??
            (await writeSecret(client, inputs.authoritySecretArn, await makeAuthority(inputs.cluster, now)));

        const issued: Partial<Record<PulsarRole, IssuedSecret>> = {};
        for (const role of rolesOf(inputs)) {
            const secretArn = inputs.secretArns[role] ?? "";
            const present = await readSecret<RoleMaterial>(client, secretArn);
            // What another authority has signed is worth nothing to its peers.
            const usable = present?.value.caCertificate === authority.value.caCertificate && !reissue;
            const stored =
                present !== undefined && usable
                    ? present
                    : await writeSecret(
                          client,
                          secretArn,
                          await issueMaterial(
                              authority.value,
                              {
                                  role,
                                  hostnames: roleHostnames(role, inputs.zoneName),
                                  validityDays: inputs.validityDays,
                              },
                              now,
                          ),
                      );
            issued[role] = { versionId: stored.versionId, ...factsOf(stored.value) };
        }
        const { region, cluster, zoneName, authoritySecretArn, secretArns, validityDays, rotation } = inputs;
        return {
            ...{ region, cluster, zoneName, authoritySecretArn, secretArns, validityDays, rotation },
            issued,
            authorityVersionId: authority.versionId,
            authorityFingerprint: factsOf({
                caCertificate: "",
                certificate: authority.value.caCertificate,
            }).fingerprint,
        };
    }
}

/** The current value of a secret; undefined when it has none yet. */
async function readSecret<T>(client: SecretsClient, secretArn: string): Promise<Stored<T> | undefined> {
    try {
        const answer = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
        return { versionId: answer.VersionId ?? "", value: parseSecret<T>(secretArn, answer.SecretString) };
    } catch (error) {
        // Also the answer for a secret that does not exist: writing to it then fails, and says so.
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
    }
}

/** The parser's own message would quote the secret. */
function parseSecret<T>(secretArn: string, text: string | undefined): T {
    try {
        return JSON.parse(text ?? "") as T;
    } catch {
        throw new Error(
            `the value of ${secretArn} is not what this program wrote: it is no JSON. Restore an earlier version of it ` +
                `(aws secretsmanager update-secret-version-stage)`,
        );
    }
}

async function writeSecret<T>(client: SecretsClient, secretArn: string, value: T): Promise<Stored<T>> {
    const answer = await client.send(
        new PutSecretValueCommand({ SecretId: secretArn, SecretString: JSON.stringify(value) }),
    );
    return { versionId: answer.VersionId ?? "", value };
}

/** The id of the current version, without reading the value. */
async function currentVersion(client: SecretsClient, secretArn: string): Promise<string | undefined> {
    try {
        const answer = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
        const versions = Object.entries(answer.VersionIdsToStages ?? {});
        return versions.find(([, stages]) => stages.includes("AWSCURRENT"))?.[0];
    } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
    }
}

/** Endpoint and credentials come from the environment, as for every tool that uses the AWS SDK. */
export const pulsarCredentials = new CredentialsProvider({
    connect: (region) =>
        new SecretsManagerClient({
            region,
            maxAttempts: 8,
            requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
        }),
    now: () => new Date(),
    log: (text) => console.log(text),
});
