import assert from "node:assert/strict";

import fc from "fast-check";

import type { Finding } from "../../../checks/messages";
import { renderFinding } from "../../../checks/render";
import { inhabit } from "../campaign/model";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults, type Fault } from "../support/faults";
import {
    DEV,
    FOREIGN_ACL,
    id,
    LAB,
    type NetworkOptions,
    ROLE_GROUPS,
    soundNetwork,
} from "../support/network";
import { severalFaults } from "../support/several-faults";
import { runAll } from "../support/world";

/** A network with somebody in it: what the stages say is said of whole ways, and not of rules alone. */
function inhabited(options: NetworkOptions = LAB) {
    const { snapshot, intent } = soundNetwork(options);
    return { ec2: new FakeEc2(inhabit(snapshot, intent)), intent };
}

type Named = Pick<Finding, "id" | "component">;

const names = (findings: readonly Named[]) =>
    [...new Set(findings.map((one) => `${one.id} ${one.component}`))].sort();

const blocked = (findings: readonly Finding[]) =>
    findings.filter((one): one is Finding<"FLOW_BLOCKED"> => one.id === "FLOW_BLOCKED");

async function found({ ec2, intent }: ReturnType<typeof inhabited>): Promise<Finding[]> {
    const results = await runAll(ec2, intent, { mode: "validate" });
    return results.flatMap((one) => one.findings);
}

/** A subnet that nobody declared, with an interface that carries a role's group. */
function stranded(ec2: FakeEc2, vpcId: string, group: string, networkAclId?: string): string {
    const SubnetId = id("subnet", 70);
    ec2.state.Subnets?.push({
        SubnetId,
        VpcId: vpcId,
        AvailabilityZone: "us-east-1a",
        CidrBlock: "10.0.240.0/20",
    });
    ec2.state.NetworkInterfaces?.push({
        NetworkInterfaceId: id("eni", 70),
        VpcId: vpcId,
        SubnetId,
        PrivateIpAddress: "10.0.240.9",
        Groups: [{ GroupId: group }],
    });
    const acl = ec2.state.NetworkAcls?.find((one) =>
        networkAclId === undefined
            ? one.IsDefault === true && one.VpcId === vpcId
            : one.NetworkAclId === networkAclId,
    );
    acl?.Associations?.push({ NetworkAclId: acl.NetworkAclId, SubnetId });
    return SubnetId;
}

/**
 * What is to be named for faults. Where the subnets are full of hosts, an appliance between two of them stops more flows than its
 * fault tells; it is named for each.
 */
function wanted(faults: readonly Fault[], reported: readonly Finding[]): Named[] {
    const told: Named[] = faults.flatMap(({ expected, also = [] }) => [expected, ...also]);
    const perFlow = told.find((one) => one.id === "MIDDLEBOX_BREAKS_REFERENCES");
    return [...told, ...reported.filter((one) => one.id === perFlow?.id)];
}

describe("declared flows between those who are there", function () {
    this.timeout(60_000);
    const options: [string, NetworkOptions][] = [
        ["three zones, a NAT gateway in each", LAB],
        ["two zones, one NAT gateway", DEV],
        ["two zones, no NAT gateway", { ...DEV, nat: "none" }],
    ];
    for (const [name, network] of options)
        it(`nothing is wrong in a sound network: ${name}`, async () => {
            assert.deepEqual(await found(inhabited(network)), []);
        });

    it("adds nothing to a fault that a row of the catalogue explains", async () => {
        const rows = new Map(allFaults(inhabited().intent).map((fault) => [fault.row, fault]));
        for (const row of rows.keys()) {
            for (const place of [0, -1]) {
                const network = inhabited();
                const faults = allFaults(network.intent).filter((one) => one.row === row);
                const fault = faults.at(place);
                assert.ok(fault);
                fault.inject(network.ec2);
                const findings = await found(network);
                assert.deepEqual(
                    names(findings),
                    names(wanted([fault], findings)),
                    `row ${row}, place ${place}`,
                );
            }
        }
    });

    it("names several faults exactly, mends what may be mended and opens nothing", async () => {
        const { intent } = inhabited();
        await fc.assert(
            fc.asyncProperty(severalFaults(intent), async (faults) => {
                const network = inhabited();
                for (const fault of faults) fault.inject(network.ec2);
                const reported = await found(network);
                assert.deepEqual(names(reported), names(wanted(faults, reported)));
                const fixed = (await runAll(network.ec2, intent)).flatMap((one) => one.findings);
                const left = faults.filter(({ automatic }) => !automatic);
                assert.deepEqual(names(fixed), names(wanted(left, fixed)));
                assert.equal(network.ec2.writes.length, faults.length - left.length);
            }),
            { numRuns: 60, seed: 20260101 },
        );
    });

    it("says of a wrong target that it is wrong, and not what is the matter with it besides", async () => {
        const network = inhabited();
        const { ec2, intent } = network;
        const NatGatewayId = id("nat", 70);
        ec2.state.NatGateways?.push({
            NatGatewayId,
            VpcId: intent.vpcId,
            SubnetId: id("subnet", 0),
            State: "deleted",
            ConnectivityType: "private",
        });
        const table = ec2.table(id("rtb", 1));
        for (const route of table.Routes ?? [])
            if (route.NatGatewayId !== undefined) Object.assign(route, { NatGatewayId, State: "blackhole" });
        assert.deepEqual(names(await found(network)), [`DEFAULT_ROUTE_BLACKHOLE ${id("rtb", 1)}`]);
    });

    it("names what no row knows beside a fault of the same gateway", async () => {
        const network = inhabited();
        const subnet = network.ec2.state.Subnets?.find((one) => one.SubnetId === id("subnet", 0));
        assert.ok(subnet);
        // Block Public Access by the subnet alone: the messages know that of the VPC.
        subnet.BlockPublicAccessStates = { InternetGatewayBlockMode: "block-bidirectional" };
        allFaults(network.intent)
            .find((one) => one.row === 13 && one.expected.component === id("rtb", 0))
            ?.inject(network.ec2);
        assert.deepEqual(names(await found(network)), [
            `FLOW_BLOCKED ${network.intent.vpcId}`,
            `PUBLIC_NO_DEFAULT_ROUTE ${id("rtb", 0)}`,
        ]);
        const fixed = await runAll(network.ec2, network.intent);
        assert.deepEqual(names(fixed.flatMap((one) => one.findings)), [
            `FLOW_BLOCKED ${network.intent.vpcId}`,
        ]);
        assert.deepEqual(network.ec2.writes, ["CreateRoute"]);
    });

    const { zookeeper, bookkeeper, broker } = ROLE_GROUPS;

    it("names a network ACL that stops a declared flow in a subnet that nobody declared", async () => {
        const network = inhabited();
        const subnetId = stranded(network.ec2, network.intent.vpcId, zookeeper, FOREIGN_ACL);
        const findings = await found(network);
        assert.deepEqual(names(findings), [`FLOW_BLOCKED ${FOREIGN_ACL}`]);
        const out = blocked(findings).find(
            ({ args: { by } }) => by.direction === "egress" && by.leg === undefined,
        );
        assert.deepEqual(
            { code: out?.code, rule: out?.args.by.rule },
            { code: "SUBNET_ACL_RESTRICTION", rule: 32_767 },
        );
        assert.ok(out);
        assert.match(out.args.flows.join(), /zookeeper tcp/);
        assert.match(renderFinding(out), /^Error \[SUBNET_ACL_RESTRICTION\] .* cannot connect\./);
        assert.match(renderFinding(out), new RegExp(subnetId));
    });

    it("names what keeps a client that is there from the interface endpoints", async () => {
        const { ec2, intent } = inhabited();
        stranded(ec2, intent.vpcId, id("sg", 2), FOREIGN_ACL);
        const results = await runAll(ec2, intent, { mode: "validate" });
        const endpoints = results.find((one) => one.stage === "endpoints");
        const acl = endpoints?.findings.find((one) => one.component === FOREIGN_ACL);
        assert.equal(acl?.id, "FLOW_BLOCKED");
        assert.deepEqual(acl.args.flows, ["endpoint clients to interface endpoints tcp 443"]);
    });

    it("fails the stage that declares the flow, and its cell in the matrix", async () => {
        const { ec2, intent } = inhabited();
        stranded(ec2, intent.vpcId, zookeeper, FOREIGN_ACL);
        const results = await runAll(ec2, intent);
        const stage = results.find((one) => one.stage === "security-groups");
        assert.equal(stage?.verdict, "failed");
        assert.match(stage.matrix.flows ?? "", /U/);
        assert.deepEqual(ec2.writes, [], "nobody mends what no row knows");
    });

    it("names what stands in the way behind a fault that is known", async () => {
        const network = inhabited();
        stranded(network.ec2, network.intent.vpcId, zookeeper, FOREIGN_ACL);
        const known = allFaults(network.intent).find((one) => one.expected.component === zookeeper);
        assert.ok(known);
        known.inject(network.ec2);
        assert.deepEqual(
            names(await found(network)),
            [`FLOW_BLOCKED ${FOREIGN_ACL}`, `${known.expected.id} ${known.expected.component}`].sort(),
        );
    });

    it("names a missing way out of where somebody really is", async () => {
        const network = inhabited();
        stranded(network.ec2, network.intent.vpcId, bookkeeper);
        const findings = await found(network);
        assert.deepEqual(names(findings), [`FLOW_BLOCKED ${id("rtb", 99)}`]);
        assert.deepEqual(
            blocked(findings).map(({ code, args }) => [code, args.flows]),
            [["NO_ROUTE_TO_DESTINATION", ["bookkeeper to internet tcp 443"]]],
        );
    });

    it("passes nothing that it does not know", async () => {
        const network = inhabited();
        stranded(network.ec2, network.intent.vpcId, bookkeeper);
        network.ec2.table(id("rtb", 99)).Routes?.push({
            DestinationCidrBlock: "0.0.0.0/0",
            TransitGatewayId: "tgw-0123456789abcdef0",
            Origin: "CreateRoute",
            State: "active",
        });
        const findings = await found(network);
        assert.deepEqual(names(findings), ["FLOW_UNKNOWN tgw-0123456789abcdef0"]);
        assert.equal(findings[0]?.code, "UNSUPPORTED_COMPONENT");
    });

    it("names the action to grant when the way cannot be read", async () => {
        const network = inhabited();
        network.ec2.denied.add("DescribeNetworkAcls");
        const findings = await found(network);
        assert.deepEqual(names(findings), ["PERMISSION_MISSING ec2:DescribeNetworkAcls"]);
    });

    it("judges a flow by its rules alone as long as nobody carries one of its groups", async () => {
        const network = inhabited();
        const { ec2, intent } = network;
        ec2.state.NetworkInterfaces = ec2.state.NetworkInterfaces?.filter(
            ({ Groups }) => !Groups?.some(({ GroupId }) => GroupId === zookeeper),
        );
        stranded(ec2, intent.vpcId, broker, FOREIGN_ACL);
        const findings = await found(network);
        assert.ok(findings.length > 0);
        assert.equal(blocked(findings).length, findings.length);
        for (const { args } of blocked(findings)) assert.doesNotMatch(args.flows.join(), /zookeeper/);
    });
});
