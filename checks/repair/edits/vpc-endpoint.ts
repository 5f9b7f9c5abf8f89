import {
    DescribeVpcEndpointsCommand,
    ModifyVpcEndpointCommand,
    type ModifyVpcEndpointCommandInput,
    type VpcEndpoint,
} from "@aws-sdk/client-ec2";

import { sameDocument } from "../../../lib/policy/document";
import type { Snapshot } from "../../snapshot/types";
import type { Current, EditKind } from "./kind";

/** A setting of a VPC endpoint. */
export interface VpcEndpointEdit {
    action: "ModifyVpcEndpoint";
    vpcEndpointId: string;
    change: EndpointChange;
}

export type EndpointChange =
    | { privateDnsEnabled: boolean }
    | { addRouteTableIds: string[] }
    | { removeRouteTableIds: string[] }
    | { addSubnetIds: string[] }
    | { removeSubnetIds: string[] }
    | { addSecurityGroupIds: string[]; removeSecurityGroupIds: string[] }
    /** A JSON document. */
    | { policy: string };

/** A policy decides what all clients of the endpoint may do: it is only written when the configuration allows it. */
const POLICY_COST = 10;

export const vpcEndpoint: EditKind<VpcEndpointEdit> = {
    costs: { ModifyVpcEndpoint: 2 },
    extraCost: ({ change }) => ("policy" in change ? POLICY_COST : 0),

    describe: ({ vpcEndpointId, change }) => `${vpcEndpointId} ${settingOf(change).describe}`,

    touches: ({ vpcEndpointId, change }) => [
        vpcEndpointId,
        ...("addRouteTableIds" in change ? change.addRouteTableIds : []),
    ],

    async read({ vpcEndpointId }, { ec2 }, region) {
        const VpcEndpointIds = [vpcEndpointId];
        const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds }));
        return { region, VpcEndpoints };
    },

    current: (edit, network) => settingOf(edit.change).current(endpointOf(edit, network)),

    wanted: ({ change }) => settingOf(change).wanted,

    async apply({ vpcEndpointId: VpcEndpointId, change }, { ec2 }) {
        await ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, ...settingOf(change).input }));
        return {};
    },

    undo(edit, before) {
        const change = settingOf(edit.change).undo(endpointOf(edit, before));
        return change === undefined ? undefined : { ...edit, change };
    },
};

function endpointOf({ vpcEndpointId }: VpcEndpointEdit, { VpcEndpoints }: Snapshot): VpcEndpoint | undefined {
    return VpcEndpoints?.find((one) => one.VpcEndpointId === vpcEndpointId);
}

/** What one change of an endpoint is, read from it once. */
interface Setting {
    describe: string;
    input: Partial<ModifyVpcEndpointCommandInput>;
    wanted: string;
    current(endpoint: VpcEndpoint | undefined): Current;
    undo(before: VpcEndpoint | undefined): EndpointChange | undefined;
}

function settingOf(change: EndpointChange): Setting {
    if ("privateDnsEnabled" in change) return privateDns(change.privateDnsEnabled);
    if ("addRouteTableIds" in change) return routeTables(change.addRouteTableIds, true);
    if ("removeRouteTableIds" in change) return routeTables(change.removeRouteTableIds, false);
    if ("addSubnetIds" in change) return subnets(change.addSubnetIds, true);
    if ("removeSubnetIds" in change) return subnets(change.removeSubnetIds, false);
    if ("policy" in change) return policy(change.policy);
    return securityGroups(change.addSecurityGroupIds, change.removeSecurityGroupIds);
}

function privateDns(value: boolean): Setting {
    return {
        describe: `private DNS to ${value}`,
        input: { PrivateDnsEnabled: value },
        wanted: String(value),
        current: (endpoint) => ({ text: String(endpoint?.PrivateDnsEnabled ?? "unknown") }),
        undo: () => ({ privateDnsEnabled: !value }),
    };
}

function routeTables(ids: string[], add: boolean): Setting {
    return {
        describe: `${add ? "add" : "remove"} ${ids.join(", ")}`,
        input: add ? { AddRouteTableIds: ids } : { RemoveRouteTableIds: ids },
        wanted: add ? "routed" : "no route",
        current: (endpoint) => ({
            text: isThere(ids, endpoint?.RouteTableIds, add) ? "routed" : "no route",
        }),
        undo: () => (add ? { removeRouteTableIds: ids } : { addRouteTableIds: ids }),
    };
}

function subnets(ids: string[], add: boolean): Setting {
    return {
        describe: `${add ? "add" : "remove"} ${ids.join(", ")}`,
        input: add ? { AddSubnetIds: ids } : { RemoveSubnetIds: ids },
        wanted: add ? "an interface" : "no interface",
        current: (endpoint) => ({
            text: isThere(ids, endpoint?.SubnetIds, add) ? "an interface" : "no interface",
        }),
        undo: () => (add ? { removeSubnetIds: ids } : { addSubnetIds: ids }),
    };
}

/** Added ids count as there when all are, ids to be removed when any is. */
function isThere(ids: readonly string[], actual: readonly string[] = [], add: boolean): boolean {
    return add ? ids.every((id) => actual.includes(id)) : ids.some((id) => actual.includes(id));
}

function securityGroups(added: string[], removed: string[]): Setting {
    const verbs = [
        ["add", added],
        ["remove", removed],
    ] as const;
    const wanted = `with ${added.join(", ")}`;
    return {
        describe: verbs
            .filter(([, ids]) => ids.length > 0)
            .map(([verb, ids]) => `${verb} ${ids.join(", ")}`)
            .join(", "),
        input: {
            ...(added.length === 0 ? {} : { AddSecurityGroupIds: added }),
            ...(removed.length === 0 ? {} : { RemoveSecurityGroupIds: removed }),
        },
        wanted,
        current(endpoint) {
            const carried = (endpoint?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
            const isMade = isThere(added, carried, true) && !isThere(removed, carried, false);
            return {
                text: isMade ? wanted : carried.join(", "),
                guarded: [...carried].sort().join(", "),
            };
        },
        undo: () => ({ addSecurityGroupIds: removed, removeSecurityGroupIds: added }),
    };
}

function policy(document: string): Setting {
    return {
        describe: `policy to ${document}`,
        input: { PolicyDocument: document },
        wanted: document,
        current(endpoint) {
            const actual = endpoint?.PolicyDocument;
            const text = actual ?? "no policy";
            // AWS may write the same document in another way.
            return { text: sameDocument(actual, document) ? document : text, guarded: text };
        },
        undo: (before) =>
            before?.PolicyDocument === undefined ? undefined : { policy: before.PolicyDocument },
    };
}
