import {
    type Finding,
    isKnown,
    listAt,
    must,
    mustBe,
    mustBeAbsent,
    mustBeGiven,
    mustNotBeOn,
    type PlannedResource,
    unknown,
    valueAt,
    violation,
} from "./resource";

/** A range this short holds a good part of the internet: two halves of it are no better than 0.0.0.0/0. */
const SHORTEST_PREFIX = 8;

const isInternet = (range: string): boolean => Number(range.split("/")[1] ?? 0) < SHORTEST_PREFIX;

interface RuleView {
    readonly ingress: boolean;
    readonly ranges: readonly (readonly [property: string, value: unknown])[];
    readonly protocol: unknown;
    readonly fromPort: unknown;
    readonly toPort: unknown;
}

/** Both ways in which the SDK writes a rule. */
function viewOf({ type, inputs }: PlannedResource): RuleView {
    const standalone = type === "aws:ec2/securityGroupRule:SecurityGroupRule";
    const properties = standalone ? ["cidrBlocks", "ipv6CidrBlocks"] : ["cidrIpv4", "cidrIpv6"];
    return {
        ingress: standalone
            ? inputs.type === "ingress"
            : type === "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        ranges: properties.flatMap((property) =>
            listAt(inputs, property).map((value) => [property, value] as const),
        ),
        protocol: standalone ? inputs.protocol : inputs.ipProtocol,
        fromPort: inputs.fromPort,
        toPort: inputs.toPort,
    };
}

export const RULE_TYPES = [
    "aws:ec2/securityGroupRule:SecurityGroupRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];

/** Rules inside of a group and standalone ones take turns in removing each other; so do routes. */
export function inlineRules(resource: PlannedResource): Finding[] {
    switch (resource.type) {
        case "aws:ec2/securityGroup:SecurityGroup":
            return ["ingress", "egress"].flatMap((property) => mustBeAbsent(resource, property));
        case "aws:ec2/routeTable:RouteTable":
            return mustBeAbsent(resource, "routes");
        default:
            return [];
    }
}

/** Empty lists are what takes the rules out of a VPC's default group. */
export const lockedDefaultGroup = (resource: PlannedResource): Finding[] =>
    ["ingress", "egress"].flatMap((property) =>
        must(
            resource,
            property,
            (value) => Array.isArray(value) && value.length === 0,
            "an empty list, which locks the group",
        ),
    );

export function ingressFromInternet(resource: PlannedResource): Finding[] {
    const { ingress, ranges } = viewOf(resource);
    if (!ingress) return [];
    return ranges.flatMap(([property, range]) => {
        if (!isKnown(range)) return [unknown(property)];
        return isInternet(String(range)) ? [violation(property, `${String(range)} comes in`)] : [];
    });
}

export function egressToInternet(resource: PlannedResource): Finding[] {
    const { ingress, ranges, protocol, fromPort, toPort } = viewOf(resource);
    if (ingress) return [];
    const isHttps = protocol === "tcp" && fromPort === 443 && toPort === 443;
    return ranges.flatMap(([property, range]) => {
        if (!isKnown(range)) return [unknown(property)];
        return isInternet(String(range)) && !isHttps
            ? [violation(property, `${String(range)} is reached by more than HTTPS`)]
            : [];
    });
}

/** SSH and Remote Desktop. */
const ADMINISTRATION_PORTS = [22, 3389];

/** From anywhere, also from inside: sessions are those of Systems Manager. */
export function administrationPorts(resource: PlannedResource): Finding[] {
    const { ingress, protocol, fromPort, toPort } = viewOf(resource);
    if (!ingress) return [];
    if (![protocol, fromPort, toPort].every(isKnown)) return [unknown("fromPort")];
    const all = protocol === "-1" || protocol === "all";
    return ADMINISTRATION_PORTS.filter(
        (port) => all || (protocol !== "udp" && Number(fromPort) <= port && port <= Number(toPort)),
    ).map((port) => violation("fromPort", `port ${port} is open`));
}

export const described = (resource: PlannedResource): Finding[] => mustBeGiven(resource, "description");

/** What would get an address that the internet reaches, other than a NAT gateway. */
export function publicAddresses(resource: PlannedResource): Finding[] {
    switch (resource.type) {
        case "aws:ec2/instance:Instance":
            return mustNotBeOn(resource, "associatePublicIpAddress");
        case "aws:ec2/launchTemplate:LaunchTemplate":
            return listAt(resource.inputs, "networkInterfaces").flatMap((inputs) =>
                isKnown(inputs)
                    ? must(
                          { inputs: inputs as Record<string, unknown> },
                          "associatePublicIpAddress",
                          (value) => value === undefined || value === false || value === "false",
                          "off",
                      )
                    : [unknown("networkInterfaces")],
            );
        case "aws:ec2/subnet:Subnet":
            return mustNotBeOn(resource, "mapPublicIpOnLaunch");
        case "aws:neptune/clusterInstance:ClusterInstance":
            return mustNotBeOn(resource, "publiclyAccessible");
        default:
            return [];
    }
}

/** Instances ask who they are with a session token (IMDSv2), which no request forged in a container's place gets. */
export const instanceMetadata = (resource: PlannedResource): Finding[] => [
    ...mustBe(resource, "metadataOptions.httpTokens", "required"),
    ...mustBe(resource, "metadataOptions.httpPutResponseHopLimit", 1),
];

export function keyPairs(resource: PlannedResource): Finding[] {
    return resource.type === "aws:ec2/keyPair:KeyPair"
        ? [violation("keyName", "there is a key pair")]
        : mustBeAbsent(resource, "keyName");
}

/** Names and zones that are looked up in the VPC alone. */
export const privateZones = (resource: PlannedResource): Finding[] =>
    valueAt(resource.inputs, "vpcs") === undefined ? [violation("vpcs", "the zone is public")] : [];
