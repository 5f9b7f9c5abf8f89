import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { validated } from "../schema/problems";
import { describeProblem, missingProblem } from "../validation";
import type { PulsarOutputs } from "./outputs";
import { adoptedPulsarSchema } from "./schema";

/** Arguments of an {@link AdoptedPulsarCluster}: those of its schema, and the network. */
export interface AdoptedPulsarClusterArgs extends z.input<typeof adoptedPulsarSchema> {
    /** The VPC from which the cluster is used. */
    vpcId: pulumi.Input<string>;
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
        const { serviceUrl, adminUrl } = validated(this, name, adoptedPulsarSchema, args);
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

        this.serviceUrl = group.id.apply(() => serviceUrl);
        this.adminUrl = group.id.apply(() => adminUrl);
        this.brokerHostname = group.id.apply(() => new URL(serviceUrl).hostname);
        this.brokerSecurityGroupIds = group.id.apply((id) => [id]);
        this.clientSecretArn = pulumi.output(args.clientSecretArn);
        this.registerOutputs({ serviceUrl: this.serviceUrl, adminUrl: this.adminUrl });
    }
}
