import {
    DescribeNetworkInterfacesCommand,
    ModifyNetworkInterfaceAttributeCommand,
} from "@aws-sdk/client-ec2";

import type { Snapshot } from "../../snapshot/types";
import type { EditKind } from "./kind";

/** The security groups of a network interface. */
export interface NetworkInterfaceGroupsEdit {
    action: "ModifyNetworkInterfaceAttribute";
    networkInterfaceId: string;
    /** All the groups that the interface carries afterwards. */
    securityGroupIds: string[];
}

export const networkInterfaceGroups: EditKind<NetworkInterfaceGroupsEdit> = {
    costs: { ModifyNetworkInterfaceAttribute: 3 },

    describe: ({ networkInterfaceId, securityGroupIds }) =>
        `${networkInterfaceId} groups to ${securityGroupIds.join(", ")}`,

    touches: ({ networkInterfaceId }) => [networkInterfaceId],

    async read({ networkInterfaceId }, { ec2 }, region) {
        const NetworkInterfaceIds = [networkInterfaceId];
        const { NetworkInterfaces = [] } = await ec2.send(
            new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }),
        );
        return { region, NetworkInterfaces };
    },

    /** The order of the groups means nothing. */
    current(edit, network) {
        const groups = groupsOf(edit, network);
        const guarded = sorted(groups);
        const isMade = guarded === sorted(edit.securityGroupIds);
        return { text: isMade ? networkInterfaceGroups.wanted(edit) : groups.join(", "), guarded };
    },

    wanted: ({ securityGroupIds }) => securityGroupIds.join(", "),

    async apply({ networkInterfaceId: NetworkInterfaceId, securityGroupIds: Groups }, { ec2 }) {
        await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
        return {};
    },

    undo: (edit, before) => ({ ...edit, securityGroupIds: groupsOf(edit, before) }),
};

function groupsOf({ networkInterfaceId }: NetworkInterfaceGroupsEdit, { NetworkInterfaces }: Snapshot) {
    const found = NetworkInterfaces?.find((one) => one.NetworkInterfaceId === networkInterfaceId);
    return (found?.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
}

function sorted(ids: readonly string[]): string {
    return [...ids].sort().join(", ");
}
