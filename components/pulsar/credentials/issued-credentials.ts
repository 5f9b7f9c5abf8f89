import * as pulumi from "@pulumi/pulumi";

import { trampoline } from "../../../lib/dynamic/trampoline";
import type { PulsarRole } from "../ports";
import type { IssuedSecret } from "./inputs";

/** Arguments of {@link IssuedCredentials}. */
export interface IssuedCredentialsArgs {
    region: string;
    cluster: string;
    zoneName: string;
    authoritySecretArn: pulumi.Input<string>;
    secretArns: Readonly<Partial<Record<PulsarRole, pulumi.Input<string>>>>;
    validityDays: number;
    rotation: number;
}

const provider = trampoline("components/pulsar/credentials/provider", "pulsarCredentials");

/**
 * The content of a cluster's secrets as a resource: creating it fills those that are empty. A dynamic resource and not
 * `aws.secretsmanager.SecretVersion`, whose input is the secret itself and would be in the state.
 */
export class IssuedCredentials extends pulumi.dynamic.Resource {
    /** What each role was issued: version, end and fingerprint. */
    declare readonly issued: pulumi.Output<Partial<Record<PulsarRole, IssuedSecret>>>;
    /** SHA-256 of the authority's certificate. */
    declare readonly authorityFingerprint: pulumi.Output<string>;

    constructor(name: string, args: IssuedCredentialsArgs, opts?: pulumi.CustomResourceOptions) {
        super(
            provider,
            name,
            {
                ...args,
                // Outputs have to be named here to exist.
                issued: undefined,
                authorityVersionId: undefined,
                authorityFingerprint: undefined,
            },
            opts,
            "pulsar",
            "IssuedCredentials",
        );
    }
}
