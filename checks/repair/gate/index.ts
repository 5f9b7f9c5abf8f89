import type { NetworkIntent } from "../../intent";
import type { ObservedNetwork } from "../../observations";
import { type Edit, type EditAction, type EditBy, kindOf } from "../edits";
import { isDeclaredEndpointPolicy, isDeclaredEndpointSetting } from "./endpoints";
import { isDeclaredNetworkAcl, isExistingDenyRule, isRuleOfFlow } from "./network-acls";
import { foreignAmong } from "./ownership";
import {
    isDeclaredAssociation,
    isDeclaredInternetGateway,
    isDeclaredReplacement,
    isDeclaredRoute,
    isUndeclaredRoute,
    isWayAroundLoop,
} from "./routes";
import type { GateRule } from "./rule";
import { areDeclaredGroups, isDeclaredRule, isFlowByAddress, isWorldOpenRule } from "./security-groups";
import { isPrivateDomain } from "./studio";

/** `proposed`: the configuration allows this repair by name, so that it may also do what no repair does unasked. */
export type Permit = "automatic" | "proposed";

/** What is admitted, by action. The gate knows the declared network and the tags of this deployment; it knows no finding and no plan. */
const RULES: { readonly [Action in EditAction]: GateRule<EditBy<Action>> } = {
    AttachInternetGateway: { declared: isDeclaredInternetGateway },
    DetachInternetGateway: {},
    AssociateRouteTable: { declared: isDeclaredAssociation },
    ReplaceRouteTableAssociation: { declared: isDeclaredReplacement },
    DisassociateRouteTable: {},
    CreateRoute: { declared: isDeclaredRoute },
    ReplaceRoute: { declared: isDeclaredRoute, allowedByName: isWayAroundLoop },
    DeleteRoute: { allowedByName: isUndeclaredRoute },
    ModifyVpcAttribute: { declared: ({ vpcId, value }, intent) => vpcId === intent.vpcId && value },
    ModifyVpcEndpoint: { declared: isDeclaredEndpointSetting, allowedByName: isDeclaredEndpointPolicy },
    AuthorizeSecurityGroupIngress: { declared: isDeclaredRule, allowedByName: isFlowByAddress },
    RevokeSecurityGroupIngress: { declared: isWorldOpenRule },
    AuthorizeSecurityGroupEgress: { declared: isDeclaredRule },
    RevokeSecurityGroupEgress: {},
    ModifyNetworkInterfaceAttribute: { declared: areDeclaredGroups },
    ReplaceNetworkAclAssociation: { declared: isDeclaredNetworkAcl },
    CreateNetworkAclEntry: { allowedByName: isRuleOfFlow },
    DeleteNetworkAclEntry: { allowedByName: isExistingDenyRule },
    UpdateDomain: { allowedByName: isPrivateDomain },
};

/**
 * The gate before every repair. An edit passes when the declared network says that the setting has this value, and when everything
 * that it changes carries the tags of this deployment.
 *
 * @returns why the edit is refused; nothing when it may be made.
 */
export function refusal(
    edit: Edit,
    intent: NetworkIntent,
    network: ObservedNetwork,
    permit: Permit = "automatic",
): string | undefined {
    const { declared, allowedByName } = RULES[edit.action] as GateRule<Edit>;
    const admitted =
        declared?.(edit, intent, network) === true ||
        (permit === "proposed" && allowedByName?.(edit, intent, network) === true);
    if (!admitted) return "it is no part of the declared network";
    if (Object.keys(intent.ownerTags).length === 0)
        return "no owner tags are declared, so nothing can be shown to be ours";
    const foreign = foreignAmong(kindOf(edit).touches(edit), intent.ownerTags, network);
    if (foreign.length === 0) return undefined;
    const tags = Object.entries(intent.ownerTags).map(([key, value]) => `${key}=${value}`);
    return `${foreign.join(" and ")} does not carry the tags ${tags.join(", ")}, so it is not ours`;
}
