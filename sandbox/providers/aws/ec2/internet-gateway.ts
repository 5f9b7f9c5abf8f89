import {
    AttachInternetGatewayCommand,
    CreateInternetGatewayCommand,
    DeleteInternetGatewayCommand,
    DescribeInternetGatewaysCommand,
    DetachInternetGatewayCommand,
} from "@aws-sdk/client-ec2";
import type { InternetGatewayArgs, InternetGatewayState } from "@pulumi/aws/ec2/internetGateway";

import { errorCode } from "../../server/errors";
import { string } from "../../server/property";
import type { AwsContext } from "../context";
import { resource } from "../resource";
import { ec2, ec2Arn, tagEc2, tagsFrom, tagSpecifications } from "./support";

export const internetGateway = resource<InternetGatewayArgs, InternetGatewayState>({
    noun: "EC2 Internet Gateway",
    properties: { vpcId: string({ computed: true }) },
    async create(_inputs, context) {
        const command = new CreateInternetGatewayCommand({
            TagSpecifications: tagSpecifications("internet-gateway", context),
        });
        return (await ec2(context).send(command)).InternetGateway!.InternetGatewayId!;
    },
    async settle(id, { vpcId }, context) {
        if (!vpcId) return;
        // A settling that is repeated may find it attached.
        if (!(await attachedVpc(id, context))) await attach(id, vpcId, context);
    },
    async read(id, context) {
        const found = await describe(id, context);
        return (
            found && {
                arn: ec2Arn(context, found.OwnerId, `internet-gateway/${id}`),
                ownerId: found.OwnerId,
                tags: tagsFrom(found.Tags),
                vpcId: found.Attachments?.[0]?.VpcId ?? "",
            }
        );
    },
    async update(id, { vpcId }, { olds, changed }, context) {
        if (!changed.has("vpcId")) return;
        if (olds.vpcId) await detach(id, olds.vpcId, context);
        if (vpcId) await attach(id, vpcId, context);
    },
    tag: tagEc2,
    async delete(id, _state, context) {
        const attached = await attachedVpc(id, context);
        if (attached) await detach(id, attached, context);
        await ec2(context).send(new DeleteInternetGatewayCommand({ InternetGatewayId: id }));
    },
});

async function describe(id: string, context: AwsContext) {
    const command = new DescribeInternetGatewaysCommand({ InternetGatewayIds: [id] });
    return (await ec2(context).send(command)).InternetGateways?.[0];
}

async function attachedVpc(id: string, context: AwsContext): Promise<string | undefined> {
    return (await describe(id, context))?.Attachments?.[0]?.VpcId;
}

async function attach(id: string, vpcId: string, context: AwsContext): Promise<void> {
    await ec2(context).send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
}

async function detach(id: string, vpcId: string, context: AwsContext): Promise<void> {
    try {
        await ec2(context).send(new DetachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpcId }));
    } catch (error) {
        if (errorCode(error) !== "Gateway.NotAttached") throw error;
    }
}
