import { DescribeVpcEndpointsCommand, type EC2Client, type VpcEndpoint } from "@aws-sdk/client-ec2";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";

/** A way to break a network behind Pulumi's back, through the AWS API. */
export interface Fault {
    /** What is broken, for people. */
    readonly title: string;
    /** The explanation code by which the checks name it. */
    readonly code: string;
    /**
     * Breaks the network.
     *
     * @returns ids of what was broken.
     * @throws when the network has nothing of the kind.
     */
    inject(network: BreakableNetwork): Promise<string[]>;
}

/** A deployed network, as seen through the AWS API alone. */
export interface BreakableNetwork {
    readonly ec2: EC2Client;
    /** @default none: nothing of SageMaker can be broken */
    readonly sageMaker?: SageMakerClient;
    readonly vpcId: string;
    /** Which one of several to break: 0 is the first. @default 0 */
    readonly index?: number;
}

/** Faults by the number of their row in docs/explanations.md. */
export type Faults = Readonly<Record<number, Fault>>;

export const EVERYWHERE = "0.0.0.0/0";

export const ofVpc = ({ vpcId }: BreakableNetwork) => ({ Name: "vpc-id", Values: [vpcId] });

/** awsx tags subnets and their route tables with the tier. */
export const tierOf = (network: BreakableNetwork, tier: "Public" | "Private") => [
    ofVpc(network),
    { Name: "tag:SubnetType", Values: [tier] },
];

export async function endpoint(
    network: BreakableNetwork,
    type: "Gateway" | "Interface",
): Promise<VpcEndpoint> {
    const { VpcEndpoints } = await network.ec2.send(
        new DescribeVpcEndpointsCommand({
            Filters: [ofVpc(network), { Name: "vpc-endpoint-type", Values: [type] }],
        }),
    );
    return must(VpcEndpoints?.[network.index ?? 0], `${type.toLowerCase()} endpoint`);
}

export function must<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Error(`this network has no ${what}`);
    return value;
}
