import { z } from "zod";

import { addressPlanProblems } from "../address-plan";
import { idOf, logRetention, regionName, zoneNames, zoneProblems } from "../schema/aws";
import { listOf, oneOf, text, wholeNumber } from "../schema/fields";
import { judgedBy, together } from "../schema/problems";

/** How many NAT gateways carry the private subnets' traffic to the internet. */
export const NAT_STRATEGIES = ["none", "single", "perAz"] as const;

/** What a user decides about a network that is made: fields of `network` in a stack's configuration. */
export const networkSettings = {
    /**
     * IPv4 range of the VPC: private, from /16 to /22.
     * @default "10.0.0.0/16"
     */
    cidrBlock: text('an IPv4 range in quotes, such as "10.0.0.0/16"')
        .superRefine(judgedBy(addressPlanProblems))
        .default("10.0.0.0/16"),
    /**
     * The availability zones, by name. Append to add one: the position of a zone is part of its subnets' names, but only its name
     * decides about its address ranges.
     */
    availabilityZones: zoneNames(),
    /**
     * `perAz`: one NAT gateway in each zone. `single`: one for all zones; when its zone fails, all private subnets lose the
     * internet, and AWS bills traffic from other zones as cross-zone: it warns. `none`: private subnets reach only what has a VPC
     * endpoint.
     * @default "perAz"
     */
    natGateways: oneOf(NAT_STRATEGIES).default("perAz"),
    /**
     * Public addresses of each NAT gateway. Add some when `ErrorPortAllocation` is not 0: one address carries 55,000 connections at
     * a time to one destination.
     * @default 1
     */
    // AWS allows 2 for each gateway, and 8 on request (quota "Elastic IP addresses per public NAT gateway").
    natGatewayAddresses: wholeNumber(
        1,
        8,
        undefined,
        "; more than 2 need a higher quota of the account",
    ).default(1),
    /**
     * Days that flow log records are kept.
     * @default 365
     */
    flowLogRetentionInDays: logRetention().default(365),
};

const zonesOfRegion = together<{ readonly availabilityZones: readonly string[]; readonly region: string }>(
    ({ availabilityZones, region }) => zoneProblems(availabilityZones, region),
);

/** The plain arguments of a network that is made. */
export const networkSchema = z
    .object({
        /** The region of the network. */
        region: regionName(),
        ...networkSettings,
    })
    .check(zonesOfRegion);

const subnets = () => listOf(idOf("subnet", "subnet"), "a list of ids of subnets");

/** What a user says of a network that exists already: fields of `network` in a stack's configuration. */
export const adoptedNetworkSettings = {
    /** The VPC that exists. */
    vpcId: idOf("VPC", "vpc"),
    /** The zones of the subnets, in their order. */
    availabilityZones: zoneNames(),
    /** A subnet in each zone for what opens connections itself: instances and Studio. */
    privateSubnetIds: subnets(),
    /** A subnet in each zone for data stores. They may be the private ones. */
    isolatedSubnetIds: subnets(),
};

/** The plain arguments of a network that exists already. */
export const adoptedNetworkSchema = z
    .object({
        /** The region of the network. */
        region: regionName(),
        ...adoptedNetworkSettings,
    })
    .check(
        zonesOfRegion,
        together(({ availabilityZones, privateSubnetIds }) =>
            countProblems("privateSubnetIds", privateSubnetIds, availabilityZones),
        ),
        together(({ availabilityZones, isolatedSubnetIds }) =>
            countProblems("isolatedSubnetIds", isolatedSubnetIds, availabilityZones),
        ),
    );

function countProblems(key: string, ids: readonly string[], zones: readonly string[]) {
    if (ids.length === zones.length) return [];
    const allowed = `a subnet for each of the ${zones.length} zones, in their order`;
    return [{ key, value: ids, allowed }];
}

const STACK_NAME = "the full name of the foundation's stack: organization/project/stack";

/** What a user says of a network that a foundation shares: fields of `network` in a stack's configuration. */
export const sharedNetworkSettings = {
    /** Full name of the foundation's stack: organization/project/stack. */
    stack: text(STACK_NAME, /^[^/]+\/[^/]+\/[^/]+$/),
    /** The zones of the foundation that the lab uses. */
    availabilityZones: zoneNames(),
};

/** The plain arguments of a network that a foundation shares. */
export const sharedNetworkSchema = z
    .object({
        /** The region of the network. */
        region: regionName(),
        ...sharedNetworkSettings,
    })
    .check(zonesOfRegion);
