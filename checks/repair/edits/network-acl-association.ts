import { DescribeNetworkAclsCommand, ReplaceNetworkAclAssociationCommand } from "@aws-sdk/client-ec2";

import type { EditKind } from "./kind";

/** The network ACL that a subnet is associated with. */
export interface NetworkAclAssociationEdit {
    action: "ReplaceNetworkAclAssociation";
    associationId: string;
    networkAclId: string;
    subnetId: string;
}

const NO_NETWORK_ACL = "no network ACL";

export const networkAclAssociation: EditKind<NetworkAclAssociationEdit> = {
    costs: { ReplaceNetworkAclAssociation: 3 },

    describe: ({ subnetId, networkAclId }) => `${subnetId} with ${networkAclId}`,

    touches: ({ subnetId }) => [subnetId],

    async read({ networkAclId }, { ec2 }, region) {
        const NetworkAclIds = [networkAclId];
        const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds }));
        return { region, NetworkAcls };
    },

    current({ subnetId }, { NetworkAcls = [] }) {
        for (const acl of NetworkAcls) {
            const found = acl.Associations?.find((one) => one.SubnetId === subnetId);
            if (found === undefined) continue;
            const { NetworkAclAssociationId: associationId } = found;
            return {
                text: acl.NetworkAclId ?? NO_NETWORK_ACL,
                ...(associationId === undefined ? {} : { associationId }),
            };
        }
        return { text: NO_NETWORK_ACL };
    },

    wanted: ({ networkAclId }) => networkAclId,

    async apply({ associationId: AssociationId, networkAclId: NetworkAclId }, { ec2 }) {
        const command = new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId });
        const { NewAssociationId } = await ec2.send(command);
        return NewAssociationId === undefined ? {} : { associationId: NewAssociationId };
    },

    undo(edit, before, { associationId }) {
        const { text: networkAclId } = networkAclAssociation.current(edit, before);
        if (networkAclId === NO_NETWORK_ACL || associationId === undefined) return undefined;
        return { ...edit, associationId, networkAclId };
    },
};
