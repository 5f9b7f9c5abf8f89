import * as pulumi from "@pulumi/pulumi";

import type { NetworkIntent } from "../checks/intent";
import type { FlowPlan } from "../components/flows";
import { InterfaceEndpoints } from "../components/interface-endpoints";
import { type ExistingGroup, SecurityGroups } from "../components/security-groups";
import type { Tags } from "../components/tags";

/** A network to which groups, rules and endpoints are added: made here, adopted or shared. */
export interface BaseNetwork {
    readonly vpcId: pulumi.Output<string>;
    /** In the order of the zones. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** In the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    readonly prefixListIds: { readonly s3: pulumi.Output<string> };
    /** What the network is meant to be, without the plan's endpoints and flows. */
    readonly intent: pulumi.Output<NetworkIntent>;
}

/** What {@link connectNetwork} connects. */
export interface ConnectionArgs {
    readonly network: BaseNetwork;
    readonly region: string;
    readonly plan: FlowPlan;
    /**
     * Groups of the plan that exist already.
     * @default none
     */
    readonly existing?: Readonly<Record<string, ExistingGroup>>;
    readonly tags: Tags;
}

/** The groups of a network's flows, and the network with them. */
export interface ConnectedNetwork {
    readonly groups: SecurityGroups;
    /** What the network is meant to be, with all of it. */
    readonly intent: pulumi.Output<NetworkIntent>;
}

/**
 * Makes security groups, rules and interface endpoints from the plan of the flows, and hands the flows to the checks: whatever is
 * declared is made and proven from the same lines. Endpoints of a shared network are its owner's: with an existing group none are made.
 */
export function connectNetwork(name: string, args: ConnectionArgs): ConnectedNetwork {
    const { network, plan, region, tags, existing } = args;
    const groups = new SecurityGroups(name, {
        vpcId: network.vpcId,
        groups: plan.groups,
        flows: plan.flows,
        prefixListIds: { s3: network.prefixListIds.s3 },
        existing,
        tags,
    });
    const endpointGroup = existing?.endpoints === undefined ? groups.ids.endpoints : undefined;
    const interfaceEndpoints =
        endpointGroup === undefined
            ? pulumi.output([])
            : new InterfaceEndpoints(`${name}-endpoint`, {
                  vpcId: network.vpcId,
                  region,
                  subnetIds: network.privateSubnetIds,
                  securityGroupIds: [endpointGroup],
                  services: plan.interfaceEndpoints,
                  tags,
              }).intent;
    const intent = pulumi
        .all([network.intent, interfaceEndpoints, groups.flows])
        .apply(([base, added, flows]): NetworkIntent => ({
            ...base,
            interfaceEndpoints: [...base.interfaceEndpoints, ...added],
            flows,
        }));
    return { groups, intent };
}
