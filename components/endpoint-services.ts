import { listOf, oneOf } from "./schema/fields";

/** Services with a gateway endpoint: a route to the service's prefix list, without cost. These two are all there are. */
export const GATEWAY_ENDPOINT_SERVICES = ["s3", "dynamodb"] as const;

/** A service with a gateway endpoint; see {@link GATEWAY_ENDPOINT_SERVICES}. */
export type GatewayEndpointService = (typeof GATEWAY_ENDPOINT_SERVICES)[number];

/**
 * Services whose interface endpoint (AWS PrivateLink) the lab knows: those that its parts call. An endpoint costs 0.01 USD an hour
 * in each zone. So a lab has only those that its roles need, and others by configuration. Some controls ask for an endpoint whether
 * anything calls it or not. They are not followed: the configuration can add EC2.10 (ec2), EC2.55 (ecr.api) and EC2.56 (ecr.dkr);
 * nothing here uses EC2.58 (ssm-contacts) and EC2.60 (ssm-incidents).
 */
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

/** A list of services that get an interface endpoint. */
export const interfaceServices = () =>
    listOf(
        oneOf(INTERFACE_ENDPOINT_SERVICES, (service) =>
            GATEWAY_ENDPOINT_SERVICES.some((other) => other === service)
                ? "leave it out: it has a gateway endpoint, which is free"
                : undefined,
        ),
        "a list of service names",
        { once: "each service once: a VPC takes one private DNS endpoint of it" },
    );
