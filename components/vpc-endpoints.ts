import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import {
    ENDPOINT_RULE_DESCRIPTION,
    gatewayRuleDescription,
    type GatewayEndpointIntent,
    type InterfaceEndpointIntent,
} from "../checks/intent";
import { childTags, type Tags } from "./tags";
import { assertNoProblems, type Problem } from "./validation";

/** Services with a gateway endpoint: a route to the service's prefix list, without cost. These two are all there are. */
export const GATEWAY_ENDPOINT_SERVICES = ["s3", "dynamodb"] as const;

/** Services whose interface endpoint (AWS PrivateLink) the lab knows: those that its parts call. */
export const INTERFACE_ENDPOINT_SERVICES = [
    "ec2",
    "ec2messages",
    "ecr.api",
    "ecr.dkr",
    "kms",
    "logs",
    "monitoring",
    "sagemaker.api",
    "sagemaker.runtime",
    "secretsmanager",
    "ssm",
    "ssmmessages",
    "sts",
] as const;

/** A service with an interface endpoint; see {@link INTERFACE_ENDPOINT_SERVICES}. */
export type InterfaceEndpointService = (typeof INTERFACE_ENDPOINT_SERVICES)[number];

/** Arguments of {@link VpcEndpoints}. */
export interface VpcEndpointsArgs {
    /** The VPC. Its DNS support and DNS hostnames must be on, or private DNS is refused by AWS. */
    vpcId: pulumi.Input<string>;
    /** The region: it is part of every service name. */
    region: string;
    /** Route tables that get the gateway endpoints' routes. */
    routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Subnets that get an interface of each interface endpoint: at most one for each availability zone. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Services that get an interface endpoint with private DNS.
     * @default none
     */
    interfaceServices?: readonly InterfaceEndpointService[];
    /**
     * Tags of the endpoints and security groups.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * The endpoints through which a VPC reaches AWS services without the internet.
 *
 * S3 and DynamoDB get gateway endpoints; the listed services get interface endpoints with private DNS. The interface
 * endpoints admit TCP 443 from members of {@link clientSecurityGroupId} and from nobody else: give that group to whatever
 * is to use them. Membership, unlike an address range, survives a new subnet and admits no stranger in an old one.
 *
 * **Cost**: gateway endpoints are free; an interface endpoint costs 0.01 USD an hour in each zone (us-east-1), plus data.
 */
export class VpcEndpoints extends pulumi.ComponentResource {
    /** Members may open connections to the interface endpoints, S3 and DynamoDB on TCP 443. */
    readonly clientSecurityGroupId: pulumi.Output<string>;
    /** What the checks hold the gateway endpoints to. */
    readonly gatewayEndpoints: pulumi.Output<GatewayEndpointIntent[]>;
    /** What the checks hold the interface endpoints to. */
    readonly interfaceEndpoints: pulumi.Output<InterfaceEndpointIntent[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the endpoints are and which there are.
     * @param opts Component options.
     * @throws when a service is listed twice or is not one of {@link INTERFACE_ENDPOINT_SERVICES}.
     */
    constructor(name: string, args: VpcEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:VpcEndpoints", name, {}, opts);
        const services = args.interfaceServices ?? [];
        assertNoProblems(this, name, interfaceServiceProblems(services));

        const child = { parent: this };
        const serviceName = (service: string) => `com.amazonaws.${args.region}.${service}`;
        const tags = (childName: string) => childTags(args.tags, "network", childName);

        const clients = new aws.ec2.SecurityGroup(
            `${name}-clients`,
            {
                vpcId: args.vpcId,
                description: "Clients of the VPC endpoints",
                tags: tags(`${name}-clients`),
            },
            child,
        );

        const gateways = GATEWAY_ENDPOINT_SERVICES.map((service) => {
            const childName = `${name}-${service}`;
            const endpoint = new aws.ec2.VpcEndpoint(
                childName,
                {
                    vpcId: args.vpcId,
                    vpcEndpointType: "Gateway",
                    serviceName: serviceName(service),
                    routeTableIds: args.routeTableIds,
                    tags: tags(childName),
                },
                child,
            );
            // By content, not by rule id: a rule that a repair puts back must be this resource again, not its duplicate.
            const rule = new aws.ec2.SecurityGroupRule(
                `${name}-clients-to-${service}`,
                {
                    type: "egress",
                    securityGroupId: clients.id,
                    prefixListIds: [endpoint.prefixListId],
                    protocol: "tcp",
                    fromPort: 443,
                    toPort: 443,
                    description: gatewayRuleDescription(service),
                },
                child,
            );
            // Known only with the rule: a check that came before it would make it first.
            return pulumi
                .all([service, endpoint.id, args.routeTableIds, rule.id])
                .apply(([of, vpcEndpointId, routeTableIds]) => ({
                    service: of,
                    vpcEndpointId,
                    routeTableIds,
                }));
        });

        const endpointGroup =
            services.length > 0
                ? this.createEndpointGroup(name, args, clients.id, tags(`${name}-interfaces`))
                : undefined;
        const interfaces = services.map((service) => {
            const childName = `${name}-${service}`;
            const securityGroupIds = endpointGroup ? [endpointGroup.groupId] : [];
            const endpoint = new aws.ec2.VpcEndpoint(
                childName,
                {
                    vpcId: args.vpcId,
                    vpcEndpointType: "Interface",
                    serviceName: serviceName(service),
                    subnetIds: args.subnetIds,
                    securityGroupIds,
                    privateDnsEnabled: true,
                    tags: tags(childName),
                },
                { ...child, dependsOn: endpointGroup?.rules },
            );
            return pulumi.output({
                service,
                vpcEndpointId: endpoint.id,
                subnetIds: args.subnetIds,
                securityGroupIds,
            });
        });

        this.clientSecurityGroupId = clients.id;
        this.gatewayEndpoints = pulumi.all(gateways);
        this.interfaceEndpoints = pulumi.all(interfaces);
        this.registerOutputs({ clientSecurityGroupId: this.clientSecurityGroupId });
    }

    /** The group of the endpoints' interfaces. They never open connections, so it has no egress rule. */
    private createEndpointGroup(
        name: string,
        args: VpcEndpointsArgs,
        clientGroupId: pulumi.Output<string>,
        tags: Record<string, pulumi.Input<string>>,
    ): { groupId: pulumi.Output<string>; rules: pulumi.Resource[] } {
        const group = new aws.ec2.SecurityGroup(
            `${name}-interfaces`,
            { vpcId: args.vpcId, description: "Interfaces of the VPC endpoints", tags },
            { parent: this },
        );
        const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
        const ingress = new aws.ec2.SecurityGroupRule(
            `${name}-interfaces-from-clients`,
            {
                type: "ingress",
                securityGroupId: group.id,
                sourceSecurityGroupId: clientGroupId,
                ...https,
                description: ENDPOINT_RULE_DESCRIPTION,
            },
            { parent: this },
        );
        const egress = new aws.ec2.SecurityGroupRule(
            `${name}-clients-to-interfaces`,
            {
                type: "egress",
                securityGroupId: clientGroupId,
                sourceSecurityGroupId: group.id,
                ...https,
                description: ENDPOINT_RULE_DESCRIPTION,
            },
            { parent: this },
        );
        return { groupId: group.id, rules: [ingress, egress] };
    }
}

/** What is wrong with a list of interface endpoint services. */
export function interfaceServiceProblems(services: readonly string[]): Problem[] {
    const known: readonly string[] = INTERFACE_ENDPOINT_SERVICES;
    const problems: Problem[] = [];
    services.forEach((service, index) => {
        const key = `interfaceServices[${index}]`;
        if ((GATEWAY_ENDPOINT_SERVICES as readonly string[]).includes(service)) {
            problems.push({
                key,
                value: service,
                allowed: "leave it out: it has a gateway endpoint, which is free",
            });
        } else if (!known.includes(service)) {
            problems.push({ key, value: service, allowed: `one of ${known.join(", ")}` });
        } else if (services.indexOf(service) < index) {
            problems.push({
                key,
                value: service,
                allowed: "each service once: a VPC takes one private DNS endpoint of it",
            });
        }
    });
    return problems;
}
