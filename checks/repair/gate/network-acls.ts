import { containsCidr, parseCidr } from "../../../lib/addresses/ipv4";
import type { FlowIntent } from "../../flow";
import type { NetworkIntent } from "../../intent";
import { EVERYWHERE, prefixListName } from "../../rule";
import type { Snapshot } from "../../snapshot/types";
import type { NetworkAclAssociationEdit } from "../edits/network-acl-association";
import type { NetworkAclRule, NetworkAclRuleEdit } from "../edits/network-acl-rule";
import { vpcBlocks } from "./vpc-blocks";

/** The ACL that the subnet is declared to have: its own, or else the VPC's default one. */
export function isDeclaredNetworkAcl(
    edit: NetworkAclAssociationEdit,
    intent: NetworkIntent,
    { NetworkAcls = [] }: Snapshot,
): boolean {
    const subnet = intent.subnets.find(({ subnetId }) => subnetId === edit.subnetId);
    const own = NetworkAcls.find((acl) => acl.IsDefault === true && acl.VpcId === intent.vpcId)?.NetworkAclId;
    const isAssociation = NetworkAcls.some((acl) =>
        acl.Associations?.some(
            (one) => one.NetworkAclAssociationId === edit.associationId && one.SubnetId === edit.subnetId,
        ),
    );
    return subnet !== undefined && isAssociation && edit.networkAclId === (subnet.networkAclId ?? own);
}

export function isExistingDenyRule(
    { networkAclId, entry }: NetworkAclRuleEdit,
    _intent: NetworkIntent,
    { NetworkAcls }: Snapshot,
): boolean {
    const acl = NetworkAcls?.find((one) => one.NetworkAclId === networkAclId);
    const isThere = (acl?.Entries ?? []).some(
        (one) =>
            one.Egress === entry.egress &&
            one.RuleNumber === entry.ruleNumber &&
            one.RuleAction === entry.ruleAction &&
            one.CidrBlock === entry.cidr,
    );
    return entry.ruleAction === "deny" && isThere;
}

/** Ports that replies come back to: those of Linux clients, and those of NAT gateways. */
const REPLIES = [
    { from: 32_768, to: 60_999 },
    { from: 1024, to: 65_535 },
];

/** A rule that allows one direction of a declared flow, or its replies, and nothing more. */
export function isRuleOfFlow(
    { entry }: NetworkAclRuleEdit,
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    if (entry.ruleAction !== "allow") return false;
    return intent.flows.some((flow) => isWayOf(entry, flow, intent, snapshot));
}

function isWayOf(
    { protocol, ports, cidr, egress }: NetworkAclRule,
    flow: FlowIntent,
    intent: NetworkIntent,
    snapshot: Snapshot,
): boolean {
    if (ports === undefined || protocol !== (flow.protocol === "tcp" ? "6" : "17")) return false;
    const isFlow = flow.ports.from === ports.from && flow.ports.to === ports.to;
    const isReply = REPLIES.some(({ from, to }) => ports.from === from && ports.to === to);
    if (!isFlow && !isReply) return false;
    const { destination } = flow;
    if ("securityGroupId" in destination) return vpcBlocks(intent, snapshot).includes(cidr);
    // A flow to a service goes out, its replies come in.
    if (egress !== isFlow) return false;
    if (destination.service === "internet") return cidr === EVERYWHERE;
    const name = prefixListName(snapshot.region, destination.service);
    const list = snapshot.ManagedPrefixLists?.find((one) => one.PrefixListName === name);
    const block = parseCidr(cidr);
    return (list?.Entries ?? []).some(
        ({ Cidr }) => Cidr !== undefined && containsCidr(parseCidr(Cidr), block),
    );
}
