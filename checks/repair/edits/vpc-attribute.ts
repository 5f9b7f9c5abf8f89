import { DescribeVpcAttributeCommand, ModifyVpcAttributeCommand } from "@aws-sdk/client-ec2";

import type { EditKind } from "./kind";

/** One of the two DNS attributes of a VPC. */
export interface VpcAttributeEdit {
    action: "ModifyVpcAttribute";
    vpcId: string;
    attribute: "enableDnsSupport" | "enableDnsHostnames";
    value: boolean;
}

export const vpcAttribute: EditKind<VpcAttributeEdit> = {
    costs: { ModifyVpcAttribute: 2 },

    describe: ({ attribute, vpcId, value }) => `${attribute} of ${vpcId} to ${value}`,

    touches: ({ vpcId }) => [vpcId],

    async read({ vpcId: VpcId, attribute: Attribute }, { ec2 }, region) {
        const found = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
        const attributes = {
            enableDnsSupport: found.EnableDnsSupport?.Value === true,
            enableDnsHostnames: found.EnableDnsHostnames?.Value === true,
        };
        return { region, VpcAttributes: { [VpcId]: attributes } };
    },

    current: ({ vpcId, attribute }, { VpcAttributes }) => ({
        text: String(VpcAttributes?.[vpcId]?.[attribute] ?? "unknown"),
    }),

    wanted: ({ value }) => String(value),

    async apply({ vpcId: VpcId, attribute, value: Value }, { ec2 }) {
        // One attribute a call: with both in one, AWS answers InvalidParameterCombination.
        const change =
            attribute === "enableDnsSupport"
                ? { EnableDnsSupport: { Value } }
                : { EnableDnsHostnames: { Value } };
        await ec2.send(new ModifyVpcAttributeCommand({ VpcId, ...change }));
        return {};
    },

    undo: (edit) => ({ ...edit, value: !edit.value }),
};
