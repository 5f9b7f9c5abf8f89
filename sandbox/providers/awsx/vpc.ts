// Each type from its own module: the package as a whole takes longer to load than all of them.
import { Eip } from "@pulumi/aws/ec2/eip";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway";
import { NatGateway } from "@pulumi/aws/ec2/natGateway";
import { Route } from "@pulumi/aws/ec2/route";
import { RouteTable } from "@pulumi/aws/ec2/routeTable";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation";
import { Subnet } from "@pulumi/aws/ec2/subnet";
import { Vpc as Network } from "@pulumi/aws/ec2/vpc";
import * as pulumi from "@pulumi/pulumi";
import { layOutSubnets, type PlannedSubnet, type ResolvedSubnetSpec } from "./subnet-layout";
import type { NatStrategy, VpcArgs } from "./vpc-args";

const DEFAULT_CIDR_BLOCK = "10.0.0.0/16";
const INTERNET = "0.0.0.0/0";

/** The outputs of an `awsx:ec2:Vpc`. */
export interface VpcOutputs extends pulumi.Inputs {
    readonly vpc: Network;
    readonly vpcId: pulumi.Output<string>;
    readonly internetGateway: InternetGateway;
    readonly subnets: Subnet[];
    readonly publicSubnets: Subnet[];
    readonly privateSubnets: Subnet[];
    readonly isolatedSubnets: Subnet[];
    readonly publicSubnetIds: pulumi.Output<string>[];
    readonly privateSubnetIds: pulumi.Output<string>[];
    readonly isolatedSubnetIds: pulumi.Output<string>[];
    readonly routeTables: RouteTable[];
    readonly routeTableAssociations: RouteTableAssociation[];
    readonly routes: Route[];
    readonly eips: Eip[];
    readonly natGateways: NatGateway[];
    readonly vpcEndpoints: never[];
    readonly subnetLayout: readonly ResolvedSubnetSpec[];
}

/**
 * The official component's resources for the arguments that the sandbox does: the same types, names, parents,
 * dependencies, tags and order.
 */
export class Vpc extends pulumi.ComponentResource {
    /** What the official component answers. */
    readonly outputs: VpcOutputs;

    /**
     * @param zones The availability zones, by name; the caller has looked them up if the arguments do not name them.
     * @throws when the ranges cannot work, before anything is registered.
     */
    constructor(
        name: string,
        args: VpcArgs,
        zones: readonly string[],
        opts: pulumi.ComponentResourceOptions,
    ) {
        const cidrBlock = args.cidrBlock ?? DEFAULT_CIDR_BLOCK;
        const natStrategy = args.natGateways?.strategy ?? "OnePerAz";
        const { subnetStrategy: strategy, subnetSpecs: specs } = args;
        const layout = layOutSubnets({ name, cidrBlock, zones, natStrategy, strategy, specs });
        super("awsx:ec2:Vpc", name, {}, opts);

        const tags = { Name: name, ...args.tags };
        const { enableDnsHostnames, enableDnsSupport, instanceTenancy } = args;
        const vpc = new Network(
            name,
            { cidrBlock, enableDnsHostnames, enableDnsSupport, instanceTenancy, tags },
            { parent: this },
        );
        const internetGateway = new InternetGateway(name, { vpcId: vpc.id, tags }, under(vpc));
        const made = new Subnets(name, args.tags ?? {}, zones, natStrategy, vpc, internetGateway);
        for (const planned of layout.subnets) made.create(planned);
        this.outputs = outputsOf(vpc, internetGateway, made, layout.resolved);
        // The outputs go to the program by the answer to construct; the official component registers none.
        this.registerOutputs();
    }
}

/** Subnets, each with its route table, in the order in which they are made. */
class Subnets {
    readonly subnets: { readonly type: string; readonly subnet: Subnet }[] = [];
    readonly routeTables: RouteTable[] = [];
    readonly routeTableAssociations: RouteTableAssociation[] = [];
    readonly routes: Route[] = [];
    readonly eips: Eip[] = [];
    readonly natGateways: NatGateway[] = [];

    constructor(
        private readonly name: string,
        private readonly tags: NonNullable<VpcArgs["tags"]>,
        private readonly zones: readonly string[],
        private readonly natStrategy: NatStrategy,
        private readonly vpc: Network,
        private readonly internetGateway: InternetGateway,
    ) {}

    create(planned: PlannedSubnet): void {
        const { type, name, zone, cidrBlock } = planned;
        const ownTags = { Name: name, SubnetType: type };
        const subnet = new Subnet(
            name,
            {
                vpcId: this.vpc.id,
                availabilityZone: zone,
                cidrBlock,
                mapPublicIpOnLaunch: type === "Public",
                assignIpv6AddressOnCreation: false,
                tags: { ...this.tags, ...planned.tags, ...ownTags },
            },
            under(this.vpc),
        );
        this.subnets.push({ type, subnet });
        // The spec's own tags are not on its route table.
        const tableTags = { ...this.tags, ...ownTags };
        const table = new RouteTable(name, { vpcId: this.vpc.id, tags: tableTags }, under(subnet));
        this.routeTables.push(table);
        const association = { routeTableId: table.id, subnetId: subnet.id };
        this.routeTableAssociations.push(new RouteTableAssociation(name, association, under(table)));
        const zoneIndex = this.zones.indexOf(zone);
        if (type === "Public" && this.natGateways.length < wantedNatGateways(this.natStrategy, zoneIndex))
            this.createNatGateway(zoneIndex, subnet);
        this.createRoute(planned, zoneIndex, table);
    }

    private createNatGateway(zoneIndex: number, subnet: Subnet): void {
        const name = `${this.name}-${zoneIndex + 1}`;
        const tags = { ...this.tags, Name: name };
        const eip = new Eip(name, { tags }, under(subnet));
        this.eips.push(eip);
        const args = { subnetId: subnet.id, allocationId: eip.allocationId, tags };
        this.natGateways.push(new NatGateway(name, args, under(subnet)));
    }

    /** The way to the internet, for subnets that have one. */
    private createRoute({ type, name }: PlannedSubnet, zoneIndex: number, table: RouteTable): void {
        const { natStrategy, natGateways } = this;
        const route = { routeTableId: table.id, destinationCidrBlock: INTERNET };
        if (type === "Public") {
            const args = { ...route, gatewayId: this.internetGateway.id };
            this.routes.push(new Route(name, args, under(table)));
        } else if (type === "Private" && natStrategy !== "None") {
            const natGatewayId = natGateways[natStrategy === "Single" ? 0 : zoneIndex]?.id;
            this.routes.push(new Route(name, { ...route, natGatewayId }, under(table)));
        }
    }

    ofType(type: string): Subnet[] {
        return this.subnets.filter((it) => it.type === type).map(({ subnet }) => subnet);
    }
}

function outputsOf(
    vpc: Network,
    internetGateway: InternetGateway,
    made: Subnets,
    subnetLayout: readonly ResolvedSubnetSpec[],
): VpcOutputs {
    const { routeTables, routeTableAssociations, routes, eips, natGateways } = made;
    const [publicSubnets, privateSubnets] = [made.ofType("Public"), made.ofType("Private")];
    const isolatedSubnets = made.ofType("Isolated");
    const ids = (subnets: Subnet[]) => subnets.map(({ id }) => id);
    return {
        vpc,
        vpcId: vpc.id,
        internetGateway,
        subnets: made.subnets.map(({ subnet }) => subnet),
        ...{ publicSubnets, privateSubnets, isolatedSubnets },
        publicSubnetIds: ids(publicSubnets),
        privateSubnetIds: ids(privateSubnets),
        isolatedSubnetIds: ids(isolatedSubnets),
        ...{ routeTables, routeTableAssociations, routes, eips, natGateways },
        vpcEndpoints: [],
        subnetLayout,
    };
}

/** A child of a resource that also waits for it, as every child but the VPC does. */
function under(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { parent, dependsOn: [parent] };
}

/** How many NAT gateways there are when the zone with this index has its own. */
function wantedNatGateways(strategy: NatStrategy, zoneIndex: number): number {
    return strategy === "None" ? 0 : strategy === "Single" ? 1 : zoneIndex + 1;
}
