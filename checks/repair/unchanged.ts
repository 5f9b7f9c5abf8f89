import {
    DescribeNetworkAclsCommand,
    DescribeNetworkInterfacesCommand,
    DescribeRouteTablesCommand,
} from "@aws-sdk/client-ec2";

import { targetOf } from "../analyze/routes";
import type { Ec2 } from "../aws/ec2";
import type { Snapshot } from "../snapshot/types";
import type { Edit } from "./edits";

/** The network is not as the plan saw it: what the edit would have overwritten is somebody's newer decision. */
export class ChangedMeanwhileError extends Error {
    constructor(before: string, now: string) {
        super(`it was changed meanwhile, from ${before} to ${now}, and was left so`);
        this.name = "ChangedMeanwhileError";
    }
}

/**
 * Reads again what an edit overwrites or takes away, just before it does. EC2 has no conditional write, so that a moment stays in
 * which it can change; what only adds, or names an association that a change would have ended, needs no such look.
 *
 * @throws {ChangedMeanwhileError} when it is not what the plan was made for.
 */
export async function assertUnchanged(ec2: Ec2, edit: Edit, planned: Snapshot): Promise<void> {
    const part = await readAgain(ec2, edit);
    if (part === undefined) return;
    const [before, now] = [contentOf(edit, planned), contentOf(edit, { ...part, region: planned.region })];
    if (before !== now) throw new ChangedMeanwhileError(before, now);
}

async function readAgain(ec2: Ec2, edit: Edit): Promise<Partial<Snapshot> | undefined> {
    switch (edit.action) {
        case "ReplaceRoute":
        case "DeleteRoute": {
            const RouteTableIds = [edit.routeTableId];
            const { RouteTables = [] } = await ec2.call("DescribeRouteTables", (client, options) =>
                client.send(new DescribeRouteTablesCommand({ RouteTableIds }), options),
            );
            return { RouteTables };
        }
        case "ModifyNetworkInterfaceAttribute": {
            const NetworkInterfaceIds = [edit.networkInterfaceId];
            const { NetworkInterfaces = [] } = await ec2.call(
                "DescribeNetworkInterfaces",
                (client, options) =>
                    client.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }), options),
            );
            return { NetworkInterfaces };
        }
        case "DeleteNetworkAclEntry": {
            const NetworkAclIds = [edit.networkAclId];
            const { NetworkAcls = [] } = await ec2.call("DescribeNetworkAcls", (client, options) =>
                client.send(new DescribeNetworkAclsCommand({ NetworkAclIds }), options),
            );
            return { NetworkAcls };
        }
        default:
            return undefined;
    }
}

/** What the edit is about, as text to be compared and shown. */
function contentOf(edit: Edit, snapshot: Snapshot): string {
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
        case "DeleteNetworkAclEntry": {
            const { ruleNumber, egress } = edit.entry;
            const entry = snapshot.NetworkAcls?.find(
                (one) => one.NetworkAclId === edit.networkAclId,
            )?.Entries?.find((one) => one.RuleNumber === ruleNumber && one.Egress === egress);
            const { RuleAction, Protocol, CidrBlock, PortRange } = entry ?? {};
            return JSON.stringify([RuleAction, Protocol, CidrBlock, PortRange?.From, PortRange?.To]);
        }
        default:
            return "";
    }
}
