import assert from "node:assert/strict";

import type { Finding, FindingId } from "../../../checks/messages";
import { findingText, renderFinding } from "../../../checks/render";
import type { CheckInputs, CheckOutputs } from "../../../checks/provider/check-inputs";
import { inhabit } from "../campaign/model";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults } from "../support/faults";
import { id, LAB, ROLE_GROUPS, soundNetwork } from "../support/network";
import { runAll } from "../support/world";

type Input = Record<string, unknown>;

/** A network with somebody in it, and one fault of a row in it. */
function broken(row: number, about?: string) {
    const { snapshot, intent } = soundNetwork(LAB);
    const ec2 = new FakeEc2(inhabit(snapshot, intent));
    const fault = allFaults(intent).find(
        (one) => one.row === row && (about === undefined || one.expected.component === about),
    );
    assert.ok(fault, `row ${row}`);
    fault.inject(ec2);
    return { ec2, intent, fault };
}

const findingsOf = (results: CheckOutputs[]): Finding[] => results.flatMap((one) => one.findings);
const idsOf = (results: CheckOutputs[]): FindingId[] => [
    ...new Set(findingsOf(results).map((one) => one.id)),
];
const textOf = (one: Finding | undefined): string => (one === undefined ? "" : findingText(one));
const repairsOf = (results: CheckOutputs[]) => results.flatMap((one) => one.repairs);

/** More than was asked: everybody in the VPC on a port that nobody declared. */
function admitMore(ec2: FakeEc2): void {
    const authorize = ec2.AuthorizeSecurityGroupIngress;
    ec2.AuthorizeSecurityGroupIngress = (input: Input) => {
        const asked = input.IpPermissions as Input[];
        return authorize({ ...input, IpPermissions: [...asked, SSH] });
    };
}

const SSH = { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: "10.0.0.0/16" }] };

describe("what a repair opens", function () {
    this.timeout(60_000);
    const { broker, zookeeper } = ROLE_GROUPS;

    it("is undone and reported when it is outside the declared flows", async () => {
        const { ec2, intent } = broken(52, zookeeper);
        admitMore(ec2);
        const results = await runAll(ec2, intent);
        const more = findingsOf(results).filter((one) => one.id === "REPAIR_OPENED_MORE");
        assert.equal(more.length, 1);
        assert.match(textOf(more[0]), new RegExp(`to ${zookeeper} tcp 22`));
        assert.deepEqual(ec2.writes, ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
        assert.deepEqual(repairsOf(results), []);
        // The fault is there again, and so is what AWS did on top, which nobody asked for and no record can take back.
        assert.ok(idsOf(results).includes("PULSAR_PORT_BLOCKED"));
        assert.match(textOf(more[0]), /undone.*still/);
        assert.match(renderFinding(more[0] as Finding), /^Error \[X_REPAIR_OPENED_MORE\]/);
    });

    it("is nothing that was open before", async () => {
        const { ec2, intent } = broken(52, zookeeper);
        ec2.AuthorizeSecurityGroupIngress({
            GroupId: zookeeper,
            IpPermissions: [SSH],
        });
        const results = await runAll(ec2, intent);
        assert.deepEqual(findingsOf(results), []);
        assert.equal(repairsOf(results).length, 1);
    });

    it("is nothing that the declared flows ask for: an interface gets its groups back", async () => {
        const { ec2, intent } = broken(27, id("eni", 1));
        const results = await runAll(ec2, intent);
        assert.deepEqual(findingsOf(results), []);
        assert.deepEqual(ec2.writes, ["ModifyNetworkInterfaceAttribute"]);
    });

    it("is nothing that a declared way to the internet lets out, when who lets it in is as before", async () => {
        const { ec2, intent } = broken(26, ROLE_GROUPS.bookkeeper);
        ec2.AuthorizeSecurityGroupIngress({
            GroupId: ROLE_GROUPS.opensearch,
            IpPermissions: [{ ...SSH, FromPort: 443, ToPort: 443 }],
        });
        const results = await runAll(ec2, intent);
        assert.deepEqual(findingsOf(results), []);
        assert.deepEqual(ec2.writes, ["AuthorizeSecurityGroupEgress"]);
    });

    it("is found when an interface gets more groups than were asked for", async () => {
        const { ec2, intent } = broken(27, id("eni", 1));
        const modify = ec2.ModifyNetworkInterfaceAttribute;
        let isFirst = true;
        ec2.ModifyNetworkInterfaceAttribute = (input: Input) => {
            const Groups = isFirst ? [broker, id("sg", 600)] : input.Groups;
            isFirst = false;
            return modify({ ...input, Groups });
        };
        const everyone = {
            IpProtocol: "tcp",
            FromPort: 9000,
            ToPort: 9000,
            IpRanges: [{ CidrIp: "10.0.0.0/16" }],
        };
        ec2.state.SecurityGroups?.push({
            GroupId: id("sg", 600),
            VpcId: intent.vpcId,
            IpPermissions: [everyone],
            IpPermissionsEgress: [],
        });
        const results = await runAll(ec2, intent);
        assert.ok(idsOf(results).includes("REPAIR_OPENED_MORE"));
        assert.deepEqual(repairsOf(results), []);
    });

    it("is a subnet that was not meant to reach the internet", async () => {
        const { ec2, intent } = broken(9);
        const create = ec2.CreateRoute;
        const isolated = intent.subnets.find(({ tier }) => tier === "isolated");
        assert.ok(isolated);
        ec2.CreateRoute = (input: Input) => {
            create({ ...input, RouteTableId: isolated.routeTableId });
            return create(input);
        };
        const results = await runAll(ec2, intent);
        const more = findingsOf(results).filter((one) => one.id === "REPAIR_OPENED_MORE");
        assert.equal(more.length, 1);
        assert.match(textOf(more[0]), /isolated us-east-1a to internet/);
        assert.deepEqual(repairsOf(results), []);
        assert.deepEqual(ec2.writes, ["CreateRoute", "DeleteRoute"]);
    });

    it("does not open again what the same round closed", async () => {
        const { ec2, intent } = broken(52, zookeeper);
        allFaults(intent)
            .find((one) => one.row === 29 && one.expected.component === broker)
            ?.inject(ec2);
        admitMore(ec2);
        const results = await runAll(ec2, intent);
        assert.ok(idsOf(results).includes("REPAIR_OPENED_MORE"));
        assert.ok(!idsOf(results).includes("WORLD_OPEN"));
        assert.deepEqual(
            repairsOf(results).map((one) => one.undo?.action),
            ["AuthorizeSecurityGroupIngress"],
        );
    });

    it("is looked for without a snapshot more", async () => {
        const calls = async (changes: Partial<CheckInputs>) => {
            const { ec2, intent } = broken(52, zookeeper);
            await runAll(ec2, intent, changes);
            return ec2.calls.filter(({ action }) => action === "DescribeVpcs").length;
        };
        assert.equal(await calls({ mode: "fix" }), (await calls({ mode: "validate" })) + 1);
    });
});

describe("a repaired flow", () => {
    it("is held to the analysis: what else stops it is told, and the repair stays", async () => {
        const { ec2, intent } = broken(52, ROLE_GROUPS.zookeeper);
        const host = ec2.state.NetworkInterfaces?.find(
            ({ Groups }) => Groups?.[0]?.GroupId === ROLE_GROUPS.zookeeper,
        );
        assert.ok(host);
        delete host.PrivateIpAddress;
        host.Ipv6Addresses = [{ Ipv6Address: "2001:db8::9" }];
        const results = await runAll(ec2, intent);
        assert.deepEqual(idsOf(results), ["FLOW_BLOCKED"]);
        assert.equal(findingsOf(results)[0]?.code, "X_NO_COMMON_ADDRESS_FAMILY");
        assert.equal(repairsOf(results).length, 1);
        assert.equal(results.find((one) => one.stage === "security-groups")?.verdict, "failed");
    });
});
