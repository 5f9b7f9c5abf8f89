import { z } from "zod";

import { addressPlanProblems } from "../../components/address-plan";
import { type InterfaceEndpointService, interfaceServiceProblems } from "../../components/endpoint-services";
import { HTTPS_EGRESS_ROLES, httpsEgressProblems, type Role } from "../../components/flows";
import { retentionProblems } from "../../components/flow-logs";
import { natAddressProblems } from "../../components/nat-addresses";
import { NAT_STRATEGIES } from "../../components/network";
import { zoneProblems } from "../../components/schema/aws";
import { adoptedNetworkProblems } from "../../components/adopted-network";
import { allowed, judgedBy, object, oneOf, text, valueJudgedBy } from "./common";

const zones = (region: string) =>
    z
        .array(text(`the name of a zone, such as ${region}a`), allowed("a list of zone names"))
        .superRefine(valueJudgedBy((given) => zoneProblems(given, region)));

const interfaceEndpoints = z
    .array(text("the name of a service, such as ssm"), allowed("a list of service names"))
    .superRefine(valueJudgedBy(interfaceServiceProblems))
    .transform((services) => services as InterfaceEndpointService[])
    .default([]);

const httpsEgress = z
    .array(oneOf(HTTPS_EGRESS_ROLES), allowed(`a list of roles: ${HTTPS_EGRESS_ROLES.join(", ")}`))
    .transform((roles) => roles as Role[])
    .default([]);

const ids = (what: string) => z.array(text(`the id of a ${what}`), allowed(`a list of ids of ${what}s`));

/** The network of a stack in `region`: made, adopted by id, or shared by another stack. */
export const networkSchema = (region: string) =>
    z.preprocess(
        // Making one is what most stacks do.
        (given) => (isObject(given) && !("mode" in given) ? { mode: "create", ...given } : given),
        modesOf(region),
    );

const isObject = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);

const modesOf = (region: string) =>
    z.discriminatedUnion(
        "mode",
        [
            z
                .strictObject(
                    {
                        mode: z.literal("create"),
                        cidrBlock: z
                            .string(allowed('an IPv4 range in quotes, such as "10.0.0.0/16"'))
                            .superRefine(valueJudgedBy(addressPlanProblems))
                            .default("10.0.0.0/16"),
                        availabilityZones: zones(region),
                        natGateways: oneOf(NAT_STRATEGIES).default("perAz"),
                        natGatewayAddresses: z
                            .number(allowed("a number of addresses"))
                            .superRefine(valueJudgedBy(natAddressProblems))
                            .default(1),
                        interfaceEndpoints,
                        httpsEgress,
                        flowLogRetentionInDays: z
                            .number(allowed("a number of days"))
                            .superRefine(valueJudgedBy(retentionProblems))
                            .default(365),
                    },
                    object,
                )
                .superRefine(
                    judgedBy(({ httpsEgress: roles, natGateways }) =>
                        httpsEgressProblems(roles, natGateways !== "none"),
                    ),
                ),
            z
                .strictObject(
                    {
                        mode: z.literal("adopt"),
                        vpcId: text("the id of a VPC, vpc-..."),
                        availabilityZones: zones(region),
                        privateSubnetIds: ids("subnet"),
                        isolatedSubnetIds: ids("subnet"),
                        nat: z.boolean(allowed("true or false, without quotes")).default(true),
                        interfaceEndpoints,
                        httpsEgress,
                    },
                    object,
                )
                .superRefine(judgedBy(adoptedNetworkProblems))
                .superRefine(judgedBy(({ httpsEgress: roles, nat }) => httpsEgressProblems(roles, nat))),
            z.strictObject(
                {
                    mode: z.literal("shared"),
                    stack: text("the full name of the foundation's stack").regex(
                        /^[^/]+\/[^/]+\/[^/]+$/,
                        allowed("the full name of the foundation's stack: organization/project/stack"),
                    ),
                    availabilityZones: zones(region),
                    httpsEgress,
                },
                object,
            ),
        ],
        allowed("an object whose mode is one of create, adopt, shared"),
    );
