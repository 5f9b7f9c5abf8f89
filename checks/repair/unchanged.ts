import {
    DescribeInternetGatewaysCommand,
    DescribeNetworkAclsCommand,
    DescribeNetworkInterfacesCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupRulesCommand,
    DescribeSecurityGroupsCommand,
    DescribeVpcAttributeCommand,
    DescribeVpcEndpointsCommand,
    type SecurityGroupRule,
} from "@aws-sdk/client-ec2";

import { targetOf } from "../analyze/routes";
import type { Ec2 } from "../../lib/aws/ec2";
import { readDomain } from "../../lib/aws/studio";
import { groupsOf } from "../diagnose/endpoint-findings";
import type { ObservedNetwork } from "../observations";
import { type GroupRule, peerText } from "../rule";
import type { Services } from "./apply";
import type { Edit } from "./edits";
import type { Applied } from "./record";
import { appliedEarlier } from "./resume";

/** The network is not as the plan saw it: what the edit would have overwritten is somebody's newer decision. */
export class ChangedMeanwhileError extends Error {
    constructor(before: string, now: string) {
        super(`it was changed meanwhile, from ${before} to ${now}, and was left so`);
        this.name = "ChangedMeanwhileError";
    }
}

/** What the edit would take away is kept by somebody else's program. */
export class OwnedElsewhereError extends Error {
    constructor(what: string, tags: readonly string[]) {
        super(`${what} carries the tags ${tags.join(", ")}, so somebody else's program keeps it`);
        this.name = "OwnedElsewhereError";
    }
}

/**
 * Reads again what an edit overwrites or takes away, just before it does. EC2 has no conditional write, so that a moment stays in
 * which it can change; what only adds, or names an association that a change would have ended, needs no such look.
 *
 * @throws {ChangedMeanwhileError} when it is not what the plan was made for.
 * @throws {OwnedElsewhereError} when it is a rule that somebody else's program keeps.
 */
export async function assertUnchanged(
    services: Services,
    edit: Edit,
    planned: ObservedNetwork,
): Promise<void> {
    if (edit.action === "RevokeSecurityGroupIngress") await assertUnowned(services.ec2, edit.rule);
    const before = contentOf(edit, planned);
    if (before === undefined) return;
    const now = contentOf(edit, await readAgain(services, edit, planned)) ?? "nothing";
    if (before !== now) throw new ChangedMeanwhileError(before, now);
}

/**
 * Reads again what a repair made, before it is undone: an undo would take away what somebody has put in its place.
 *
 * @param edit The repair's edit, not the one that undoes it.
 * @param made What AWS made of it.
 * @throws {ChangedMeanwhileError} when it is not what the repair made any more.
 */
export async function assertInEffect(
    services: Services,
    edit: Edit,
    { associationId }: Applied,
    network: Pick<ObservedNetwork, "region">,
): Promise<void> {
    const applied = appliedEarlier(edit, await readAgain(services, edit, network));
    if (applied === undefined || applied.associationId !== associationId)
        throw new ChangedMeanwhileError("what the repair made", "something else");
}

/**
 * A rule of a security group has no owner that AWS knows of. What somebody's program made as a resource of its own
 * (`aws.vpc.SecurityGroupIngressRule`, CloudFormation) usually carries tags, what a person opened in the console carries none.
 */
async function assertUnowned(ec2: Ec2, rule: GroupRule): Promise<void> {
    const Filters = [{ Name: "group-id", Values: [rule.groupId] }];
    const rules: SecurityGroupRule[] = [];
    let NextToken: string | undefined;
    do {
        const page = await ec2.call("DescribeSecurityGroupRules", (client, options) =>
            client.send(new DescribeSecurityGroupRulesCommand({ Filters, NextToken }), options),
        );
        rules.push(...(page.SecurityGroupRules ?? []));
        NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const found = rules.find((one) => isRule(one, rule));
    const tags = (found?.Tags ?? []).map(({ Key = "", Value = "" }) => `${Key}=${Value}`);
    if (tags.length > 0)
        throw new OwnedElsewhereError(`rule ${found?.SecurityGroupRuleId ?? ""} of ${rule.groupId}`, tags);
}

function isRule(one: SecurityGroupRule, { protocol, ports, peer }: GroupRule): boolean {
    // DescribeSecurityGroupRules says -1 for the ports of a protocol without any.
    const [from, to] = [one.FromPort, one.ToPort].map((port) => (port === -1 ? undefined : port));
    return (
        one.IsEgress !== true &&
        one.IpProtocol === protocol &&
        from === ports?.from &&
        to === ports?.to &&
        (one.CidrIpv4 ?? one.CidrIpv6) === peerText(peer)
    );
}

/** The part of the network that an edit is about, as it is now. */
async function readAgain(
    { ec2, studio }: Services,
    edit: Edit,
    { region }: Pick<ObservedNetwork, "region">,
): Promise<ObservedNetwork> {
    switch (edit.action) {
        case "AttachInternetGateway":
        case "DetachInternetGateway": {
            const InternetGatewayIds = [edit.internetGatewayId];
            const { InternetGateways = [] } = await ec2.call("DescribeInternetGateways", (client, options) =>
                client.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds }), options),
            );
            return { region, InternetGateways };
        }
        case "AssociateRouteTable":
        case "ReplaceRouteTableAssociation":
        case "DisassociateRouteTable":
        case "CreateRoute":
        case "ReplaceRoute":
        case "DeleteRoute": {
            const RouteTableIds = [edit.routeTableId];
            const { RouteTables = [] } = await ec2.call("DescribeRouteTables", (client, options) =>
                client.send(new DescribeRouteTablesCommand({ RouteTableIds }), options),
            );
            return { region, RouteTables };
        }
        case "ModifyVpcAttribute": {
            const { vpcId: VpcId, attribute: Attribute } = edit;
            const found = await ec2.call("DescribeVpcAttribute", (client, options) =>
                client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }), options),
            );
            const attributes = {
                enableDnsSupport: found.EnableDnsSupport?.Value === true,
                enableDnsHostnames: found.EnableDnsHostnames?.Value === true,
            };
            return { region, VpcAttributes: { [VpcId]: attributes } };
        }
        case "ModifyVpcEndpoint": {
            const VpcEndpointIds = [edit.vpcEndpointId];
            const { VpcEndpoints = [] } = await ec2.call("DescribeVpcEndpoints", (client, options) =>
                client.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds }), options),
            );
            return { region, VpcEndpoints };
        }
        case "AuthorizeSecurityGroupIngress":
        case "RevokeSecurityGroupIngress":
        case "AuthorizeSecurityGroupEgress":
        case "RevokeSecurityGroupEgress": {
            const GroupIds = [edit.rule.groupId];
            const { SecurityGroups = [] } = await ec2.call("DescribeSecurityGroups", (client, options) =>
                client.send(new DescribeSecurityGroupsCommand({ GroupIds }), options),
            );
            return { region, SecurityGroups };
        }
        case "ModifyNetworkInterfaceAttribute": {
            const NetworkInterfaceIds = [edit.networkInterfaceId];
            const { NetworkInterfaces = [] } = await ec2.call(
                "DescribeNetworkInterfaces",
                (client, options) =>
                    client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }), options),
            );
            return { region, NetworkInterfaces };
        }
        case "ReplaceNetworkAclAssociation":
        case "CreateNetworkAclEntry":
        case "DeleteNetworkAclEntry": {
            const NetworkAclIds = [edit.networkAclId];
            const { NetworkAcls = [] } = await ec2.call("DescribeNetworkAcls", (client, options) =>
                client.send(new DescribeNetworkAclsCommand({ NetworkAclIds }), options),
            );
            return { region, NetworkAcls };
        }
        case "UpdateDomain":
            if (studio === undefined) return { region };
            return { region, observations: { studio: await readDomain(studio, edit.domainId) } };
    }
}

/** What the edit overwrites or takes away, as text to be compared and shown; nothing when it does neither. */
function contentOf(edit: Edit, snapshot: ObservedNetwork): string | undefined {
    switch (edit.action) {
        case "ReplaceRoute":
        case "DeleteRoute": {
            const table = snapshot.RouteTables?.find((one) => one.RouteTableId === edit.routeTableId);
            const route = table?.Routes?.find((one) => one.DestinationCidrBlock === edit.destination);
            return route === undefined ? "no route" : `${targetOf(route).id} (${route.State ?? "active"})`;
        }
        case "ModifyNetworkInterfaceAttribute": {
            const found = snapshot.NetworkInterfaces?.find(
                (one) => one.NetworkInterfaceId === edit.networkInterfaceId,
            );
            const groups = (found?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
            return groups.sort().join(", ");
        }
        case "ModifyVpcEndpoint": {
            const found = snapshot.VpcEndpoints?.find((one) => one.VpcEndpointId === edit.vpcEndpointId);
            if ("policy" in edit.change) return found?.PolicyDocument ?? "no policy";
            if ("addSecurityGroupIds" in edit.change) return groupsOf(found).sort().join(", ");
            return undefined;
        }
        case "DeleteNetworkAclEntry": {
            const { ruleNumber, egress } = edit.entry;
            const entry = snapshot.NetworkAcls?.find(
                (one) => one.NetworkAclId === edit.networkAclId,
            )?.Entries?.find((one) => one.RuleNumber === ruleNumber && one.Egress === egress);
            const { RuleAction, Protocol, CidrBlock, PortRange } = entry ?? {};
            return JSON.stringify([RuleAction, Protocol, CidrBlock, PortRange?.From, PortRange?.To]);
        }
        case "UpdateDomain": {
            const { accessType, vpcId, subnetIds = [] } = snapshot.observations?.studio ?? {};
            return `${accessType} in ${[...subnetIds].sort().join(", ")} of ${vpcId}`;
        }
        default:
            return undefined;
    }
}
