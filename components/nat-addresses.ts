import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "./tags";

/** Arguments of {@link NatAddresses}. */
export interface NatAddressesArgs {
    /** The NAT gateways, in the order of their zones. */
    natGatewayIds: pulumi.Input<string>[];
    /** How many addresses each of them has, the one that it was made with included. */
    addresses: number;
    /**
     * Tags of the addresses.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * More public addresses for NAT gateways. Each carries 55,000 connections at a time to one destination: an address, a port and a
 * protocol.
 *
 * **Cost**: 0.005 USD an hour for each address (us-east-1).
 */
export class NatAddresses extends pulumi.ComponentResource {
    /** The addresses that were added. */
    readonly publicIps: pulumi.Output<string[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Which NAT gateways, and how many addresses each.
     * @param opts Component options.
     */
    constructor(name: string, args: NatAddressesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:NatAddresses", name, {}, opts);
        const child = { parent: this };
        const added = args.natGatewayIds.flatMap((natGatewayId, zone) => {
            // A gateway takes one change of its addresses at a time (OperationInProgress), and the provider does not try again:
            // each waits for the one before, and is taken away before it.
            const before: aws.ec2.NatGatewayEipAssociation[] = [];
            return Array.from({ length: args.addresses - 1 }, (_, index) => {
                const childName = `${name}-${zone + 1}-${index + 2}`;
                const address = new aws.ec2.Eip(
                    childName,
                    { domain: "vpc", tags: childTags(args.tags, "network", childName) },
                    child,
                );
                // Beside the gateway, which awsx makes: with addresses in both places they would overwrite each other.
                const association = new aws.ec2.NatGatewayEipAssociation(
                    childName,
                    { natGatewayId, allocationId: address.allocationId },
                    // An address that the old gateway still has cannot be given to its replacement.
                    { ...child, dependsOn: before.slice(-1), deleteBeforeReplace: true },
                );
                before.push(association);
                // Nobody relies on an address that the gateway does not have yet.
                return pulumi.all([address.publicIp, association.id]).apply(([publicIp]) => publicIp);
            });
        });
        this.publicIps = pulumi.all(added);
        this.registerOutputs({ publicIps: this.publicIps });
    }
}
