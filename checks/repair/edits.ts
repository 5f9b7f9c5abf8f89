import { type PortRange, rangeText } from "../flow";
import { type GroupRule, peerText, portsText } from "../rule";

/** One write to the network. Repairs and their undoing are made of these; nothing else is ever written. */
export type Edit =
    | { action: "AttachInternetGateway" | "DetachInternetGateway"; internetGatewayId: string; vpcId: string }
    | { action: "AssociateRouteTable"; routeTableId: string; subnetId: string }
    | {
          action: "ReplaceRouteTableAssociation" | "DisassociateRouteTable";
          associationId: string;
          routeTableId: string;
          subnetId: string;
      }
    | {
          action: "CreateRoute" | "ReplaceRoute" | "DeleteRoute";
          routeTableId: string;
          destination: string;
          target: string;
      }
    | {
          action: "ModifyVpcAttribute";
          vpcId: string;
          attribute: "enableDnsSupport" | "enableDnsHostnames";
          value: boolean;
      }
    | { action: "ModifyVpcEndpoint"; vpcEndpointId: string; change: EndpointChange }
    | {
          action: "AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress";
          rule: GroupRule & { direction: "ingress" };
      }
    | {
          action: "AuthorizeSecurityGroupEgress" | "RevokeSecurityGroupEgress";
          rule: GroupRule & { direction: "egress" };
      }
    | {
          action: "ModifyNetworkInterfaceAttribute";
          networkInterfaceId: string;
          /** All groups that it carries from then on. */
          securityGroupIds: string[];
      }
    | {
          action: "ReplaceNetworkAclAssociation";
          associationId: string;
          networkAclId: string;
          subnetId: string;
      }
    | { action: "CreateNetworkAclEntry" | "DeleteNetworkAclEntry"; networkAclId: string; entry: AclEntry }
    | {
          action: "UpdateDomain";
          domainId: string;
          /** "VpcOnly" or "PublicInternetOnly". */
          accessType: string;
          /** Where the domain is, and stays: SageMaker asks for both. */
          vpcId: string;
          subnetIds: string[];
      };

export type EndpointChange =
    | { privateDnsEnabled: boolean }
    | { addRouteTableIds: string[] }
    | { removeRouteTableIds: string[] }
    | { addSubnetIds: string[] }
    | { removeSubnetIds: string[] }
    | { addSecurityGroupIds: string[]; removeSecurityGroupIds: string[] }
    /** A JSON document. */
    | { policy: string };

/** An entry of a network ACL. */
export interface AclEntry {
    ruleNumber: number;
    egress: boolean;
    ruleAction: "allow" | "deny";
    /** A protocol's number; "-1" is all of them. */
    protocol: string;
    cidr: string;
    ports?: PortRange;
}

/** The edit in one line, as it stands in messages and in the record of a repair. */
export function describeEdit(edit: Edit): string {
    switch (edit.action) {
        case "AttachInternetGateway":
            return `${edit.action} ${edit.internetGatewayId} to ${edit.vpcId}`;
        case "DetachInternetGateway":
            return `${edit.action} ${edit.internetGatewayId} from ${edit.vpcId}`;
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation":
            return `${edit.action} ${edit.subnetId} with ${edit.routeTableId}`;
        case "DisassociateRouteTable":
            return `${edit.action} ${edit.subnetId} from ${edit.routeTableId}`;
        case "CreateRoute":
        case "ReplaceRoute":
        case "DeleteRoute":
            return `${edit.action} ${edit.destination} of ${edit.routeTableId} to ${edit.target}`;
        case "ModifyVpcAttribute":
            return `${edit.action} ${edit.attribute} of ${edit.vpcId} to ${edit.value}`;
        case "ModifyVpcEndpoint":
            return `${edit.action} ${edit.vpcEndpointId} ${describeChange(edit.change)}`;
        case "AuthorizeSecurityGroupIngress":
        case "RevokeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
        case "RevokeSecurityGroupEgress": {
            const { groupId, direction, peer } = edit.rule;
            return `${edit.action} ${portsText(edit.rule)} of ${groupId} ${direction === "ingress" ? "from" : "to"} ${peerText(peer)}`;
        }
        case "ModifyNetworkInterfaceAttribute":
            return `${edit.action} ${edit.networkInterfaceId} groups to ${edit.securityGroupIds.join(", ")}`;
        case "ReplaceNetworkAclAssociation":
            return `${edit.action} ${edit.subnetId} with ${edit.networkAclId}`;
        case "CreateNetworkAclEntry":
        case "DeleteNetworkAclEntry":
            return `${edit.action} ${describeEntry(edit.entry)} of ${edit.networkAclId}`;
        case "UpdateDomain":
            return `${edit.action} ${edit.domainId} network access type to ${edit.accessType}`;
    }
}

function describeChange(change: EndpointChange): string {
    if ("privateDnsEnabled" in change) return `private DNS to ${change.privateDnsEnabled}`;
    if ("addRouteTableIds" in change) return `add ${change.addRouteTableIds.join(", ")}`;
    if ("removeRouteTableIds" in change) return `remove ${change.removeRouteTableIds.join(", ")}`;
    if ("addSubnetIds" in change) return `add ${change.addSubnetIds.join(", ")}`;
    if ("removeSubnetIds" in change) return `remove ${change.removeSubnetIds.join(", ")}`;
    if ("policy" in change) return `policy to ${change.policy}`;
    const parts = [
        ["add", change.addSecurityGroupIds],
        ["remove", change.removeSecurityGroupIds],
    ] as const;
    return parts
        .filter(([, ids]) => ids.length > 0)
        .map(([verb, ids]) => `${verb} ${ids.join(", ")}`)
        .join(", ");
}

/** "rule 50 (deny TCP 443 in from 10.0.0.0/16)" */
function describeEntry({ ruleNumber, egress, ruleAction, protocol, cidr, ports }: AclEntry): string {
    const names: Record<string, string> = { "-1": "everything", "6": "TCP", "17": "UDP" };
    const what = `${names[protocol] ?? protocol}${ports === undefined ? "" : ` ${rangeText(ports)}`}`;
    return `rule ${ruleNumber} (${ruleAction} ${what} ${egress ? "out to" : "in from"} ${cidr})`;
}
