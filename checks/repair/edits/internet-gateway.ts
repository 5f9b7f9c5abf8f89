import {
    AttachInternetGatewayCommand,
    DescribeInternetGatewaysCommand,
    DetachInternetGatewayCommand,
} from "@aws-sdk/client-ec2";

import type { EditKind } from "./kind";

/** The attachment of an internet gateway to a VPC. */
export interface InternetGatewayEdit {
    action: "AttachInternetGateway" | "DetachInternetGateway";
    internetGatewayId: string;
    vpcId: string;
}

export const internetGateway: EditKind<InternetGatewayEdit> = {
    costs: { AttachInternetGateway: 1, DetachInternetGateway: Infinity },

    describe: ({ action, internetGatewayId, vpcId }) =>
        `${internetGatewayId} ${action === "AttachInternetGateway" ? "to" : "from"} ${vpcId}`,

    touches: ({ internetGatewayId, vpcId }) => [internetGatewayId, vpcId],

    async read({ internetGatewayId }, { ec2 }, region) {
        const InternetGatewayIds = [internetGatewayId];
        const { InternetGateways = [] } = await ec2.send(
            new DescribeInternetGatewaysCommand({ InternetGatewayIds }),
        );
        return { region, InternetGateways };
    },

    current({ internetGatewayId, vpcId }, { InternetGateways = [] }) {
        const gateway = InternetGateways.find((one) => one.InternetGatewayId === internetGatewayId);
        const isAttached = gateway?.Attachments?.some(({ VpcId }) => VpcId === vpcId) === true;
        return { text: isAttached ? "attached" : "detached" };
    },

    wanted: ({ action }) => (action === "AttachInternetGateway" ? "attached" : "detached"),

    async apply({ action, internetGatewayId: InternetGatewayId, vpcId: VpcId }, { ec2 }) {
        const input = { InternetGatewayId, VpcId };
        await (action === "AttachInternetGateway"
            ? ec2.send(new AttachInternetGatewayCommand(input))
            : ec2.send(new DetachInternetGatewayCommand(input)));
        return {};
    },

    undo: (edit) =>
        edit.action === "AttachInternetGateway" ? { ...edit, action: "DetachInternetGateway" } : undefined,
};
