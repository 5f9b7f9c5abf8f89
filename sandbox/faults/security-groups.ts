import {
    AuthorizeSecurityGroupIngressCommand,
    DescribeSecurityGroupsCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type IpPermission,
    type SecurityGroup,
} from "@aws-sdk/client-ec2";

import { type BreakableNetwork, endpoint, EVERYWHERE, must, ofVpc, type Faults } from "./fault";

/** Neptune's and OpenSearch's. */
const SERVICE_PORTS: readonly number[] = [8182, 443];

/** Faults of security groups. */
export const SECURITY_GROUP_FAULTS: Faults = {
    25: {
        title: "a service's security group does not admit one of its clients",
        code: "ENI_SG_RULES_MISMATCH",
        async inject(network) {
            for (const { GroupId, IpPermissions = [], Tags = [] } of await securityGroups(network)) {
                const permission = IpPermissions.find(
                    ({ FromPort = 0, UserIdGroupPairs = [] }) =>
                        SERVICE_PORTS.includes(FromPort) && UserIdGroupPairs.length > 0,
                );
                if (permission === undefined || Tags.length === 0 || (await isOfEndpoint(network, GroupId)))
                    continue;
                const { IpProtocol, FromPort, ToPort, UserIdGroupPairs = [] } = permission;
                const gone = { IpProtocol, FromPort, ToPort, UserIdGroupPairs: UserIdGroupPairs.slice(0, 1) };
                await network.ec2.send(
                    new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [gone] }),
                );
                return [GroupId ?? "", UserIdGroupPairs[0]?.GroupId ?? ""];
            }
            throw new Error("this network has no service with clients: neither Neptune nor OpenSearch");
        },
    },
    26: {
        title: "a security group lost its way out to the internet",
        code: "ENI_SG_RULES_MISMATCH",
        inject: (network) =>
            revokeEgress(network, ({ IpRanges = [] }) => ({
                IpRanges: IpRanges.filter((one) => one.CidrIp === EVERYWHERE),
            })),
    },
    29: {
        title: "the interface endpoints' security group admits the whole internet",
        code: "X_WORLD_OPEN",
        async inject(network) {
            const { Groups } = await endpoint(network, "Interface");
            const GroupId = must(Groups?.[0]?.GroupId, "security group of the endpoint");
            await network.ec2.send(
                new AuthorizeSecurityGroupIngressCommand({
                    GroupId,
                    IpPermissions: [
                        {
                            IpProtocol: "tcp",
                            FromPort: 443,
                            ToPort: 443,
                            IpRanges: [{ CidrIp: EVERYWHERE, Description: "only for a test" }],
                        },
                    ],
                }),
            );
            return [GroupId];
        },
    },
    34: {
        title: "the interface endpoints' security group admits nobody",
        code: "ENI_SG_RULES_MISMATCH",
        async inject(network) {
            const { Groups } = await endpoint(network, "Interface");
            const GroupId = must(Groups?.[0]?.GroupId, "security group of the endpoint");
            const { SecurityGroups } = await network.ec2.send(
                new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
            );
            await network.ec2.send(
                new RevokeSecurityGroupIngressCommand({
                    GroupId,
                    IpPermissions: SecurityGroups?.[0]?.IpPermissions,
                }),
            );
            return [GroupId];
        },
    },
    38: {
        title: "a security group lost its way out to a gateway endpoint's service",
        code: "ENI_SG_RULES_MISMATCH",
        inject: (network) =>
            revokeEgress(network, ({ PrefixListIds = [] }) => ({ PrefixListIds: PrefixListIds.slice(0, 1) })),
    },
};

export async function securityGroups(network: BreakableNetwork): Promise<SecurityGroup[]> {
    const { SecurityGroups } = await network.ec2.send(
        new DescribeSecurityGroupsCommand({ Filters: [ofVpc(network)] }),
    );
    return SecurityGroups ?? [];
}

async function isOfEndpoint(network: BreakableNetwork, groupId: string | undefined): Promise<boolean> {
    const { Groups } = await endpoint({ ...network, index: 0 }, "Interface");
    return Groups?.some(({ GroupId }) => GroupId === groupId) === true;
}

/**
 * Takes a rule away from the first group with tags that has one of that kind; the VPC's default group is nobody's. EC2 lists rules of
 * the same ports as one permission, of which `ofKind` gives the part that goes.
 */
async function revokeEgress(
    network: BreakableNetwork,
    ofKind: (permission: IpPermission) => IpPermission,
): Promise<string[]> {
    for (const { GroupId, IpPermissionsEgress = [], Tags = [] } of await securityGroups(network)) {
        const parts = IpPermissionsEgress.map((permission) => {
            const { IpProtocol, FromPort, ToPort } = permission;
            return { IpProtocol, FromPort, ToPort, ...ofKind(permission) };
        });
        const part = parts.find(
            ({ IpRanges = [], PrefixListIds = [] }) => IpRanges.length + PrefixListIds.length > 0,
        );
        if (part === undefined || GroupId === undefined || Tags.length === 0) continue;
        await network.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [part] }));
        return [GroupId];
    }
    throw new Error("this network has no group with such a rule");
}
