import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";

import { type NetworkIntent, type SubnetTier } from "../checks/intent";
import { addressPlanProblems, planAddresses } from "./address-plan";
import { FlowLogs, retentionProblems } from "./flow-logs";
import { GatewayEndpoints } from "./gateway-endpoints";
import { NatAddresses, natAddressProblems } from "./nat-addresses";
import { zoneProblems } from "./schema/aws";
import { childTags, identityTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** How many NAT gateways carry the private subnets' traffic to the internet; see {@link NetworkArgs.natGateways}. */
export const NAT_STRATEGIES = ["none", "single", "perAz"] as const;

/** See {@link NAT_STRATEGIES}. */
export type NatStrategy = (typeof NAT_STRATEGIES)[number];

/** Arguments of a {@link Network}. What decides which resources there are is plain; the rest may come from resources. */
export interface NetworkArgs {
    /** The AWS account of the network, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the network. */
    region: string;
    /**
     * The availability zones, by name. Append to add one: the position of a zone is part of its subnets' names.
     * Its address ranges hang on its name alone.
     */
    availabilityZones: readonly string[];
    /** ARN of the KMS key for the flow logs; its policy must admit CloudWatch Logs. */
    kmsKeyArn: pulumi.Input<string>;
    /**
     * IPv4 range of the VPC: private, from /16 to /22.
     * @default "10.0.0.0/16"
     */
    cidrBlock?: string;
    /**
     * `perAz`: one in each zone. `single`: one for all zones; when its zone fails, all private subnets lose the internet,
     * and traffic from other zones is billed as cross-zone: it warns. `none`: private subnets reach only what has a VPC endpoint.
     * @default "perAz"
     */
    natGateways?: NatStrategy;
    /**
     * Public addresses of each NAT gateway, 1 to 8. More are for when `ErrorPortAllocation` is not 0: one address carries 55,000
     * connections at a time to one destination. AWS allows more than 2 only on request.
     * @default 1
     */
    natGatewayAddresses?: number;
    /**
     * Days that flow log records are kept.
     * @default 365
     */
    flowLogRetentionInDays?: number;
    /**
     * Tags of everything that can be tagged.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/** The tiers in the order in which awsx makes the subnets of one zone; {@link Network} reads its lists by this order. */
const TIERS: readonly SubnetTier[] = ["public", "private", "isolated"];

const SUBNET_TYPES = { public: "Public", private: "Private", isolated: "Isolated" } as const;
const AWSX_NAT_STRATEGIES = { none: "None", single: "Single", perAz: "OnePerAz" } as const;

/**
 * A VPC with three tiers of subnets in each zone: `public` (default route to the internet gateway; NAT gateways live here),
 * `private` (default route to a NAT gateway) and `isolated` (no default route; data stores live here).
 *
 * S3 and DynamoDB are reached by gateway endpoints from the private and isolated tiers; flow logs record all traffic; the
 * default security group admits nothing. Subnets keep the VPC's default network ACL, which lets everything pass (control EC2.21):
 * what may talk to what is decided by security groups, once; a stateless copy of that would have to open all ephemeral ports, and
 * be right twice. Adding a zone changes no existing subnet: the address plan reserves its place.
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
     * What this network is meant to be; the connectivity checks hold the real one to it. Whoever adds interface endpoints and flows
     * adds them to it.
     */
    readonly intent: pulumi.Output<NetworkIntent>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Zones, addresses, NAT and endpoints.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; see {@link networkProblems}.
     */
    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:Network", name, {}, opts);
        assertNoProblems(this, name, networkProblems(args));

        const child = { parent: this };
        const cidrBlock = args.cidrBlock ?? "10.0.0.0/16";
        const natGateways = args.natGateways ?? "perAz";
        const zones = [...args.availabilityZones];
        if (natGateways === "single" && zones.length > 1) {
            void pulumi.log.warn(
                `one NAT gateway (in ${zones[0]}) serves ${zones.length} availability zones: when that zone fails, no private ` +
                    `subnet reaches the internet. Set natGateways to "perAz" for anything that must stay up.`,
                this,
            );
        }

        const plan = planAddresses({ cidrBlock, availabilityZones: zones, tiers: TIERS });
        const vpc = new awsx.ec2.Vpc(
            name,
            {
                cidrBlock,
                availabilityZoneNames: zones,
                subnetStrategy: "Auto",
                subnetSpecs: TIERS.map((tier) => ({ type: SUBNET_TYPES[tier], cidrBlocks: [...plan[tier]] })),
                natGateways: { strategy: AWSX_NAT_STRATEGIES[natGateways] },
                enableDnsSupport: true,
                enableDnsHostnames: true,
                tags: { ...args.tags, Component: "network" },
            },
            { parent: this, transforms: [withoutPublicIpOnLaunch] },
        );
        new aws.ec2.DefaultSecurityGroup(
            `${name}-default`,
            // AWS makes a default group that lets its members talk to each other; without rules it admits nothing.
            {
                vpcId: vpc.vpcId,
                ingress: [],
                egress: [],
                tags: childTags(args.tags, "network", `${name}-default-locked`),
            },
            child,
        );

        const natCount = { none: 0, single: 1, perAz: zones.length }[natGateways];
        const addresses = args.natGatewayAddresses ?? 1;
        const natAddresses =
            natCount === 0 || addresses === 1
                ? undefined
                : new NatAddresses(
                      `${name}-nat-address`,
                      {
                          natGatewayIds: Array.from({ length: natCount }, (_, zone) =>
                              vpc.natGateways.apply((gateways) => at(gateways, zone).id),
                          ),
                          addresses,
                          tags: args.tags,
                      },
                      child,
                  );

        const routeTableId = (tier: SubnetTier, zone: number) =>
            vpc.routeTables.apply((tables) => at(tables, zone * TIERS.length + TIERS.indexOf(tier)).id);
        const endpoints = new GatewayEndpoints(
            `${name}-endpoint`,
            {
                vpcId: vpc.vpcId,
                region: args.region,
                routeTableIds: zones.flatMap((_, zone) => [
                    routeTableId("private", zone),
                    routeTableId("isolated", zone),
                ]),
                tags: args.tags,
            },
            child,
        );
        const flowLogs = new FlowLogs(
            `${name}-flow-logs`,
            {
                vpcId: vpc.vpcId,
                accountId: args.accountId,
                kmsKeyArn: args.kmsKeyArn,
                retentionInDays: args.flowLogRetentionInDays,
                tags: args.tags,
            },
            child,
        );

        const subnetIds = {
            public: vpc.publicSubnetIds,
            private: vpc.privateSubnetIds,
            isolated: vpc.isolatedSubnetIds,
        };
        const subnetId = (tier: SubnetTier, zone: number) => subnetIds[tier].apply((ids) => at(ids, zone));
        const natGatewayCount = { none: 0, single: 1, perAz: zones.length }[natGateways];
        this.natGatewayIds = Array.from({ length: natGatewayCount }, (_, index) =>
            vpc.natGateways.apply((gateways) => at(gateways, index).id),
        );
        const natOfZone = (zone: number) => this.natGatewayIds[natGateways === "single" ? 0 : zone];

        this.vpcId = vpc.vpcId;
        this.vpcCidrBlock = cidrBlock;
        this.publicSubnetIds = vpc.publicSubnetIds;
        this.privateSubnetIds = vpc.privateSubnetIds;
        this.isolatedSubnetIds = vpc.isolatedSubnetIds;
        const firstPublicIps = vpc.natGateways.apply((gateways) =>
            pulumi.all(gateways.map((nat) => nat.publicIp)),
        );
        this.natPublicIps = pulumi
            .all([firstPublicIps, natAddresses?.publicIps ?? []])
            .apply(([first, added]) => [...first, ...added]);
        this.prefixListIds = endpoints.prefixListIds;
        this.flowLogGroupName = flowLogs.logGroupName;
        const intent = pulumi.output({
            region: args.region,
            vpcId: vpc.vpcId,
            internetGatewayId: vpc.internetGateway.apply((gateway) => gateway.id),
            subnets: zones.flatMap((availabilityZone, zone) =>
                TIERS.map((tier) => ({
                    subnetId: subnetId(tier, zone),
                    tier,
                    availabilityZone,
                    routeTableId: routeTableId(tier, zone),
                    natGatewayId: tier === "private" ? natOfZone(zone) : undefined,
                })),
            ),
            natGateways: vpc.natGateways.apply((gateways) =>
                pulumi.all(
                    gateways.map((nat, zone) => ({
                        natGatewayId: nat.id,
                        subnetId: subnetId("public", zone),
                    })),
                ),
            ),
            gatewayEndpoints: endpoints.intent,
            interfaceEndpoints: [],
            flows: [],
            ownerTags: identityTags(args.tags),
        });
        // The ids above are known before the routes and associations exist; whoever asks for the intent waits for those too.
        const settled = pulumi.all([
            vpc.routes.apply((routes) => pulumi.all(routes.map((route) => route.id))),
            vpc.routeTableAssociations.apply((links) => pulumi.all(links.map((link) => link.id))),
        ]);
        this.intent = pulumi.all([intent, settled]).apply(([settledIntent]) => settledIntent);
        this.registerOutputs({
            vpcId: this.vpcId,
            publicSubnetIds: this.publicSubnetIds,
            privateSubnetIds: this.privateSubnetIds,
            isolatedSubnetIds: this.isolatedSubnetIds,
            natPublicIps: this.natPublicIps,
        });
    }
}

/**
 * awsx makes public subnets hand out public addresses. Only NAT gateways live there, which bring their own; whatever else is
 * launched there by mistake shall not be on the internet for it (controls EC2.15 and CKV_AWS_130).
 */
const withoutPublicIpOnLaunch: pulumi.ResourceTransform = ({ type, props, opts }) =>
    type === "aws:ec2/subnet:Subnet" ? { props: { ...props, mapPublicIpOnLaunch: false }, opts } : undefined;

/** Everything about a network's arguments that cannot work; pure, so that a stack can ask before it begins. */
export function networkProblems(
    args: Pick<
        NetworkArgs,
        "region" | "availabilityZones" | "cidrBlock" | "flowLogRetentionInDays" | "natGatewayAddresses"
    >,
): Problem[] {
    return [
        ...natAddressProblems(args.natGatewayAddresses ?? 1),
        ...zoneProblems(args.availabilityZones, args.region),
        ...addressPlanProblems(args.cidrBlock ?? "10.0.0.0/16"),
        ...retentionProblems(args.flowLogRetentionInDays ?? 365).map((problem) => ({
            ...problem,
            key: "flowLogRetentionInDays",
        })),
    ];
}

function at<T>(list: readonly T[], index: number): T {
    const item = list[index];
    if (item === undefined)
        throw new Error(`awsx returned ${list.length} items where item ${index} was expected`);
    return item;
}
