import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { assertNoProblems, describeProblem, missingProblem, type Problem } from "../validation";
import type { PulsarOutputs } from "./outputs";

/** Arguments of an {@link AdoptedPulsarCluster}. */
export interface AdoptedPulsarClusterArgs {
    /** Where producers and consumers connect: `pulsar+ssl://host:port`. */
    serviceUrl: string;
    /** Where the admin API answers: `https://host:port`. */
    adminUrl: string;
    /** The security group of what answers there. It has to be in `vpcId`. */
    brokerSecurityGroupId: pulumi.Input<string>;
    /** The VPC from which the cluster is used. */
    vpcId: pulumi.Input<string>;
    /**
     * ARN of a secret with what clients need: `caCertificate` and `token`, as docs/ami-contract.md describes the client's.
     * @default none: clients have to be told by other means
     */
    clientSecretArn?: pulumi.Input<string>;
    /**
     * Whether URLs without TLS are taken. Tokens and messages then cross the network in plain text.
     * @default false
     */
    allowPlaintext?: boolean;
}

/**
 * A Pulsar cluster that exists and belongs to somebody else. Its security group is looked up, so that a group of another VPC is
 * said at once; nothing of it is ever changed, and destroying this changes nothing either.
 *
 * **Cost**: none.
 */
export class AdoptedPulsarCluster extends pulumi.ComponentResource implements PulsarOutputs {
    readonly serviceUrl: pulumi.Output<string>;
    readonly adminUrl: pulumi.Output<string>;
    readonly brokerHostname: pulumi.Output<string>;
    readonly brokerSecurityGroupIds: pulumi.Output<string[]>;
    readonly clientSecretArn: pulumi.Output<string | undefined>;

    /**
     * @param name The logical name.
     * @param args Where the cluster is.
     * @param opts Component options.
     * @throws when a URL is none, or has no TLS; through every output when there is no such group.
     */
    constructor(name: string, args: AdoptedPulsarClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:AdoptedPulsarCluster", name, {}, opts);
        assertNoProblems(this, name, adoptedPulsarProblems(args));
        // By id and VPC: there is no such group when it is another VPC's.
        const group = pulumi.all([args.brokerSecurityGroupId, args.vpcId]).apply(([id, vpcId]) =>
            aws.ec2.getSecurityGroup({ id, vpcId }, { parent: this }).catch((error: unknown) => {
                const what = `the id of a security group of ${vpcId}`;
                const problem = missingProblem("brokerSecurityGroupId", id, what, error);
                throw new pulumi.ResourceError(
                    `AdoptedPulsarCluster "${name}" cannot be adopted:\n  - ${describeProblem(problem)}`,
                    this,
                    true,
                );
            }),
        );

        this.serviceUrl = group.id.apply(() => args.serviceUrl);
        this.adminUrl = group.id.apply(() => args.adminUrl);
        this.brokerHostname = group.id.apply(() => new URL(args.serviceUrl).hostname);
        this.brokerSecurityGroupIds = group.id.apply((id) => [id]);
        this.clientSecretArn = pulumi.output(args.clientSecretArn);
        this.registerOutputs({ serviceUrl: this.serviceUrl, adminUrl: this.adminUrl });
    }
}

/** What is wrong with the URLs of a cluster that exists. */
export function adoptedPulsarProblems(
    args: Pick<AdoptedPulsarClusterArgs, "serviceUrl" | "adminUrl" | "allowPlaintext">,
): Problem[] {
    const rule = (key: "serviceUrl" | "adminUrl", safe: string, plain: string): Problem[] => {
        const value = args[key];
        const url = URL.canParse(value) ? new URL(value) : undefined;
        const example = `${safe}://pulsar.example.com:${key === "serviceUrl" ? 6651 : 8443}`;
        const bare =
            url !== undefined && /^\/?$/.test(url.pathname) && url.search === "" && url.username === "";
        if (
            url === undefined ||
            !bare ||
            url.hostname === "" ||
            ![`${safe}:`, `${plain}:`].includes(url.protocol)
        )
            return [{ key, value, allowed: `a URL such as ${example}, without user, path or query` }];
        return url.protocol === `${plain}:` && args.allowPlaintext !== true
            ? [{ key, value, allowed: `${safe}://...; to do without TLS, set allowPlaintext to true` }]
            : [];
    };
    return [...rule("serviceUrl", "pulsar+ssl", "pulsar"), ...rule("adminUrl", "https", "http")];
}
