import type * as pulumi from "@pulumi/pulumi";

/** What whoever uses a Pulsar cluster needs to know, whether it was created here or is another's. */
export interface PulsarOutputs {
    /** Where producers and consumers connect: `pulsar+ssl://host:6651`. */
    readonly serviceUrl: pulumi.Output<string>;
    /** Where the admin API answers: `https://host:8443`. */
    readonly adminUrl: pulumi.Output<string>;
    /** The host of both: the brokers' private name, or the proxies'. */
    readonly brokerHostname: pulumi.Output<string>;
    /** The security groups of what answers under that name: their rules decide who reaches it. */
    readonly brokerSecurityGroupIds: pulumi.Output<string[]>;
    /** The secret with the client's token and the certificate authority, if there is one that is known. */
    readonly clientSecretArn: pulumi.Output<string | undefined>;
}
