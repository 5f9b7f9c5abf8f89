import type * as pulumi from "@pulumi/pulumi";

import { AdoptedNetwork } from "../components/adopted-network";
import type { FlowPlan } from "../components/flows";
import { Network } from "../components/network";
import type { ExistingGroup } from "../components/security-groups";
import type { LabConfig } from "./config";
import type { BaseNetwork } from "./connected-network";
import type { Identity } from "./identity";
import { SharedNetwork } from "../components/shared-network";

/** The network that a lab stands in, and what of the plan's groups it brings along. */
export interface LabNetwork extends BaseNetwork {
    /** Ids of the NAT gateways that are made here. @default none */
    readonly natGatewayIds?: readonly pulumi.Output<string>[];
    readonly existing: Readonly<Record<string, ExistingGroup>>;
    /** What only a network that is made here has to show. */
    readonly outputs: Record<string, pulumi.Input<unknown>>;
}

/** Makes the network, adopts it or takes the one that a foundation shares, as the configuration has it. */
export function baseNetwork({ network: config }: LabConfig, identity: Identity, plan: FlowPlan): LabNetwork {
    const { accountId, region, tags, key } = identity;
    switch (config.mode) {
        case "create": {
            const { availabilityZones, cidrBlock, natGateways, natGatewayAddresses, flowLogRetentionInDays } =
                config;
            const network = new Network("lab", {
                availabilityZones,
                cidrBlock,
                natGateways,
                natGatewayAddresses,
                flowLogRetentionInDays,
                accountId,
                region,
                kmsKeyArn: key.keyArn,
                tags,
            });
            return {
                vpcId: network.vpcId,
                privateSubnetIds: network.privateSubnetIds,
                isolatedSubnetIds: network.isolatedSubnetIds,
                prefixListIds: network.prefixListIds,
                intent: network.intent,
                natGatewayIds: network.natGatewayIds,
                existing: {},
                outputs: {
                    vpcCidrBlock: network.vpcCidrBlock,
                    publicSubnetIds: network.publicSubnetIds,
                    natPublicIps: network.natPublicIps,
                    flowLogGroupName: network.flowLogGroupName,
                },
            };
        }
        case "adopt": {
            const network = new AdoptedNetwork("lab", { ...config, region, tags });
            return {
                vpcId: network.vpcId,
                privateSubnetIds: network.privateSubnetIds,
                isolatedSubnetIds: network.isolatedSubnetIds,
                prefixListIds: network.prefixListIds,
                intent: network.intent,
                existing: {},
                outputs: {},
            };
        }
        case "shared": {
            const network = new SharedNetwork("lab", {
                ...config,
                region,
                needs: plan.interfaceEndpoints,
                tags,
            });
            return {
                vpcId: network.vpcId,
                privateSubnetIds: network.privateSubnetIds,
                isolatedSubnetIds: network.isolatedSubnetIds,
                prefixListIds: network.prefixListIds,
                intent: network.intent,
                existing: network.existing,
                outputs: {},
            };
        }
    }
}
