import {
    CreateNetworkAclCommand,
    CreateNetworkAclEntryCommand,
    DeleteNetworkAclEntryCommand,
    DescribeNetworkAclsCommand,
    DescribeSubnetsCommand,
    DescribeVpcsCommand,
    ReplaceNetworkAclAssociationCommand,
    type NetworkAcl,
} from "@aws-sdk/client-ec2";

import { type BreakableNetwork, EVERYWHERE, must, ofVpc, tierOf, type Faults } from "./fault";

/** All addresses but 10.0.0.0/8. */
const AROUND_10 = [
    "0.0.0.0/5",
    "8.0.0.0/7",
    "11.0.0.0/8",
    "12.0.0.0/6",
    "16.0.0.0/4",
    "32.0.0.0/3",
    "64.0.0.0/2",
    "128.0.0.0/1",
];

/** Faults of network ACLs. */
export const NETWORK_ACL_FAULTS: Faults = {
    20: {
        title: "the subnets' network ACL admits no HTTPS within 10.0.0.0/8",
        code: "SUBNET_ACL_RESTRICTION",
        async inject(network) {
            const acl = await networkAcl(network);
            await network.ec2.send(
                new DeleteNetworkAclEntryCommand({
                    NetworkAclId: acl.NetworkAclId,
                    Egress: true,
                    RuleNumber: 100,
                }),
            );
            const around = [
                { from: 0, to: 442, blocks: [EVERYWHERE] },
                { from: 444, to: 65_535, blocks: [EVERYWHERE] },
                { from: 443, to: 443, blocks: AROUND_10 },
            ];
            let RuleNumber = 200;
            for (const { from, to, blocks } of around)
                for (const CidrBlock of blocks)
                    await aclEntry(network, acl, true, (RuleNumber += 1), "allow", CidrBlock, from, to);
            return [must(acl.NetworkAclId, "id of the network ACL")];
        },
    },
    21: {
        title: "the subnets' network ACL denies the replies of the VPC",
        code: "SUBNET_ACL_RESTRICTION",
        inject: (network) => deny(network, 50, 32_768, 60_999),
    },
    23: {
        title: "an entry of the subnets' network ACL denies what a later one admits",
        code: "SUBNET_ACL_RESTRICTION",
        inject: (network) => deny(network, 60, 443, 443),
    },
    24: {
        title: "a private subnet was given another network ACL, which admits nothing",
        code: "SUBNET_ACL_RESTRICTION",
        // The other ACL stays: AWS deletes none while a subnet has it. It has to be deleted before the VPC can be.
        async inject(network) {
            const { ec2, vpcId: VpcId } = network;
            const { Subnets } = await ec2.send(
                new DescribeSubnetsCommand({ Filters: tierOf(network, "Private") }),
            );
            const subnetId = must(Subnets?.[network.index ?? 0]?.SubnetId, "private subnet");
            const { NetworkAcls } = await ec2.send(
                new DescribeNetworkAclsCommand({ Filters: [ofVpc(network)] }),
            );
            const association = NetworkAcls?.flatMap((acl) => acl.Associations ?? []).find(
                (one) => one.SubnetId === subnetId,
            );
            const { NetworkAcl: other } = await ec2.send(new CreateNetworkAclCommand({ VpcId }));
            await ec2.send(
                new ReplaceNetworkAclAssociationCommand({
                    AssociationId: association?.NetworkAclAssociationId,
                    NetworkAclId: other?.NetworkAclId,
                }),
            );
            return [subnetId];
        },
    },
};

/** The VPC's own network ACL, which every subnet has. */
async function networkAcl(network: BreakableNetwork): Promise<NetworkAcl> {
    const { NetworkAcls } = await network.ec2.send(
        new DescribeNetworkAclsCommand({
            Filters: [ofVpc(network), { Name: "default", Values: ["true"] }],
        }),
    );
    return must(NetworkAcls?.[0], "network ACL");
}

async function aclEntry(
    { ec2 }: BreakableNetwork,
    { NetworkAclId }: NetworkAcl,
    Egress: boolean,
    RuleNumber: number,
    RuleAction: "allow" | "deny",
    CidrBlock: string,
    From: number,
    To: number,
): Promise<void> {
    const entry = { Egress, RuleNumber, RuleAction, CidrBlock, Protocol: "6", PortRange: { From, To } };
    await ec2.send(new CreateNetworkAclEntryCommand({ NetworkAclId, ...entry }));
}

async function deny(
    network: BreakableNetwork,
    ruleNumber: number,
    from: number,
    to: number,
): Promise<string[]> {
    const acl = await networkAcl(network);
    const { Vpcs } = await network.ec2.send(new DescribeVpcsCommand({ VpcIds: [network.vpcId] }));
    const block = must(Vpcs?.[0]?.CidrBlock, "block of addresses");
    await aclEntry(network, acl, false, ruleNumber, "deny", block, from, to);
    return [must(acl.NetworkAclId, "id of the network ACL")];
}
