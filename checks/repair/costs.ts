import type { Edit } from "./edits";

/**
 * What a repair costs, so that of two that would mend the same thing the cheaper is planned. The unit is no money: it is how much an edit
 * takes upon itself. What only adds is cheapest; what overwrites somebody's setting costs more; what takes away costs most. An edit
 * that only undoes is never planned.
 */
const EDIT_COST: Readonly<Record<Edit["action"], number>> = {
    AssociateRouteTable: 1,
    AttachInternetGateway: 1,
    AuthorizeSecurityGroupEgress: 1,
    AuthorizeSecurityGroupIngress: 1,
    CreateRoute: 1,
    ModifyVpcAttribute: 2,
    ModifyVpcEndpoint: 2,
    ModifyNetworkInterfaceAttribute: 3,
    ReplaceNetworkAclAssociation: 3,
    ReplaceRoute: 3,
    ReplaceRouteTableAssociation: 3,
    RevokeSecurityGroupIngress: 4,
    // From here on edits that are only made by leave.
    CreateNetworkAclEntry: 10,
    DeleteNetworkAclEntry: 12,
    DeleteRoute: 12,
    UpdateDomain: 12,
    DetachInternetGateway: Infinity,
    DisassociateRouteTable: Infinity,
    RevokeSecurityGroupEgress: Infinity,
};

/** A rule by addresses admits whoever else has them, and a policy decides what many may do: both are only made by leave. */
const BY_LEAVE = 10;

/** Traffic that crosses zones is billed, and stops when the other zone does. */
export const CROSSING_COST = 1;

export function editCost(edit: Edit): number {
    const cost = EDIT_COST[edit.action];
    const isByAddress =
        edit.action === "AuthorizeSecurityGroupIngress" && !("securityGroupId" in edit.rule.peer);
    const isPolicy = edit.action === "ModifyVpcEndpoint" && "policy" in edit.change;
    return isByAddress || isPolicy ? cost + BY_LEAVE : cost;
}
