import type { Message } from "./message";

/** Names. */
export const DNS = {
    DNS_SUPPORT_OFF: {
        code: "X_DNS_SUPPORT_OFF",
        row: 1,
        severity: "error",
        repairer: "automatic",
        analysis: true,
        stops: ["path"],
        template:
            "DNS support of {component} {is|was} off: Amazon's resolver {answers|answered} no query from it",
        seenBy: "DescribeVpcAttribute: enableDnsSupport",
        remedy: "turn it on: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-support",
    },
    DNS_HOSTNAMES_OFF: {
        code: "X_DNS_HOSTNAMES_OFF",
        row: 2,
        severity: "error",
        repairer: "automatic",
        analysis: true,
        stops: ["path"],
        template: "DNS hostnames of {component} {are|were} off: private DNS of endpoints {has|had} no effect",
        seenBy: "DescribeVpcAttribute: enableDnsHostnames",
        remedy: "turn them on, after DNS support: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-hostnames",
    },
    DNS_CUSTOM: {
        code: "X_DNS_CUSTOM",
        row: 3,
        severity: "unknown",
        repairer: "person",
        analysis: true,
        stops: ["path"],
        template:
            "{vpcId} {uses|used} the DNS servers {servers} (DHCP options {component}): whether they resolve the private names of endpoints {is|was} not known",
        args: { vpcId: "vpcId", servers: "names" },
        seenBy: "DescribeDhcpOptions: domain-name-servers is not AmazonProvidedDNS",
        remedy: "Use AmazonProvidedDNS, or let those servers forward amazonaws.com to the resolver at the VPC base + 2.",
    },
    DNS_SHADOWED: {
        code: "X_DNS_SHADOW",
        row: 4,
        severity: "error",
        repairer: "person",
        template:
            "Private hosted zone {zone} ({component}) {is|was} associated with the VPC and {answers|answered} for AWS names instead of AWS",
        args: { zone: "text" },
        seenBy: "route53 ListHostedZonesByVPC: Name, Owner",
        remedy: "If nothing needs the zone, remove the association: aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id {component}",
    },
    X_DNS_ATTRIBUTES_UNREAD: {
        code: "X_DNS_ATTRIBUTES_UNREAD",
        severity: "unknown",
        analysis: true,
        template:
            "The snapshot {lacks|lacked} the DNS attributes of {component}: where the name of {service} leads {is|was} not known",
        args: { service: "text" },
        remedy: "Add enableDnsSupport and enableDnsHostnames under VpcAttributes (DescribeVpcAttribute), or take a new snapshot.",
    },
    X_HOSTED_ZONES_UNREAD: {
        code: "X_HOSTED_ZONES_UNREAD",
        severity: "unknown",
        analysis: true,
        template:
            "The snapshot {lacks|lacked} the private hosted zones of {component}, and {endpoint} in {vpc} {serves|served} {service}: where the name leads {is|was} not known",
        args: { endpoint: "id", vpc: "vpcId", service: "text" },
        remedy: "Take a snapshot that has HostedZones.",
    },
} as const satisfies Record<string, Message>;
