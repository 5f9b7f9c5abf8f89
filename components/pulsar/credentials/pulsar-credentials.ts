import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../../tags";
import type { PulsarRole } from "../ports";
import type { IssuedSecret } from "./inputs";
import { IssuedCredentials } from "./issued-credentials";

/** Arguments of {@link PulsarCredentials}. */
export interface PulsarCredentialsArgs {
    region: string;
    /** The name of the cluster; part of the authority's name. */
    cluster: string;
    /** The private zone of the cluster's names. */
    zoneName: string;
    /** The roles that there are. */
    roles: readonly PulsarRole[];
    /** ARN of the key that encrypts the secrets. */
    kmsKeyArn: pulumi.Input<string>;
    /** Days for which certificates and tokens are issued. */
    validityDays: number;
    /** Raise it to issue certificates and tokens anew. */
    rotation: number;
    /** Days for which a deleted secret can be restored: 0, or 7 to 30. */
    recoveryWindowInDays: number;
    tags?: Tags | undefined;
}

/**
 * A cluster's secrets: one of the authority, which no instance may read, and one for each role. Their content is made once, in
 * the provider's process, and written to Secrets Manager from there.
 *
 * Secrets Manager does not rotate them by itself (controls CKV_AWS_304, CKV2_AWS_57, SecretsManager.1 and SecretsManager.4): that
 * takes a Lambda function for one secret alone, while all of these are signed by one authority and change together. Raising
 * `rotation` issues them anew; {@link issued} says until when each is good.
 *
 * **Cost** (us-east-1): 0.40 USD a month for each secret.
 */
export class PulsarCredentials extends pulumi.ComponentResource {
    /** ARN of each role's secret. Known before its content is there: wait for {@link ready} too. */
    readonly secretArns: Readonly<Partial<Record<PulsarRole, pulumi.Output<string>>>>;
    /** ARN of the authority's secret, with the superuser's token. */
    readonly authoritySecretArn: pulumi.Output<string>;
    /** What was issued to whom: version, end, fingerprint. */
    readonly issued: pulumi.Output<Partial<Record<PulsarRole, IssuedSecret>>>;
    /** Exists when every secret has its content. */
    readonly ready: pulumi.Resource;

    /**
     * @param name The logical name; children are named from it.
     * @param args The roles and how long what they get is good.
     * @param opts Component options.
     */
    constructor(name: string, args: PulsarCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:PulsarCredentials", name, {}, opts);
        const secret = (suffix: string, component: string, description: string) =>
            new aws.secretsmanager.Secret(
                `${name}-${suffix}`,
                {
                    // No physical name: a deleted secret keeps its name until its recovery window ends.
                    description,
                    kmsKeyId: args.kmsKeyArn,
                    recoveryWindowInDays: args.recoveryWindowInDays,
                    tags: childTags(args.tags, component, `${name}-${suffix}`),
                },
                { parent: this },
            );
        const authority = secret(
            "authority",
            "pulsar",
            `Signs the certificates and tokens of Pulsar cluster ${args.cluster}; for no instance`,
        );
        const secretArns = Object.fromEntries(
            args.roles.map((role) => [
                role,
                secret(role, role, `Certificate and token of ${role} of Pulsar cluster ${args.cluster}`).arn,
            ]),
        ) as Partial<Record<PulsarRole, pulumi.Output<string>>>;
        const issued = new IssuedCredentials(
            name,
            {
                region: args.region,
                cluster: args.cluster,
                zoneName: args.zoneName,
                authoritySecretArn: authority.arn,
                secretArns,
                validityDays: args.validityDays,
                rotation: args.rotation,
            },
            { parent: this },
        );

        this.secretArns = secretArns;
        this.authoritySecretArn = authority.arn;
        this.issued = issued.issued;
        this.ready = issued;
        this.registerOutputs({ authoritySecretArn: this.authoritySecretArn, issued: this.issued });
    }

    /**
     * ARN of a role's secret.
     *
     * @throws when the role is none of `roles`.
     */
    secretArnOf(role: PulsarRole): pulumi.Output<string> {
        const secretArn = this.secretArns[role];
        if (secretArn === undefined) throw new Error(`the credentials have no secret for the role ${role}`);
        return secretArn;
    }
}
