import * as assert from "node:assert/strict";
import {
    AuthorizeSecurityGroupEgressCommand,
    AuthorizeSecurityGroupIngressCommand,
    CreateNetworkInterfaceCommand,
    CreateSecurityGroupCommand,
    DeleteNetworkInterfaceCommand,
    DeleteSecurityGroupCommand,
    DescribeManagedPrefixListsCommand,
    DescribeSecurityGroupRulesCommand,
    DescribeSecurityGroupsCommand,
    type IpPermission,
    ModifyNetworkInterfaceAttributeCommand,
    ModifySecurityGroupRulesCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroupRule,
    UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from "@aws-sdk/client-ec2";
import { given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

const https = (peer: Partial<IpPermission>): IpPermission => ({
    IpProtocol: "tcp",
    FromPort: 443,
    ToPort: 443,
    ...peer,
});

async function rules(network: Network, groupId: string): Promise<SecurityGroupRule[]> {
    const Filters = [{ Name: "group-id", Values: [groupId] }];
    return given(
        (await network.ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }))).SecurityGroupRules,
    );
}

describe("sandbox/moto security groups", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("of a new VPC: the default one admits everything from itself and lets everything out", async () => {
        const network = await Network.create();
        const Filters = [{ Name: "vpc-id", Values: [network.vpcId] }];
        const { SecurityGroups } = await network.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
        const [group] = given(SecurityGroups);
        const GroupId = given(group?.GroupId);
        const shown = (await rules(network, GroupId)).map((rule) => [
            rule.IsEgress,
            rule.IpProtocol,
            rule.FromPort,
            rule.ToPort,
            rule.CidrIpv4 ?? rule.ReferencedGroupInfo?.GroupId,
        ]);
        assert.deepEqual(shown, [
            [true, "-1", -1, -1, "0.0.0.0/0"],
            [false, "-1", -1, -1, GroupId],
        ]);
        await refused(
            network.ec2.send(new DeleteSecurityGroupCommand({ GroupId })),
            "CannotDelete",
            /"default"/,
        );
    });

    it("answer the rules that were authorized, of every permission, and describe the same", async () => {
        const network = await Network.create();
        const [GroupId, client] = [
            await network.securityGroup("server"),
            await network.securityGroup("client"),
        ];
        const lists = new DescribeManagedPrefixListsCommand({
            Filters: [{ Name: "prefix-list-name", Values: [`com.amazonaws.${REGION}.s3`] }],
        });
        const PrefixListId = given((await network.ec2.send(lists)).PrefixLists?.[0]?.PrefixListId);
        const { SecurityGroupRules } = await network.ec2.send(
            new AuthorizeSecurityGroupIngressCommand({
                GroupId,
                IpPermissions: [
                    https({ IpRanges: [{ CidrIp: "10.0.0.0/16", Description: "from the VPC" }] }),
                    https({ UserIdGroupPairs: [{ GroupId: client, Description: "from clients" }] }),
                    https({ PrefixListIds: [{ PrefixListId, Description: "from S3" }] }),
                    https({ Ipv6Ranges: [{ CidrIpv6: "2001:db8::/32" }] }),
                    { IpProtocol: "-1", IpRanges: [{ CidrIp: "10.9.9.9/32" }] },
                    { IpProtocol: "icmp", FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: "10.0.0.0/8" }] },
                ],
                TagSpecifications: [
                    { ResourceType: "security-group-rule", Tags: [{ Key: "Name", Value: "x" }] },
                ],
            }),
        );
        const answered = given(SecurityGroupRules);
        assert.deepEqual(
            answered.map((rule) => [
                rule.IpProtocol,
                rule.FromPort,
                rule.ToPort,
                rule.CidrIpv4 ?? rule.CidrIpv6 ?? rule.PrefixListId ?? rule.ReferencedGroupInfo?.GroupId,
                rule.Description,
            ]),
            [
                ["tcp", 443, 443, "10.0.0.0/16", "from the VPC"],
                ["tcp", 443, 443, client, "from clients"],
                ["tcp", 443, 443, PrefixListId, "from S3"],
                ["tcp", 443, 443, "2001:db8::/32", undefined],
                ["-1", -1, -1, "10.9.9.9/32", undefined],
                ["icmp", 8, -1, "10.0.0.0/8", undefined],
            ],
        );
        assert.match(given(answered[0]?.SecurityGroupRuleId), /^sgr-[0-9a-f]{17}$/);
        assert.deepEqual(answered[0]?.Tags, [{ Key: "Name", Value: "x" }]);
        assert.equal(answered[0]?.GroupOwnerId, "123456789012");
        assert.match(given(answered[0]?.SecurityGroupRuleArn), /:security-group-rule\/sgr-/);
        const described = (await rules(network, GroupId)).filter((rule) => rule.IsEgress === false);
        assert.deepEqual(described, answered);

        const ids = answered.slice(0, 1).map((rule) => given(rule.SecurityGroupRuleId));
        const byId = await network.ec2.send(
            new DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: ids }),
        );
        assert.deepEqual(byId.SecurityGroupRules, answered.slice(0, 1));
        const { SecurityGroups } = await network.ec2.send(
            new DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }),
        );
        const permission = SecurityGroups?.[0]?.IpPermissions?.find((p) => p.FromPort === 443);
        assert.deepEqual(permission?.IpRanges, [{ CidrIp: "10.0.0.0/16", Description: "from the VPC" }]);
        assert.equal(permission?.UserIdGroupPairs?.[0]?.Description, "from clients");
        assert.deepEqual(permission?.PrefixListIds, [{ PrefixListId, Description: "from S3" }]);
    });

    it("refuse a rule that is there already, whatever its description, and then change nothing", async () => {
        const network = await Network.create();
        const [GroupId, client] = [
            await network.securityGroup("server"),
            await network.securityGroup("client"),
        ];
        const authorize = (...IpPermissions: IpPermission[]) =>
            network.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
        await authorize(https({ UserIdGroupPairs: [{ GroupId: client, Description: "one" }] }));
        const before = await rules(network, GroupId);
        await refused(
            authorize(
                https({ IpRanges: [{ CidrIp: "10.0.0.0/16" }] }),
                https({ UserIdGroupPairs: [{ GroupId: client, Description: "two" }] }),
            ),
            "InvalidPermission.Duplicate",
            /the specified rule "peer: sg-[0-9a-f]+, TCP, from port: 443, to port: 443, ALLOW" already exists/,
        );
        assert.deepEqual(await rules(network, GroupId), before);
    });

    it("revoke by permission or by id, all or nothing, and say what was revoked", async () => {
        const network = await Network.create();
        const { ec2 } = network;
        const GroupId = await network.securityGroup("server");
        const vpc = https({ IpRanges: [{ CidrIp: "10.0.0.0/16", Description: "from the VPC" }] });
        const host = https({ IpRanges: [{ CidrIp: "10.1.1.1/32" }] });
        const { SecurityGroupRules } = await ec2.send(
            new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [vpc, host] }),
        );
        const absent = https({ IpRanges: [{ CidrIp: "10.2.2.2/32" }] });
        await refused(
            ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [host, absent] })),
            "InvalidPermission.NotFound",
        );
        assert.equal((await rules(network, GroupId)).length, 3);
        const withoutText = https({ IpRanges: [{ CidrIp: "10.0.0.0/16" }] });
        const revoked = await ec2.send(
            new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions: [withoutText] }),
        );
        assert.deepEqual(
            revoked.RevokedSecurityGroupRules?.map((rule) => rule.SecurityGroupRuleId),
            [SecurityGroupRules?.[0]?.SecurityGroupRuleId],
        );
        const SecurityGroupRuleIds = [given(SecurityGroupRules?.[1]?.SecurityGroupRuleId)];
        const byId = new RevokeSecurityGroupIngressCommand({ GroupId, SecurityGroupRuleIds });
        await ec2.send(byId);
        await refused(ec2.send(byId), "InvalidSecurityGroupRuleId.NotFound");
        const all = { IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] };
        await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [all] }));
        assert.deepEqual(await rules(network, GroupId), []);
        await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [all] }));
        assert.deepEqual(
            (await rules(network, GroupId)).map((rule) => rule.IsEgress),
            [true],
        );
    });

    it("keep a rule's id when it is modified or gets another description", async () => {
        const network = await Network.create();
        const { ec2 } = network;
        const [GroupId, client] = [
            await network.securityGroup("server"),
            await network.securityGroup("client"),
        ];
        const IpPermissions = [https({ IpRanges: [{ CidrIp: "10.0.0.0/16", Description: "old" }] })];
        const created = await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
        const SecurityGroupRuleId = given(created.SecurityGroupRules?.[0]?.SecurityGroupRuleId);
        const rule = async () =>
            given(
                (await rules(network, GroupId)).find(
                    (item) => item.SecurityGroupRuleId === SecurityGroupRuleId,
                ),
            );
        const ports = { IpProtocol: "tcp", FromPort: 8443, ToPort: 8444 };
        const modify = (SecurityGroupRule: object) =>
            ec2.send(
                new ModifySecurityGroupRulesCommand({
                    GroupId,
                    SecurityGroupRules: [
                        { SecurityGroupRuleId, SecurityGroupRule: { ...ports, ...SecurityGroupRule } },
                    ],
                }),
            );
        await modify({ ReferencedGroupId: client, Description: "new" });
        const changed = await rule();
        assert.equal(changed.FromPort, 8443);
        assert.equal(changed.ReferencedGroupInfo?.GroupId, client);
        assert.equal(changed.CidrIpv4, undefined);
        assert.equal(changed.Description, "new");
        await modify({ CidrIpv4: "10.3.0.0/16" });
        assert.equal((await rule()).CidrIpv4, "10.3.0.0/16");
        assert.equal((await rule()).Description, undefined);
        await refused(modify({}), "InvalidParameterCombination");
        await ec2.send(
            new UpdateSecurityGroupRuleDescriptionsIngressCommand({
                GroupId,
                SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId, Description: "again" }],
            }),
        );
        assert.equal((await rule()).Description, "again");
    });

    it("stay while an interface has them or another group's rule names them", async () => {
        const network = await Network.create();
        const { ec2 } = network;
        const SubnetId = await network.subnet("10.0.0.0/24");
        const [GroupId, other] = [
            await network.securityGroup("client"),
            await network.securityGroup("server"),
        ];
        const remove = () => ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
        const { NetworkInterface } = await ec2.send(
            new CreateNetworkInterfaceCommand({ SubnetId, Groups: [GroupId] }),
        );
        const NetworkInterfaceId = NetworkInterface?.NetworkInterfaceId;
        await refused(remove(), "DependencyViolation", /has a dependent object/);
        await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: [other] }));
        const reference = https({ UserIdGroupPairs: [{ GroupId }] });
        await ec2.send(
            new AuthorizeSecurityGroupIngressCommand({ GroupId: other, IpPermissions: [reference] }),
        );
        await refused(remove(), "DependencyViolation", /has a dependent object/);
        await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: other, IpPermissions: [reference] }));
        await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [reference] }));
        await remove();
        await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
        await refused(remove(), "InvalidGroup.NotFound");
    });

    it("refuse what does not exist or does not fit", async () => {
        const network = await Network.create();
        const GroupId = await network.securityGroup("server");
        const authorize = (permission: IpPermission) =>
            network.ec2.send(
                new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] }),
            );
        const peer = { IpRanges: [{ CidrIp: "10.0.0.0/16" }] };
        await refused(authorize({ IpProtocol: "tcp", ...peer }), "InvalidParameterValue", /portRange/);
        await refused(authorize(https({ IpRanges: [{ CidrIp: "10.0.0.0/33" }] })), "InvalidParameterValue");
        const unknown = { GroupId: "sg-00000000000000000" };
        await refused(authorize(https({ UserIdGroupPairs: [unknown] })), "InvalidGroup.NotFound");
        const list = { PrefixListId: "pl-00000000000000000" };
        await refused(authorize(https({ PrefixListIds: [list] })), "InvalidPrefixListID.NotFound");
        const group = { VpcId: network.vpcId, Description: "again" };
        const again = new CreateSecurityGroupCommand({ ...group, GroupName: "server" });
        await refused(network.ec2.send(again), "InvalidGroup.Duplicate", /already exists for VPC/);
        const reserved = new CreateSecurityGroupCommand({ ...group, GroupName: "sg-mine" });
        await refused(network.ec2.send(reserved), "InvalidParameterValue", /reserved/);
        const SubnetId = await network.subnet("10.0.0.0/24");
        const Groups = ["sg-00000000000000000"];
        await refused(
            network.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups })),
            "InvalidGroup.NotFound",
        );
    });

    // https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html: the default quota.
    it("are at most 5 on one interface", async () => {
        const network = await Network.create();
        const SubnetId = await network.subnet("10.0.0.0/24");
        const groups: string[] = [];
        for (let index = 0; index <= 5; index++) {
            groups.push(await network.securityGroup(`of-an-interface-${index}`));
        }
        const create = (Groups: string[]) =>
            network.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups }));
        await refused(create(groups), "SecurityGroupsPerInterfaceLimitExceeded", /: 5/);
        const { NetworkInterface } = await create(groups.slice(1));
        const { NetworkInterfaceId } = given(NetworkInterface);
        await refused(
            network.ec2.send(
                new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups: groups }),
            ),
            "SecurityGroupsPerInterfaceLimitExceeded",
        );
    });
});
