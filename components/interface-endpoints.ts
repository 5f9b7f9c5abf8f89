import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { FULL_ACCESS_POLICY, type InterfaceEndpointIntent } from "../checks/intent";
import { endpointServiceName } from "../lib/aws/names";
import { interfaceServices } from "./endpoint-services";
import { validated } from "./schema/problems";
import { childTags, type Tags } from "./tags";

const interfaceEndpointsSchema = z.object({
    /** Services that get an endpoint, each with private DNS, so that their usual names lead to it. */
    services: interfaceServices(),
});

/** Arguments of {@link InterfaceEndpoints}: the plain ones of its schema, and these, which may come from resources. */
export interface InterfaceEndpointsArgs extends z.input<typeof interfaceEndpointsSchema> {
    /** The VPC. Its DNS support and DNS hostnames must be on, or private DNS is refused by AWS. */
    vpcId: pulumi.Input<string>;
    /** The region: it is part of every service name. */
    region: string;
    /** Subnets that get an interface of each endpoint: at most one for each availability zone. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    /** Groups of the endpoints' interfaces: they decide who may use them. An interface never opens a connection itself. */
    securityGroupIds: pulumi.Input<string>[];
    /**
     * Tags of the endpoints.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}

/**
 * The interface endpoints (AWS PrivateLink) through which a VPC reaches AWS services without the internet.
 *
 * **Cost**: 0.01 USD an hour for each service in each zone (us-east-1), plus data.
 */
export class InterfaceEndpoints extends pulumi.ComponentResource {
    /** What the checks hold the endpoints to. */
    readonly intent: pulumi.Output<InterfaceEndpointIntent[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Where the endpoints are and which there are.
     * @param opts Component options.
     * @throws when a service is listed twice or is not one of `INTERFACE_ENDPOINT_SERVICES`.
     */
    constructor(name: string, args: InterfaceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:InterfaceEndpoints", name, {}, opts);
        const { services } = validated(this, name, interfaceEndpointsSchema, args);

        const endpoints = services.map((service) => {
            const endpoint = new aws.ec2.VpcEndpoint(
                `${name}-${service}`,
                {
                    vpcId: args.vpcId,
                    vpcEndpointType: "Interface",
                    serviceName: endpointServiceName(args.region, service),
                    subnetIds: args.subnetIds,
                    securityGroupIds: args.securityGroupIds,
                    privateDnsEnabled: true,
                    tags: childTags(args.tags, "network", `${name}-${service}`),
                },
                { parent: this },
            );
            return pulumi.output({
                service,
                vpcEndpointId: endpoint.id,
                subnetIds: args.subnetIds,
                securityGroupIds: args.securityGroupIds,
                // None is given above, so that this is the program's; the resource's output would be whatever a refresh found.
                policy: FULL_ACCESS_POLICY,
            });
        });
        this.intent = pulumi.all(endpoints);
        this.registerOutputs({ intent: this.intent });
    }
}
