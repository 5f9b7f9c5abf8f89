import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { NetworkIntent } from "../checks/intent";
import { othersNetworkIntent } from "./adopted-network";
import { sharedNetworkSchema } from "./network/schema";
import { validated } from "./schema/problems";
import type { ExistingGroup } from "./security-groups";
import type { Tags } from "./tags";

/** Arguments of a {@link SharedNetwork}: the plain ones of its schema, and these. */
export interface SharedNetworkArgs extends z.input<typeof sharedNetworkSchema> {
    /** The services whose interface endpoints the lab needs there. */
    readonly needs: readonly string[];
    readonly tags: Tags;
}

/**
 * The network of a foundation, by its outputs. Its endpoints and routes are the foundation's, whose own checks prove them; the lab adds
 * rules for its groups to the group of the endpoints, and takes them away again.
 */
export class SharedNetwork extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    readonly privateSubnetIds: pulumi.Output<string[]>;
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    readonly prefixListIds: { readonly s3: pulumi.Output<string> };
    readonly intent: pulumi.Output<NetworkIntent>;
    readonly existing: Readonly<Record<string, ExistingGroup>>;

    constructor(name: string, args: SharedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:SharedNetwork", name, {}, opts);
        validated(this, name, sharedNetworkSchema, args);
        const foundation = new pulumi.StackReference(
            `${name}-foundation`,
            { name: args.stack },
            { parent: this },
        );
        const output = <T>(key: string) => foundation.requireOutput(key) as pulumi.Output<T>;
        const zones = output<string[]>("availabilityZones");
        // A subnet for each zone of the lab, whichever and however many the foundation has.
        const subnets = (key: string) =>
            pulumi.all([zones, output<string[]>(key)]).apply(([names, ids]) =>
                args.availabilityZones.map((zone) => {
                    const id = ids[names.indexOf(zone)];
                    if (id === undefined)
                        throw new pulumi.RunError(
                            `network.availabilityZones: ${zone} is no zone of ${args.stack}, which has ${names.join(", ")}`,
                        );
                    return id;
                }),
            );
        this.vpcId = pulumi
            .all([output<string>("vpcId"), output<string[]>("interfaceEndpoints")])
            .apply(([vpcId, present]) => {
                const missing = args.needs.filter((service) => !present.includes(service));
                if (missing.length === 0) return vpcId;
                throw new pulumi.RunError(
                    `network.stack: ${args.stack} has no interface endpoint of ${missing.join(", ")}, which this lab needs: add ` +
                        `them to network.interfaceEndpoints there, or give the roles network.httpsEgress here`,
                );
            });
        this.privateSubnetIds = subnets("privateSubnetIds");
        this.isolatedSubnetIds = subnets("isolatedSubnetIds");
        this.prefixListIds = { s3: output("s3PrefixListId") };
        this.existing = { endpoints: { groupId: output("endpointSecurityGroupId"), addRules: true } };
        this.intent = othersNetworkIntent(args.region, this.vpcId, args.tags);
        this.registerOutputs({ vpcId: this.vpcId });
    }
}
