import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { NetworkIntent, SubnetTier } from "../checks/intent";
import { planAddresses } from "./address-plan";
import { FlowLogs } from "./flow-logs";
import { GatewayEndpoints } from "./gateway-endpoints";
import { NatAddresses } from "./nat-addresses";
import { type NAT_STRATEGIES, networkSchema } from "./network/schema";
import { validated } from "./schema/problems";
import { childTags, identityTags, type Tags } from "./tags";

/** See {@link NAT_STRATEGIES}. */
export type NatStrategy = (typeof NAT_STRATEGIES)[number];

/** Arguments of a {@link Network}: the plain ones of its schema, and these, which may come from resources. */
export interface NetworkArgs extends z.input<typeof networkSchema> {
    /** The AWS account of the network, 12 digits. */
    accountId: pulumi.Input<string>;
    /** ARN of the KMS key for the flow logs; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /**
     * Tags of everything that can be tagged.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** What each part of a network is made from. */
interface Plan {
    readonly name: string;
    readonly args: NetworkArgs;
    /** The plain arguments, complete. */
    readonly settings: z.output<typeof networkSchema>;
    readonly parent: pulumi.Resource;
}

/** The tiers in the order in which awsx makes the subnets of one zone; {@link Network} reads its lists by this order. */
const TIERS: readonly SubnetTier[] = ["public", "private", "isolated"];

const SUBNET_TYPES = { public: "Public", private: "Private", isolated: "Isolated" } as const;
const AWSX_NAT_STRATEGIES = { none: "None", single: "Single", perAz: "OnePerAz" } as const;

/**
 * A VPC with three tiers of subnets in each zone: `public` (default route to the internet gateway, for NAT gateways), `private`
 * (default route to a NAT gateway) and `isolated` (no default route, for data stores).
 *
 * The private and isolated tiers reach S3 and DynamoDB by gateway endpoints. Flow logs record all traffic. The default security
 * group admits nothing. Subnets keep the VPC's default network ACL, which admits everything (control EC2.21): security groups
 * alone decide what may talk to what. A stateless copy of their rules would have to open all ephemeral ports. Adding a zone changes
 * no existing subnet: the address plan reserves its place.
 *
 * **Cost** (us-east-1): a NAT gateway is 0.045 USD an hour and 0.045 USD a GB; see {@link NatAddresses} and {@link FlowLogs}; gateway endpoints are free.
 */
export class Network extends pulumi.ComponentResource {
    /** Id of the VPC. */
    readonly vpcId: pulumi.Output<string>;
    /** IPv4 range of the VPC. */
    readonly vpcCidrBlock: string;
    /** Subnets with a route to the internet gateway, in the order of the zones. */
    readonly publicSubnetIds: pulumi.Output<string[]>;
    /** Subnets whose internet traffic goes through NAT, in the order of the zones. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** Subnets without a default route, in the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    /** Public addresses from which the private tier appears on the internet; for allow-lists of partners. */
    readonly natPublicIps: pulumi.Output<string[]>;
    /** Ids of the NAT gateways, one by one: a zone more leaves those of the others known. None without NAT. */
    readonly natGatewayIds: readonly pulumi.Output<string>[];
    /** Prefix lists of the services with a gateway endpoint: what a security group admits to reach them. */
    readonly prefixListIds: GatewayEndpoints["prefixListIds"];
    /** Name of the flow logs' log group. */
    readonly flowLogGroupName: pulumi.Output<string>;
    /**
     * What this network is meant to be: the connectivity checks compare the real one with it. Interface endpoints and flows that are
     * put into the network are to be added to it.
     */
    readonly intent: pulumi.Output<NetworkIntent>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Zones, addresses, NAT and endpoints.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link networkSchema}.
     */
    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:Network", name, {}, opts);
        const plan: Plan = { name, args, settings: validated(this, name, networkSchema, args), parent: this };
        warnOfSingleNatGateway(plan);

        const vpc = createVpc(plan);
        lockDefaultGroup(plan, vpc);
        this.natGatewayIds = natGatewayIdsOf(plan, vpc);
        const addedAddresses = addNatAddresses(plan, this.natGatewayIds);
        const endpoints = createGatewayEndpoints(plan, vpc);
        const flowLogs = createFlowLogs(plan, vpc);

        this.vpcId = vpc.vpcId;
        this.vpcCidrBlock = plan.settings.cidrBlock;
        this.publicSubnetIds = vpc.publicSubnetIds;
        this.privateSubnetIds = vpc.privateSubnetIds;
        this.isolatedSubnetIds = vpc.isolatedSubnetIds;
        this.natPublicIps = pulumi
            .all([firstAddresses(vpc), addedAddresses])
            .apply(([first, added]) => [...first, ...added]);
        this.prefixListIds = endpoints.prefixListIds;
        this.flowLogGroupName = flowLogs.logGroupName;
        this.intent = intentOf(plan, vpc, { natGatewayIds: this.natGatewayIds, endpoints });
        this.registerOutputs({
            vpcId: this.vpcId,
            publicSubnetIds: this.publicSubnetIds,
            privateSubnetIds: this.privateSubnetIds,
            isolatedSubnetIds: this.isolatedSubnetIds,
            natPublicIps: this.natPublicIps,
        });
    }
}

function warnOfSingleNatGateway({ settings, parent }: Plan): void {
    const zones = settings.availabilityZones;
    if (settings.natGateways !== "single" || zones.length === 1) return;
    void pulumi.log.warn(
        `one NAT gateway (in ${zones[0]}) serves ${zones.length} availability zones: when that zone fails, no private ` +
            `subnet reaches the internet. Set natGateways to "perAz" for anything that must stay up.`,
        parent,
    );
}

function createVpc({ name, args, settings, parent }: Plan): awsx.ec2.Vpc {
    const { cidrBlock, availabilityZones, natGateways } = settings;
    const ranges = planAddresses({ cidrBlock, availabilityZones, tiers: TIERS });
    return new awsx.ec2.Vpc(
        name,
        {
            cidrBlock,
            availabilityZoneNames: [...availabilityZones],
            subnetStrategy: "Auto",
            subnetSpecs: TIERS.map((tier) => ({ type: SUBNET_TYPES[tier], cidrBlocks: [...ranges[tier]] })),
            natGateways: { strategy: AWSX_NAT_STRATEGIES[natGateways] },
            enableDnsSupport: true,
            enableDnsHostnames: true,
            tags: { ...args.tags, Component: "network" },
        },
        { parent, transforms: [withoutPublicIpOnLaunch] },
    );
}

/** AWS makes a default group whose members may talk to each other. Without rules it admits nothing. */
function lockDefaultGroup({ name, args, parent }: Plan, { vpcId }: awsx.ec2.Vpc): void {
    const tags = childTags(args.tags, "network", `${name}-default-locked`);
    new aws.ec2.DefaultSecurityGroup(`${name}-default`, { vpcId, ingress: [], egress: [], tags }, { parent });
}

/** Ids of the NAT gateways, in the order of their zones. */
function natGatewayIdsOf({ settings }: Plan, vpc: awsx.ec2.Vpc): pulumi.Output<string>[] {
    const zones = settings.availabilityZones.length;
    const length = { none: 0, single: 1, perAz: zones }[settings.natGateways];
    return Array.from({ length }, (_, index) => vpc.natGateways.apply((gateways) => at(gateways, index).id));
}

/** @returns the addresses that were added. */
function addNatAddresses(
    { name, args, settings, parent }: Plan,
    natGatewayIds: readonly pulumi.Output<string>[],
): pulumi.Input<string[]> {
    const addresses = settings.natGatewayAddresses;
    if (natGatewayIds.length === 0 || addresses === 1) return [];
    return new NatAddresses(
        `${name}-nat-address`,
        { natGatewayIds: [...natGatewayIds], addresses, tags: args.tags },
        { parent },
    ).publicIps;
}

function createGatewayEndpoints({ name, args, settings, parent }: Plan, vpc: awsx.ec2.Vpc): GatewayEndpoints {
    return new GatewayEndpoints(
        `${name}-endpoint`,
        {
            vpcId: vpc.vpcId,
            region: args.region,
            routeTableIds: settings.availabilityZones.flatMap((_, zone) => [
                routeTableIdOf(vpc, "private", zone),
                routeTableIdOf(vpc, "isolated", zone),
            ]),
            tags: args.tags,
        },
        { parent },
    );
}

function createFlowLogs({ name, args, settings, parent }: Plan, { vpcId }: awsx.ec2.Vpc): FlowLogs {
    const { accountId, kmsKeyArn, tags } = args;
    return new FlowLogs(
        `${name}-flow-logs`,
        { vpcId, accountId, kmsKeyArn, retentionInDays: settings.flowLogRetentionInDays, tags },
        { parent },
    );
}

/** The addresses that the NAT gateways were made with. */
function firstAddresses(vpc: awsx.ec2.Vpc): pulumi.Output<string[]> {
    return vpc.natGateways.apply((gateways) => pulumi.all(gateways.map(({ publicIp }) => publicIp)));
}

/** What the network is meant to be; known once its routes and associations exist. */
function intentOf(
    { args, settings }: Plan,
    vpc: awsx.ec2.Vpc,
    parts: { natGatewayIds: readonly pulumi.Output<string>[]; endpoints: GatewayEndpoints },
): pulumi.Output<NetworkIntent> {
    const natOfZone = (zone: number) => parts.natGatewayIds[settings.natGateways === "single" ? 0 : zone];
    const intent = pulumi.output({
        region: args.region,
        vpcId: vpc.vpcId,
        internetGatewayId: vpc.internetGateway.apply((gateway) => gateway.id),
        subnets: settings.availabilityZones.flatMap((availabilityZone, zone) =>
            TIERS.map((tier) => ({
                subnetId: subnetIdOf(vpc, tier, zone),
                tier,
                availabilityZone,
                routeTableId: routeTableIdOf(vpc, tier, zone),
                natGatewayId: tier === "private" ? natOfZone(zone) : undefined,
            })),
        ),
        natGateways: vpc.natGateways.apply((gateways) =>
            pulumi.all(
                gateways.map(({ id }, zone) => ({
                    natGatewayId: id,
                    subnetId: subnetIdOf(vpc, "public", zone),
                })),
            ),
        ),
        gatewayEndpoints: parts.endpoints.intent,
        interfaceEndpoints: [],
        flows: [],
        ownerTags: identityTags(args.tags),
    });
    // The ids above are known before the routes and associations exist.
    const settled = pulumi.all([
        vpc.routes.apply((routes) => pulumi.all(routes.map((route) => route.id))),
        vpc.routeTableAssociations.apply((links) => pulumi.all(links.map((link) => link.id))),
    ]);
    return pulumi.all([intent, settled]).apply(([settledIntent]) => settledIntent);
}

function subnetIdOf(vpc: awsx.ec2.Vpc, tier: SubnetTier, zone: number): pulumi.Output<string> {
    const ids = {
        public: vpc.publicSubnetIds,
        private: vpc.privateSubnetIds,
        isolated: vpc.isolatedSubnetIds,
    };
    return ids[tier].apply((list) => at(list, zone));
}

function routeTableIdOf(vpc: awsx.ec2.Vpc, tier: SubnetTier, zone: number): pulumi.Output<string> {
    return vpc.routeTables.apply((tables) => at(tables, zone * TIERS.length + TIERS.indexOf(tier)).id);
}

/**
 * awsx makes public subnets give out public addresses. Only NAT gateways are there, which have their own. An instance that is
 * launched there by mistake is not to be on the internet (controls EC2.15 and CKV_AWS_130).
 */
const withoutPublicIpOnLaunch: pulumi.ResourceTransform = ({ type, props, opts }) =>
    type === "aws:ec2/subnet:Subnet" ? { props: { ...props, mapPublicIpOnLaunch: false }, opts } : undefined;

function at<T>(list: readonly T[], index: number): T {
    const item = list[index];
    if (item === undefined)
        throw new Error(`awsx returned ${list.length} items where item ${index} was expected`);
    return item;
}
