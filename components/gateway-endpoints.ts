import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { FULL_ACCESS_POLICY, type GatewayEndpointIntent } from "../checks/intent";
import { endpointServiceName } from "../lib/aws/names";
import { GATEWAY_ENDPOINT_SERVICES, type GatewayEndpointService } from "./endpoint-services";
import { childTags, type Tags } from "./tags";

/** Arguments of {@link GatewayEndpoints}. */
export interface GatewayEndpointsArgs {
    /** The VPC of the endpoints. */
    vpcId: pulumi.Input<string>;
    /** The region: it is part of every service name. */
    region: string;
    /** Route tables that get a route to each service's prefix list. */
    routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
    /**
     * Tags of the endpoints.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * The gateway endpoints of a VPC: S3 and DynamoDB are reached by a route instead of through NAT. A security group admits a service by
 * its prefix list ({@link prefixListIds}).
 *
 * **Cost**: none.
 */
export class GatewayEndpoints extends pulumi.ComponentResource {
    /** Ids of the services' managed prefix lists, by service. */
    readonly prefixListIds: Readonly<Record<GatewayEndpointService, pulumi.Output<string>>>;
    /** What the checks hold the endpoints to. */
    readonly intent: pulumi.Output<GatewayEndpointIntent[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the endpoints are.
     * @param opts Component options.
     */
    constructor(name: string, args: GatewayEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:GatewayEndpoints", name, {}, opts);
        const create = (service: GatewayEndpointService) =>
            new aws.ec2.VpcEndpoint(
                `${name}-${service}`,
                {
                    vpcId: args.vpcId,
                    vpcEndpointType: "Gateway",
                    serviceName: endpointServiceName(args.region, service),
                    routeTableIds: args.routeTableIds,
                    tags: childTags(args.tags, "network", `${name}-${service}`),
                },
                { parent: this },
            );
        const endpoints = { s3: create("s3"), dynamodb: create("dynamodb") };
        this.prefixListIds = {
            s3: endpoints.s3.prefixListId,
            dynamodb: endpoints.dynamodb.prefixListId,
        };
        this.intent = pulumi.all(
            GATEWAY_ENDPOINT_SERVICES.map((service) =>
                pulumi.output({
                    service,
                    vpcEndpointId: endpoints[service].id,
                    routeTableIds: args.routeTableIds,
                    // None is given above, so that this is the program's; the resource's output would be whatever a refresh found.
                    policy: FULL_ACCESS_POLICY,
                }),
            ),
        );
        this.registerOutputs({ prefixListIds: this.prefixListIds });
    }
}
