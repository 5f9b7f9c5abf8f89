import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { Tags } from "../tags";
import type { PulsarRole } from "./ports";
import type { pulsarSchema } from "./schema";

/** Arguments of a {@link PulsarCluster}: those of its schema, and these, which resources may give. */
export interface PulsarClusterArgs extends Omit<z.input<typeof pulsarSchema>, "clusterName"> {
    /**
     * Name of the cluster, in Pulsar and in its zone.
     * @default the name of the component
     */
    clusterName?: string;
    /** The AWS account of the cluster, 12 digits. */
    accountId: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /** The VPC; its DNS support and DNS hostnames must be on, or the cluster's names do not resolve. */
    vpcId: pulumi.Input<string>;
    /** A private subnet for each zone, in their order. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** ARN of the KMS key for volumes, secrets and logs; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /**
     * Tags of everything that can be tagged, volumes and network interfaces included.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** One instance of a cluster, for people and for whatever looks after it. */
export interface PulsarInstance {
    readonly name: string;
    readonly role: PulsarRole;
    readonly instanceId: string;
    readonly hostname: string;
    readonly privateIp: string;
    readonly availabilityZone: string;
}
