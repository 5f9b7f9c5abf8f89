import type { Problem } from "./validation";

/** Services with a gateway endpoint: a route to the service's prefix list, without cost. These two are all there are. */
export const GATEWAY_ENDPOINT_SERVICES = ["s3", "dynamodb"] as const;

/** A service with a gateway endpoint; see {@link GATEWAY_ENDPOINT_SERVICES}. */
export type GatewayEndpointService = (typeof GATEWAY_ENDPOINT_SERVICES)[number];

/**
 * Services whose interface endpoint (AWS PrivateLink) the lab knows: those that its parts call. Not each of them is made: an
 * endpoint costs 0.01 USD an hour in each zone, so that a lab has those that its roles cannot do without, and others by
 * configuration. Controls that want an endpoint whether anything calls it or not are not followed: EC2.10 (ec2), EC2.55 (ecr.api) and
 * EC2.56 (ecr.dkr), which the configuration can add, EC2.58 (ssm-contacts) and EC2.60 (ssm-incidents), which nothing here uses.
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

/** The name under which AWS offers a service to the endpoints of a region. */
export function endpointServiceName(region: string, service: string): string {
    return `com.amazonaws.${region}.${service}`;
}

/** What is wrong with a list of interface endpoint services. */
export function interfaceServiceProblems(services: readonly string[]): Problem[] {
    const known: readonly string[] = INTERFACE_ENDPOINT_SERVICES;
    const problems: Problem[] = [];
    services.forEach((service, index) => {
        const key = `services[${index}]`;
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
