import { REPAIRED_BY_FIX, type Message } from "./message";

/** What the checks say of names. */
export const DNS_MESSAGES = {
    DNS_SUPPORT_OFF: {
        code: "X_DNS_SUPPORT_OFF",
        row: 1,
        stage: "dns",
        severity: "error",
        repairer: "automatic",
        template: "DNS support of {component} is off: no name resolves inside it",
        seenBy: "DescribeVpcAttribute: enableDnsSupport",
        remedy: `${REPAIRED_BY_FIX} turn it on: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-support`,
    },
    DNS_HOSTNAMES_OFF: {
        code: "X_DNS_HOSTNAMES_OFF",
        row: 2,
        stage: "dns",
        severity: "error",
        repairer: "automatic",
        template: "DNS hostnames of {component} are off: the private names of endpoints cannot be used",
        seenBy: "DescribeVpcAttribute: enableDnsHostnames",
        remedy: `${REPAIRED_BY_FIX} turn them on: aws ec2 modify-vpc-attribute --vpc-id {component} --enable-dns-hostnames`,
    },
    DNS_CUSTOM: {
        code: "X_DNS_CUSTOM",
        row: 3,
        stage: "dns",
        severity: "error",
        repairer: "person",
        template:
            "The VPC uses DNS servers {servers} (DHCP options {component}): whether they know the private names of endpoints cannot be seen from here",
        seenBy: "DescribeDhcpOptions: domain-name-servers is not AmazonProvidedDNS",
        remedy: "Use AmazonProvidedDNS, or let those servers forward amazonaws.com to the resolver at the VPC base + 2.",
    },
    DNS_SHADOWED: {
        code: "X_DNS_SHADOW",
        row: 4,
        stage: "dns",
        severity: "error",
        repairer: "person",
        template:
            "Private hosted zone {zone} ({component}) is associated with the VPC and answers for AWS names instead of AWS",
        seenBy: "route53 ListHostedZonesByVPC: Name, Owner",
        remedy: "Take the association away, if nobody needs the zone: aws route53 disassociate-vpc-from-hosted-zone --hosted-zone-id {component}",
    },
} as const satisfies Record<string, Message>;
