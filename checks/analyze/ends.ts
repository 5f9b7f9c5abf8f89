import type { FlowEnd } from "../flow";
import { type IpRange, parseIp } from "../../lib/addresses/ip";
import type { Walk } from "./filters";
import { anyAddressOf, type Interface, opensConnections } from "./interfaces";
import { type Model, subnetBlocks } from "./model";
import type { Trace } from "./trace";

/** What an end of a flow stands for: interfaces, an address that is none of theirs, or a service. */
export type End =
    | { readonly interfaces: readonly Interface[]; readonly asked?: IpRange }
    | { readonly address: IpRange; readonly text: string }
    | { readonly service: string };

/** The end's id or name, for people. */
export function nameOf(end: FlowEnd): string {
    return Object.values(end)[0] as string;
}

/**
 * Finds out what the end stands for. What does not exist is explained in the trace, and nothing is returned.
 *
 * @param near the VPC in which a private address is looked for first.
 */
export function resolveEnd(
    model: Model,
    trace: Trace,
    end: FlowEnd,
    isSource: boolean,
    near?: string,
): End | undefined {
    if ("service" in end) return { service: end.service };
    if ("ip" in end) return resolveAddress(model, trace, end.ip, near);
    trace.need(model, "NetworkInterfaces");
    const interfaces = interfacesOf(model, trace, end, isSource);
    if (interfaces !== undefined) return { interfaces };
    // A kind that could not be read is named already; its absence says nothing.
    if (!trace.isBlocked) trace.add("UNKNOWN_RESOURCE", nameOf(end), { args: { absence: {} } });
    return undefined;
}

function interfacesOf(
    model: Model,
    trace: Trace,
    end: Exclude<FlowEnd, { service: string } | { ip: string }>,
    isSource: boolean,
): readonly Interface[] | undefined {
    if ("eni" in end) return one(model.interfaces.get(end.eni));
    if ("instance" in end) return one(model.interfaceNamed(end.instance));
    if ("subnet" in end) {
        trace.need(model, "Subnets");
        const subnet = model.subnets.get(end.subnet);
        if (subnet === undefined) return undefined;
        const hosts = (model.inSubnet.get(end.subnet) ?? []).filter(opensConnections);
        return hosts.length > 0 ? hosts.map(attached) : [anyAddressOf(subnet, subnetBlocks(subnet))];
    }
    const members = (model.membersOf.get(end.securityGroup) ?? []).filter(
        (member) => opensConnections(member) || !isSource,
    );
    if (members.length > 0) return members.map(attached);
    if (!model.groups.has(end.securityGroup)) return undefined;
    trace.add("X_NO_MEMBERS", end.securityGroup);
    return undefined;
}

function one(found: Interface | undefined): readonly Interface[] | undefined {
    return found === undefined ? undefined : [found];
}

/** Members of a group or subnet are judged by their rules: one that is attached to nothing yet will be. */
function attached(member: Interface): Interface {
    // The same object where nothing changes: what is known of an interface is kept by it.
    return member.detached === undefined ? member : withoutDetached(member);
}

function withoutDetached({ detached: _, ...member }: Interface): Interface {
    return member;
}

function resolveAddress(model: Model, trace: Trace, text: string, near: string | undefined): End {
    const address = parseIp(text);
    trace.need(model, "NetworkInterfaces");
    const vpcs = [...(near === undefined ? [] : [near]), ...model.vpcs.keys()];
    for (const vpcId of vpcs) {
        const found = model.interfaceAt(vpcId, address);
        // Other VPCs may use the same private addresses: the nearest one is meant, and only one that peers can be another.
        if (found !== undefined && (near === undefined || vpcId === near || model.arePeers(near, vpcId)))
            return { interfaces: [found], asked: address };
        if (vpcId === near && model.isInVpc(near, address)) break;
    }
    return { address, text };
}

/** An address of the VPC itself that no interface of the snapshot has. */
export function explainNobodyAt({ model, trace }: Walk, address: string, vpcId: string, where = vpcId): void {
    if (!trace.need(model, "NetworkInterfaces")) return;
    if (model.isOfOtherAccount(vpcId))
        trace.add("ADDRESS_OF_OTHER_ACCOUNT", address, { args: { vpc: vpcId } });
    else trace.add("NO_POSSIBLE_DESTINATION", address, { args: { where } });
}
