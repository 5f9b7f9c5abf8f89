import type { Message } from "./message";
import { ALLOW_IN_ACL } from "./remedies";

/** Network ACLs. */
export const NETWORK_ACLS = {
    NACL_REPLACED: {
        code: "SUBNET_ACL_RESTRICTION",
        row: 24,
        severity: "error",
        repairer: "automatic",
        stops: ["acl"],
        template:
            "Subnet {component} {is|was} associated with network ACL {actualNetworkAclId} (expected: {networkAclId})",
        args: { actualNetworkAclId: "id", networkAclId: "id", associationId: "id" },
        seenBy: "DescribeNetworkAcls: Associations[].SubnetId",
        remedy: "restore it: aws ec2 replace-network-acl-association --association-id {associationId} --network-acl-id {networkAclId}",
    },
    SUBNET_ACL_RESTRICTION: {
        code: "SUBNET_ACL_RESTRICTION",
        severity: "error",
        analysis: true,
        stops: ["acl"],
        template:
            "Network ACL {component} of {subnet} {denies|denied} {direction} {leg}{traffic} by rule {rule}",
        args: { subnet: "id", traffic: "traffic" },
        remedy: "Add an entry that allows it, with a lower number than the one that denies it. Replies need entries of their own.",
    },
    NACL_DENIES: {
        code: "SUBNET_ACL_RESTRICTION",
        row: 20,
        severity: "error",
        repairer: "proposed",
        stops: ["acl"],
        template: "Network ACL {component} {does|did} not allow {traffic}: rule {rule} {denies|denied} it",
        args: { traffic: "aclTraffic", rule: "aclRule" },
        seenBy: "DescribeNetworkAcls: Entries in the order of RuleNumber",
        remedy: ALLOW_IN_ACL,
    },
    NACL_DENIES_RETURN: {
        code: "SUBNET_ACL_RESTRICTION",
        row: 21,
        severity: "error",
        repairer: "proposed",
        stops: ["acl"],
        template:
            "Network ACL {component} {does|did} not allow the replies, {traffic}: rule {rule} {denies|denied} them",
        args: { traffic: "aclTraffic", rule: "aclRule" },
        seenBy: "DescribeNetworkAcls: Entries of the reverse direction",
        remedy: ALLOW_IN_ACL,
    },
    NACL_DENY_SHADOWS_ALLOW: {
        code: "SUBNET_ACL_RESTRICTION",
        row: 23,
        severity: "error",
        repairer: "proposed",
        stops: ["acl"],
        template:
            "Network ACL {component} {has|had} a rule that allows {traffic}, but rule {rule} {denies|denied} it first",
        args: { traffic: "aclTraffic", rule: "aclRule" },
        seenBy: "DescribeNetworkAcls: Entries in the order of RuleNumber",
        remedy: ALLOW_IN_ACL,
    },
    NACL_LACKS_SERVICE: {
        code: "SUBNET_ACL_RESTRICTION",
        row: 38,
        severity: "error",
        repairer: "proposed",
        stops: ["acl"],
        template:
            "Network ACL {component} {does|did} not allow {traffic}, the addresses of {service}: rule {rule} {denies|denied} them",
        args: { traffic: "aclTraffic", rule: "aclRule", service: "text" },
        seenBy: "GetManagedPrefixListEntries against DescribeNetworkAcls: Entries",
        remedy: ALLOW_IN_ACL,
    },
    X_NACL_EPHEMERAL_PARTIAL: {
        code: "X_NACL_EPHEMERAL_PARTIAL",
        severity: "error",
        analysis: true,
        stops: ["acl"],
        template:
            "Network ACL {component} of {subnet} {allows|allowed} the replies to only some of the ports {ports}: rule {rule} {denies|denied} the others",
        args: { subnet: "id", ports: "ports" },
        remedy: "Allow the whole range of ephemeral ports. A client uses any of them, so some connections fail and others do not.",
    },
    NACL_EPHEMERAL_PARTIAL: {
        code: "X_NACL_EPHEMERAL_PARTIAL",
        row: 22,
        severity: "error",
        repairer: "proposed",
        stops: ["acl"],
        template:
            "Network ACL {component} {allows|allowed} only some of the replies, {traffic}: rule {rule} {denies|denied} the others, so some connections {fail|failed}",
        args: { traffic: "aclTraffic", rule: "aclRule" },
        seenBy: "DescribeNetworkAcls: allowed ports against the clients' range",
        remedy: ALLOW_IN_ACL,
    },
} as const satisfies Record<string, Message>;
