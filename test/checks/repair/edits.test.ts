import assert from "node:assert/strict";

import { Ec2 } from "../../../lib/aws/ec2";
import { Studio } from "../../../lib/aws/studio";
import { Deadline } from "../../../lib/clock";
import type { ObservedNetwork } from "../../../checks/observations";
import { applyEdit, describeEdit, type Edit, editCost, kindOf } from "../../../checks/repair/edits";
import type { EditServices } from "../../../checks/repair/edits/kind";
import { FakeClock } from "../../support/fake-clock";
import { FakeEc2 } from "../support/fake-ec2";
import { FakeStudio } from "../support/fake-studio";
import { allFaults } from "../support/faults";
import { id, LAB, ROLE_GROUPS, S3_POLICY, soundNetwork } from "../support/network";

/** What holds for every kind of edit, tried on one edit of each action over the network in memory. */

const { intent } = soundNetwork(LAB);

function servicesOf(ec2: FakeEc2): EditServices {
    const deadline = new Deadline(new FakeClock(), 600);
    return { ec2: new Ec2(ec2.client, deadline), studio: new Studio(new FakeStudio(ec2).client, deadline) };
}

const rule = {
    groupId: ROLE_GROUPS.zookeeper,
    protocol: "tcp",
    ports: { from: 9999, to: 9999 },
    peer: { securityGroupId: ROLE_GROUPS.client },
    description: "made by the test",
} as const;
const route = { routeTableId: id("rtb", 1), destination: "10.9.0.0/16", target: id("nat", 0) };
const entry = {
    ruleNumber: 7,
    egress: true,
    ruleAction: "deny",
    protocol: "6",
    cidr: "10.0.0.0/8",
    ports: { from: 1, to: 2 },
} as const;
const endpoint = { action: "ModifyVpcEndpoint", vpcEndpointId: id("vpce", 0) } as const;
const gateway = { action: "ModifyVpcEndpoint", vpcEndpointId: id("vpce", 100) } as const;

/** An edit that the sound network, after the faults of these rows, does not have yet. */
const CASES: { edit: (ec2: FakeEc2) => Edit; rows?: number[] }[] = [
    {
        edit: () => ({
            action: "AttachInternetGateway",
            internetGatewayId: id("igw", 1),
            vpcId: intent.vpcId,
        }),
        rows: [17],
    },
    {
        edit: () => ({
            action: "AssociateRouteTable",
            routeTableId: id("rtb", 0),
            subnetId: id("subnet", 0),
        }),
        rows: [7],
    },
    {
        edit: (ec2) => ({
            action: "ReplaceRouteTableAssociation",
            associationId: ec2.table(id("rtb", 0)).Associations?.[0]?.RouteTableAssociationId ?? "",
            routeTableId: id("rtb", 1),
            subnetId: id("subnet", 0),
        }),
    },
    { edit: () => ({ action: "CreateRoute", ...route }) },
    { edit: () => ({ action: "ReplaceRoute", ...route, destination: "0.0.0.0/0", target: id("nat", 1) }) },
    { edit: () => ({ action: "DeleteRoute", ...route, destination: "0.0.0.0/0" }) },
    {
        edit: () => ({
            action: "ModifyVpcAttribute",
            vpcId: intent.vpcId,
            attribute: "enableDnsSupport",
            value: false,
        }),
    },
    { edit: () => ({ ...endpoint, change: { privateDnsEnabled: false } }) },
    { edit: () => ({ ...endpoint, change: { addSubnetIds: [id("subnet", 0)] } }) },
    {
        edit: (ec2) => ({
            ...endpoint,
            change: { removeSubnetIds: ec2.endpoint(id("vpce", 0)).SubnetIds?.slice(0, 1) ?? [] },
        }),
    },
    {
        edit: () => ({
            ...endpoint,
            change: { addSecurityGroupIds: [ROLE_GROUPS.client], removeSecurityGroupIds: [id("sg", 1)] },
        }),
    },
    { edit: () => ({ ...gateway, change: { removeRouteTableIds: [id("rtb", 1)] } }) },
    { edit: () => ({ ...gateway, change: { addRouteTableIds: [id("rtb", 1)] } }), rows: [37] },
    { edit: () => ({ ...gateway, change: { policy: S3_POLICY } }), rows: [36] },
    { edit: () => ({ action: "AuthorizeSecurityGroupIngress", rule: { ...rule, direction: "ingress" } }) },
    { edit: () => ({ action: "AuthorizeSecurityGroupEgress", rule: { ...rule, direction: "egress" } }) },
    {
        edit: (ec2) => {
            const group = ec2.state.SecurityGroups?.find((one) => one.GroupId === id("sg", 1));
            const { FromPort: from = 0, ToPort: to = 0 } =
                group?.IpPermissions?.find((one) => one.IpRanges?.[0]?.CidrIp === "0.0.0.0/0") ?? {};
            const world = {
                groupId: id("sg", 1),
                protocol: "tcp",
                ports: { from, to },
                peer: { cidr: "0.0.0.0/0" },
            };
            return { action: "RevokeSecurityGroupIngress", rule: { ...world, direction: "ingress" } };
        },
        rows: [29],
    },
    {
        edit: () => ({
            action: "ModifyNetworkInterfaceAttribute",
            networkInterfaceId: id("eni", 1),
            securityGroupIds: [ROLE_GROUPS.client, ROLE_GROUPS.zookeeper],
        }),
    },
    {
        edit: (ec2) => {
            const acl = ec2.state.NetworkAcls?.find((one) => one.Associations?.length);
            const { NetworkAclAssociationId: associationId = "", SubnetId: subnetId = "" } =
                acl?.Associations?.[0] ?? {};
            ec2.state.NetworkAcls?.push({ NetworkAclId: "acl-other", VpcId: intent.vpcId, Associations: [] });
            return {
                action: "ReplaceNetworkAclAssociation",
                associationId,
                networkAclId: "acl-other",
                subnetId,
            };
        },
    },
    {
        edit: (ec2) => ({
            action: "CreateNetworkAclEntry",
            networkAclId: ec2.state.NetworkAcls?.[0]?.NetworkAclId ?? "",
            entry,
        }),
    },
    {
        edit: (ec2) => {
            const networkAclId = ec2.state.NetworkAcls?.[0]?.NetworkAclId ?? "";
            ec2.CreateNetworkAclEntry({
                NetworkAclId: networkAclId,
                ...{ RuleNumber: 7, Egress: true, RuleAction: "deny", Protocol: "6" },
                ...{ CidrBlock: "10.0.0.0/8", PortRange: { From: 1, To: 2 } },
            });
            return { action: "DeleteNetworkAclEntry", networkAclId, entry };
        },
    },
    {
        edit: () => ({
            action: "UpdateDomain",
            domainId: "d-abcdefghijkl",
            accessType: "VpcOnly",
            vpcId: intent.vpcId,
            subnetIds: [1, 4, 7].map((number) => id("subnet", number)),
        }),
        rows: [49],
    },
];

/** These are only made to undo: each is tried as the undo of another edit. */
const ONLY_UNDO: Edit["action"][] = [
    "DetachInternetGateway",
    "DisassociateRouteTable",
    "RevokeSecurityGroupEgress",
];

function prepared({ edit, rows = [] }: (typeof CASES)[number]): { ec2: FakeEc2; edit: Edit } {
    const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
    ec2.pageSize = 1000;
    for (const row of rows)
        allFaults(intent)
            .find(
                (one) =>
                    one.row === row &&
                    (row !== 49 || one.proposed === true) &&
                    (row !== 36 || one.expected.component === id("vpce", 100)),
            )
            ?.inject(ec2);
    return { ec2, edit: edit(ec2) };
}

const networkOf = (ec2: FakeEc2): ObservedNetwork => ({
    ...structuredClone(ec2.state),
    observations: structuredClone(ec2.observations),
});

describe("every kind of edit", () => {
    const undone = new Set<string>();
    for (const one of CASES) {
        const { edit: example } = prepared(one);
        const name = describeEdit(example);

        it(`is told from its effect, read again and undone: ${name}`, async () => {
            const { ec2, edit } = prepared(one);
            const services = servicesOf(ec2);
            const kind = kindOf(edit);
            const before = networkOf(ec2);
            const { text } = kind.current(edit, before);
            assert.notEqual(text, kind.wanted(edit), "not in effect yet");

            const applied = await applyEdit(edit, services);
            assert.ok(applied);
            const after = kind.current(edit, networkOf(ec2));
            assert.equal(after.text, kind.wanted(edit), "in effect");
            assert.equal(after.associationId, applied.associationId);
            const read = await kind.read(edit, services, intent.region);
            assert.deepEqual(kind.current(edit, read), after, "what it reads is enough to tell");

            const undo = kind.undo(edit, before, applied);
            assert.ok(undo);
            undone.add(undo.action);
            assert.notEqual(kindOf(undo).current(undo, networkOf(ec2)).text, kindOf(undo).wanted(undo));
            await applyEdit(undo, services);
            assert.equal(kind.current(edit, networkOf(ec2)).text, text, "as before");
        });

        it(`names what it changes, and has a cost: ${name}`, () => {
            assert.ok(editCost(example) > 0);
            const touched = kindOf(example).touches(example);
            assert.ok(touched.length > 0);
            const text = JSON.stringify(example);
            assert.deepEqual(
                touched.filter((one) => !text.includes(one)),
                [],
            );
        });
    }

    it("is tried here with each of its actions", () => {
        const actions = new Set(CASES.map((one) => prepared(one).edit.action));
        const kinds = new Set([...actions].map((action) => kindOf({ action } as Edit)));
        const all = [...kinds].flatMap((kind) => Object.keys(kind.costs));
        assert.deepEqual(
            all.filter((action) => !actions.has(action as Edit["action"])).sort(),
            [...ONLY_UNDO].sort(),
        );
        for (const action of ONLY_UNDO)
            assert.equal(editCost({ action, rule, associationId: "" } as unknown as Edit), Infinity);
        assert.deepEqual(
            ONLY_UNDO.filter((action) => !undone.has(action)),
            [],
        );
    });

    it("is refused when this version does not know its action", () => {
        assert.throws(
            () => kindOf({ action: "PaintRoute" } as unknown as Edit),
            /PaintRoute is no edit that this version of the program knows/,
        );
    });
});

describe("a rule of a network ACL", () => {
    it("with the same number and another content is another rule", async () => {
        const acl = { NetworkAclId: "acl-1", Entries: [] as object[] };
        const edit: Edit = { action: "CreateNetworkAclEntry", networkAclId: "acl-1", entry };
        const kind = kindOf(edit);
        const found = {
            RuleNumber: 7,
            Egress: true,
            RuleAction: "deny",
            Protocol: "6",
            CidrBlock: "10.1.0.0/16",
        };
        acl.Entries.push(found);
        assert.notEqual(kind.current(edit, { region: "r", NetworkAcls: [acl] }).text, kind.wanted(edit));
    });
});
