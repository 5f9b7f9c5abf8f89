import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import type { PulsarRole } from "./ports";
import type { Quorum } from "./quorum";
import type { RolesArgs } from "./roles";

/** The security groups of each role, made elsewhere from the declared flows (`PULSAR_FLOWS`). */
export interface PulsarSecurityGroupIds {
    zookeeper: pulumi.Input<pulumi.Input<string>[]>;
    bookkeeper: pulumi.Input<pulumi.Input<string>[]>;
    broker: pulumi.Input<pulumi.Input<string>[]>;
    client: pulumi.Input<pulumi.Input<string>[]>;
    /** Needed when there are proxies. */
    proxy?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Arguments of a {@link PulsarCluster}. What decides which resources there are is plain; the rest may come from resources.
 * The roles (`zookeeper`, `bookkeeper`, `broker`, `client`, `proxy`) are described at `RoleArgs`.
 */
export interface PulsarClusterArgs extends RolesArgs {
    /** The AWS account of the cluster, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the cluster. */
    region: string;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /** The VPC; its DNS support and DNS hostnames must be on, or the cluster's names do not resolve. */
    vpcId: pulumi.Input<string>;
    /** The zones over which the instances are spread. Append to add one: nothing that exists moves. */
    availabilityZones: readonly string[];
    /** A private subnet for each zone, in their order. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** The security groups of each role. */
    securityGroupIds: PulsarSecurityGroupIds;
    /** ARN of the KMS key for volumes, secrets and logs; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /** The version of Pulsar, such as 4.0.7. The image's tag `PulsarVersion` has to be the same. */
    pulsarVersion: string;
    /**
     * The image, by id. It stays until another is named.
     * @default the newest image with `PulsarVersion` of this version and `Validated=true`: a newer one replaces the instances,
     * one after the other, at the next update
     */
    amiId?: pulumi.Input<string>;
    /**
     * Accounts whose images are considered: ids, or `self`.
     * @default ["self"]
     */
    amiOwners?: readonly string[];
    /**
     * Name of the cluster, in Pulsar and in its zone: lower-case letters, digits and dashes.
     * @default the name of the component
     */
    clusterName?: string;
    /**
     * The private Route 53 zone of the cluster's names; of this cluster alone.
     * @default "<clusterName>.pulsar.internal"
     */
    zoneName?: string;
    /**
     * Over how many bookies ledgers are spread, how many copies there are and how many are awaited.
     * @default 3/2/2: see `DEFAULT_QUORUM`
     */
    quorum?: Quorum;
    /**
     * Whether Pulumi refuses to delete the volumes of bookies and ZooKeepers.
     * @default true
     */
    protectData?: boolean;
    /**
     * Whether EC2 refuses to terminate the instances by API. It then also refuses Pulumi to replace them.
     * @default false
     */
    disableApiTermination?: boolean;
    /**
     * Days for which certificates and tokens are issued, 1 to 3650.
     * @default 365
     */
    credentialValidityDays?: number;
    /**
     * Raise it by one to issue certificates and tokens anew; the authority stays. The units read them when they start.
     * @default 1
     */
    credentialRotation?: number;
    /**
     * Days for which a deleted secret can be restored: 7 to 30, or 0 for not at all.
     * @default 30
     */
    secretRecoveryWindowInDays?: number;
    /**
     * Days that logs are kept: one of the periods that CloudWatch Logs offers.
     * @default 365
     */
    logRetentionInDays?: number;
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
