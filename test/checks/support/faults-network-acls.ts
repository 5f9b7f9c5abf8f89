import type { NetworkAclEntry } from "@aws-sdk/client-ec2";

import type { NetworkIntent } from "../../../checks/intent";
import type { FindingId } from "../../../checks/messages";
import type { FakeEc2 } from "./fake-ec2";
import type { Fault } from "./faults";
import { DEFAULT_ACL, FOREIGN_ACL, OWN_ACL } from "./network";

/** Faults of network ACLs: rows 20 to 24 and, for the addresses of S3, 38. */
export function networkAclFaults(intent: NetworkIntent): Fault[] {
    const own = intent.subnets.some(({ networkAclId }) => networkAclId === OWN_ACL);
    const networkAclId = own ? OWN_ACL : DEFAULT_ACL;
    const replaced = intent.subnets.map(({ subnetId }): Fault => ({
        row: 24,
        slot: `acl ${subnetId}`,
        automatic: true,
        expected: { id: "NACL_REPLACED", component: subnetId },
        inject: (ec2) => {
            const acl = ec2.networkAcl(networkAclId);
            acl.Associations = acl.Associations?.filter((one) => one.SubnetId !== subnetId);
            ec2.associateAcl(ec2.networkAcl(FOREIGN_ACL), subnetId);
        },
    }));
    /** The direction's entry that admits everything is there, unless `without` takes it away. */
    const entries = (
        row: number,
        message: FindingId,
        Egress: boolean,
        change: (entries: NetworkAclEntry[]) => NetworkAclEntry[],
    ): Fault => ({
        row,
        slot: `entries ${Egress}`,
        automatic: false,
        ...(own ? { proposed: true as const } : {}),
        expected: { id: message, component: networkAclId },
        inject: (ec2: FakeEc2) => {
            const acl = ec2.networkAcl(networkAclId);
            acl.Entries = [
                ...(acl.Entries ?? []).filter((one) => one.Egress !== Egress),
                ...change((acl.Entries ?? []).filter((one) => one.Egress === Egress)),
            ];
        },
    });
    const entry = (
        RuleNumber: number,
        RuleAction: "allow" | "deny",
        Egress: boolean,
        From: number,
        To: number,
        CidrBlock: string,
    ): NetworkAclEntry => ({
        RuleNumber,
        RuleAction,
        Protocol: "6",
        Egress,
        CidrBlock,
        PortRange: { From, To },
    });
    const serviceOf = intent.gatewayEndpoints.find(({ service }) => service === "s3");
    return [
        ...replaced,
        ...[false, true].flatMap((egress) => [
            // Everything is admitted but one port.
            entries(20, "NACL_DENIES", egress, (all) => [
                entry(90, "allow", egress, 0, 442, "0.0.0.0/0"),
                entry(91, "allow", egress, 444, 65_535, "0.0.0.0/0"),
                ...all.filter((one) => one.RuleNumber !== 100),
                // S3 and the internet keep theirs, so that it is the VPC alone that is cut off.
                entry(92, "allow", egress, 443, 443, "0.0.0.0/5"),
                entry(93, "allow", egress, 443, 443, "16.0.0.0/4"),
                entry(94, "allow", egress, 443, 443, "32.0.0.0/3"),
                entry(95, "allow", egress, 443, 443, "64.0.0.0/2"),
                entry(96, "allow", egress, 443, 443, "128.0.0.0/1"),
                entry(97, "allow", egress, 443, 443, "8.0.0.0/7"),
                entry(98, "allow", egress, 443, 443, "11.0.0.0/8"),
                entry(99, "allow", egress, 443, 443, "12.0.0.0/6"),
            ]),
            entries(21, "NACL_DENIES_RETURN", egress, (all) => [
                ...all,
                entry(50, "deny", egress, 32_768, 60_999, "10.0.0.0/16"),
            ]),
            entries(22, "NACL_EPHEMERAL_PARTIAL", egress, (all) => [
                ...all,
                entry(50, "deny", egress, 49_152, 60_999, "10.0.0.0/16"),
            ]),
            entries(23, "NACL_DENY_SHADOWS_ALLOW", egress, (all) => [
                ...all,
                entry(50, "deny", egress, 443, 443, "10.0.0.0/16"),
            ]),
        ]),
        ...(serviceOf === undefined
            ? []
            : [
                  entries(38, "NACL_LACKS_SERVICE", true, (all) => [
                      ...all,
                      entry(50, "deny", true, 443, 443, "52.216.0.0/15"),
                  ]),
              ]),
    ];
}
