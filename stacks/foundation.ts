import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { renderMatrix } from "../checks/matrix";
import { ConnectivityChecks } from "../components/connectivity-checks";
import { EncryptionKey } from "../components/encryption";
import { Network } from "../components/network";
import type { LabConfig } from "./config";

/** What identifies a deployment; read once by the entry point. */
export interface Deployment {
    /** Name of the Pulumi project. */
    readonly project: string;
    /** Name of the stack. */
    readonly stack: string;
    /** When this update began, ISO 8601; with `checks.everyUpdate` it makes the checks run again. */
    readonly startedAt: string;
}

/**
 * The long-lived base of a lab: a key, a network, and the proof that the network carries what it must.
 *
 * @returns the stack's outputs.
 */
export function foundation(config: LabConfig, deployment: Deployment) {
    const accountId = aws.getCallerIdentityOutput().accountId;
    const partition = aws.getPartitionOutput().partition;
    const tags = {
        ...config.tags,
        Project: deployment.project,
        Stack: deployment.stack,
        ManagedBy: "pulumi",
        Owner: config.owner,
    };

    const key = new EncryptionKey("lab", {
        description: `Data and logs of ${deployment.project}, stack ${deployment.stack}`,
        accountId,
        region: config.region,
        partition,
        deletionWindowInDays: config.encryption.deletionWindowInDays,
        tags,
    });
    const network = new Network("lab", {
        ...config.network,
        accountId,
        region: config.region,
        kmsKeyArn: key.keyArn,
        tags,
    });
    const checks = new ConnectivityChecks("lab", {
        network: network.intent,
        mode: config.checks.mode,
        timeoutSeconds: config.checks.timeoutSeconds,
        onFailure: config.checks.onFailure,
        runId: config.checks.everyUpdate ? deployment.startedAt : undefined,
    });

    return {
        region: config.region,
        vpcId: network.vpcId,
        vpcCidrBlock: network.vpcCidrBlock,
        availabilityZones: config.network.availabilityZones,
        publicSubnetIds: network.publicSubnetIds,
        privateSubnetIds: network.privateSubnetIds,
        isolatedSubnetIds: network.isolatedSubnetIds,
        natPublicIps: network.natPublicIps,
        endpointClientSecurityGroupId: network.endpointClientSecurityGroupId,
        flowLogGroupName: network.flowLogGroupName,
        encryptionKeyArn: key.keyArn,
        connectivityHealthy: checks.healthy,
        // A table: as data it would fill the screen on every update.
        connectivityMatrix: checks.matrix.apply(renderMatrix),
        connectivityRepairs: checks.repairs,
    } satisfies Record<string, pulumi.Input<unknown>>;
}
