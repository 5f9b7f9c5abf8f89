import type * as pulumi from "@pulumi/pulumi";

import { renderMatrix } from "../checks/matrix";
import { ConnectivityChecks } from "../components/connectivity-checks";
import { planFlows } from "../components/flows";
import { Network } from "../components/network";
import type { LabConfig } from "./config";
import { connectNetwork } from "./connected-network";
import { checkSettings, type Deployment, identify } from "./identity";

/** The configuration of a foundation: its network is its own. */
export type FoundationConfig = LabConfig & { readonly network: { readonly mode: "create" } };

/** Whether a configuration is one of a foundation. */
export function isFoundation(config: LabConfig): config is FoundationConfig {
    return config.composition === "foundation" && config.network.mode === "create";
}

/**
 * The long-lived base of labs: a key, a network with its VPC endpoints, and the proof that it carries what it must.
 *
 * @returns the stack's outputs.
 */
export function foundation(config: FoundationConfig, deployment: Deployment) {
    const { accountId, region, tags, key, experiment } = identify(config, deployment);
    const { interfaceEndpoints, ...networkArgs } = config.network;
    const network = new Network("lab", { ...networkArgs, accountId, region, kmsKeyArn: key.keyArn, tags });
    // One group for whatever is put into the network by hand: it may use the endpoints, and HTTPS through NAT.
    const plan = planFlows({
        roles: ["client"],
        httpsEgress: ["client"],
        nat: config.network.natGateways !== "none",
        interfaceEndpoints,
    });
    const { groups, intent } = connectNetwork("lab", { network, region, plan, tags });
    const checks = new ConnectivityChecks("lab", {
        network: intent,
        ...checkSettings(config, deployment),
    });

    return {
        region,
        experimentId: experiment.experimentId,
        expiresAt: experiment.expiresAt,
        vpcId: network.vpcId,
        vpcCidrBlock: network.vpcCidrBlock,
        availabilityZones: config.network.availabilityZones,
        publicSubnetIds: network.publicSubnetIds,
        privateSubnetIds: network.privateSubnetIds,
        isolatedSubnetIds: network.isolatedSubnetIds,
        natPublicIps: network.natPublicIps,
        clientSecurityGroupId: groups.ids.client,
        endpointSecurityGroupId: groups.ids.endpoints,
        interfaceEndpoints: plan.interfaceEndpoints,
        s3PrefixListId: network.prefixListIds.s3,
        flowLogGroupName: network.flowLogGroupName,
        encryptionKeyArn: key.keyArn,
        connectivityHealthy: checks.healthy,
        // A table: as data it would fill the screen on every update.
        connectivityMatrix: checks.matrix.apply(renderMatrix),
        connectivityRepairs: checks.repairs,
    } satisfies Record<string, pulumi.Input<unknown>>;
}
