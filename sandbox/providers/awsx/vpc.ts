import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { layOutSubnets, type PlannedSubnet, type ResolvedSubnetSpec } from "./subnet-layout";
import type { VpcArgs } from "./vpc-args";

const DEFAULT_CIDR_BLOCK = "10.0.0.0/16";
const INTERNET = "0.0.0.0/0";

/** The outputs of an `awsx:ec2:Vpc`. */
export interface VpcOutputs extends pulumi.Inputs {
    readonly vpc: aws.ec2.Vpc;
    readonly vpcId: pulumi.Output<string>;
    readonly internetGateway: aws.ec2.InternetGateway;
    readonly subnets: aws.ec2.Subnet[];
    readonly publicSubnets: aws.ec2.Subnet[];
    readonly privateSubnets: aws.ec2.Subnet[];
    readonly isolatedSubnets: aws.ec2.Subnet[];
    readonly publicSubnetIds: pulumi.Output<string>[];
    readonly privateSubnetIds: pulumi.Output<string>[];
    readonly isolatedSubnetIds: pulumi.Output<string>[];
    readonly routeTables: aws.ec2.RouteTable[];
    readonly routeTableAssociations: aws.ec2.RouteTableAssociation[];
    readonly routes: aws.ec2.Route[];
    readonly eips: aws.ec2.Eip[];
    readonly natGateways: aws.ec2.NatGateway[];
    readonly vpcEndpoints: aws.ec2.VpcEndpoint[];
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
        const vpc = new aws.ec2.Vpc(
            name,
            { cidrBlock, enableDnsHostnames, enableDnsSupport, instanceTenancy, tags },
            { parent: this },
        );
        const internetGateway = new aws.ec2.InternetGateway(name, { vpcId: vpc.id, tags }, under(vpc));

        const subnets: { readonly planned: PlannedSubnet; readonly subnet: aws.ec2.Subnet }[] = [];
        const routeTables: aws.ec2.RouteTable[] = [];
        const routeTableAssociations: aws.ec2.RouteTableAssociation[] = [];
        const routes: aws.ec2.Route[] = [];
        const eips: aws.ec2.Eip[] = [];
        const natGateways: aws.ec2.NatGateway[] = [];

        const createNatGateway = (zone: number, subnet: aws.ec2.Subnet): void => {
            const natName = `${name}-${zone + 1}`;
            const natTags = { ...args.tags, Name: natName };
            const eip = new aws.ec2.Eip(natName, { tags: natTags }, under(subnet));
            const { allocationId } = eip;
            eips.push(eip);
            natGateways.push(
                new aws.ec2.NatGateway(
                    natName,
                    { subnetId: subnet.id, allocationId, tags: natTags },
                    under(subnet),
                ),
            );
        };

        for (const planned of layout.subnets) {
            const { type, name: subnetName } = planned;
            const zone = zones.indexOf(planned.zone);
            const own = { Name: subnetName, SubnetType: type };
            const subnet = new aws.ec2.Subnet(
                subnetName,
                {
                    vpcId: vpc.id,
                    availabilityZone: planned.zone,
                    cidrBlock: planned.cidrBlock,
                    mapPublicIpOnLaunch: type === "Public",
                    assignIpv6AddressOnCreation: false,
                    tags: { ...tags, ...planned.tags, ...own },
                },
                under(vpc),
            );
            subnets.push({ planned, subnet });
            // The spec's own tags are not on its route table.
            const table = new aws.ec2.RouteTable(
                subnetName,
                { vpcId: vpc.id, tags: { ...tags, ...own } },
                under(subnet),
            );
            routeTables.push(table);
            routeTableAssociations.push(
                new aws.ec2.RouteTableAssociation(
                    subnetName,
                    { routeTableId: table.id, subnetId: subnet.id },
                    under(table),
                ),
            );
            if (type === "Public" && natGateways.length < wantedNatGateways(natStrategy, zone)) {
                createNatGateway(zone, subnet);
            }
            const target =
                type === "Public"
                    ? { gatewayId: internetGateway.id }
                    : type === "Private" && natStrategy !== "None"
                      ? { natGatewayId: natGateways[natStrategy === "Single" ? 0 : zone]?.id }
                      : undefined;
            if (target !== undefined) {
                const route = { routeTableId: table.id, destinationCidrBlock: INTERNET, ...target };
                routes.push(new aws.ec2.Route(subnetName, route, under(table)));
            }
        }

        const ofType = (type: string): aws.ec2.Subnet[] =>
            subnets.filter(({ planned }) => planned.type === type).map(({ subnet }) => subnet);
        const [publicSubnets, privateSubnets, isolatedSubnets] = [
            ofType("Public"),
            ofType("Private"),
            ofType("Isolated"),
        ];
        this.outputs = {
            vpc,
            vpcId: vpc.id,
            internetGateway,
            subnets: subnets.map(({ subnet }) => subnet),
            publicSubnets,
            privateSubnets,
            isolatedSubnets,
            publicSubnetIds: publicSubnets.map(({ id }) => id),
            privateSubnetIds: privateSubnets.map(({ id }) => id),
            isolatedSubnetIds: isolatedSubnets.map(({ id }) => id),
            routeTables,
            routeTableAssociations,
            routes,
            eips,
            natGateways,
            vpcEndpoints: [],
            subnetLayout: layout.resolved,
        };
        // The outputs go to the program by the answer to construct; the official component registers none.
        this.registerOutputs();
    }
}

/** A child of a resource that also waits for it, as every child but the VPC does. */
function under(parent: pulumi.Resource): pulumi.CustomResourceOptions {
    return { parent, dependsOn: [parent] };
}

/** How many NAT gateways there are when the zone with this index has its own. */
function wantedNatGateways(strategy: string, zone: number): number {
    return strategy === "None" ? 0 : strategy === "Single" ? 1 : zone + 1;
}
