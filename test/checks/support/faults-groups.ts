import type { IpPermission } from "@aws-sdk/client-ec2";

import { endpointFlows, type NetworkIntent } from "../../../checks/intent";
import { type FlowIntent, flowId } from "../../../checks/flow";
import type { FindingId } from "../../../checks/messages";
import type { FakeEc2 } from "./fake-ec2";
import type { Fault } from "./faults";
import { OTHERS_GROUP } from "./network";

/** Faults of security groups: a rule of a flow is gone, one is too much, or an interface carries the wrong groups. */

function rowOf(flow: FlowIntent, intent: NetworkIntent, inward: boolean): { row: number; id: FindingId } {
    const { destination, ports, sourceGroupId } = flow;
    if ("service" in destination)
        return destination.service === "internet"
            ? { row: 26, id: "FLOW_LACKS_EGRESS" }
            : { row: 38, id: "SERVICE_LACKS_EGRESS" };
    if (endpointFlows(intent).includes(flow))
        return inward ? { row: 34, id: "ENDPOINT_LACKS_INGRESS" } : { row: 26, id: "FLOW_LACKS_EGRESS" };
    if (ports.from === 8192 && destination.securityGroupId === sourceGroupId)
        return { row: 50, id: "STUDIO_KERNELS_BLOCKED" };
    if (ports.from === 2049) return { row: 51, id: "FILE_SYSTEM_BLOCKED" };
    if ([2281, 2888, 3888, 3181, 6651, 8443].includes(ports.from))
        return { row: 52, id: "PULSAR_PORT_BLOCKED" };
    return inward ? { row: 25, id: "FLOW_LACKS_INGRESS" } : { row: 26, id: "FLOW_LACKS_EGRESS" };
}

function names(permission: IpPermission, peer: string): boolean {
    return [
        ...(permission.UserIdGroupPairs ?? []).map((one) => one.GroupId),
        ...(permission.IpRanges ?? []).map((one) => one.CidrIp),
        ...(permission.PrefixListIds ?? []).map((one) => one.PrefixListId),
    ].includes(peer);
}

function removeRule(ec2: FakeEc2, flow: FlowIntent, inward: boolean): void {
    const { destination, sourceGroupId, ports } = flow;
    const own = inward && "securityGroupId" in destination ? destination.securityGroupId : sourceGroupId;
    const list = (service: string) =>
        ec2.state.ManagedPrefixLists?.find((one) => one.PrefixListName?.endsWith(`.${service}`))
            ?.PrefixListId;
    const target =
        "securityGroupId" in destination
            ? destination.securityGroupId
            : destination.service === "internet"
              ? "0.0.0.0/0"
              : (list(destination.service) ?? "");
    const peer = inward ? sourceGroupId : target;
    const direction = inward ? "IpPermissions" : "IpPermissionsEgress";
    const group = ec2.group(own);
    group[direction] = group[direction]?.filter(
        (one) => !(one.FromPort === ports.from && one.ToPort === ports.to && names(one, peer)),
    );
}

/** Each rule of each flow: rows 25, 26, 34, 38, 50, 51 and 52. */
export function flowFaults(intent: NetworkIntent): Fault[] {
    return intent.flows.flatMap((flow) => {
        const directions = "securityGroupId" in flow.destination ? [true, false] : [false];
        return directions.map((inward): Fault => {
            const { row, id: message } = rowOf(flow, intent, inward);
            const { destination, sourceGroupId } = flow;
            const component =
                inward && "securityGroupId" in destination ? destination.securityGroupId : sourceGroupId;
            return {
                row,
                slot: `rule ${flowId(flow)} ${inward}`,
                automatic: true,
                expected: { id: message, component },
                inject: (ec2) => removeRule(ec2, flow, inward),
            };
        });
    });
}

/** Rows 27 and 29. */
export function groupFaults(intent: NetworkIntent): Fault[] {
    const interfaces = (intent.networkInterfaces ?? []).map(({ networkInterfaceId }): Fault => ({
        row: 27,
        slot: `groups ${networkInterfaceId}`,
        automatic: true,
        expected: { id: "INTERFACE_WRONG_GROUPS", component: networkInterfaceId },
        inject: (ec2) => {
            for (const one of ec2.state.NetworkInterfaces ?? [])
                if (one.NetworkInterfaceId === networkInterfaceId)
                    one.Groups = [{ GroupId: OTHERS_GROUP.GroupId }];
        },
    }));
    const endpoints = intent.interfaceEndpoints.map(({ vpcEndpointId }): Fault => ({
        row: 27,
        slot: `vpce ${vpcEndpointId}`,
        automatic: true,
        expected: { id: "ENDPOINT_WRONG_GROUPS", component: vpcEndpointId },
        inject: (ec2) => void (ec2.endpoint(vpcEndpointId).Groups = [{ GroupId: OTHERS_GROUP.GroupId }]),
    }));
    const served = new Map(
        intent.flows.flatMap(({ destination, ports }) =>
            "securityGroupId" in destination ? [[destination.securityGroupId, ports] as const] : [],
        ),
    );
    const open = [...served].flatMap(([groupId, ports]) =>
        ([{ IpRanges: [{ CidrIp: "0.0.0.0/0" }] }, { Ipv6Ranges: [{ CidrIpv6: "::/0" }] }] as const).map(
            (peer, index): Fault => ({
                row: 29,
                slot: `open ${groupId} ${index}`,
                automatic: true,
                expected: { id: "WORLD_OPEN", component: groupId },
                inject: (ec2) =>
                    void ec2.group(groupId).IpPermissions?.push({
                        IpProtocol: "tcp",
                        FromPort: ports.from,
                        ToPort: ports.from,
                        ...structuredClone(peer),
                    } as unknown as IpPermission),
            }),
        ),
    );
    return [...interfaces, ...endpoints, ...open];
}
