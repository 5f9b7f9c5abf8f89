import assert from "node:assert/strict";

import { Deadline } from "../../../lib/clock";
import { Ec2 } from "../../../lib/aws/ec2";
import { Studio } from "../../../lib/aws/studio";
import { FULL_ACCESS_POLICY, type NetworkIntent } from "../../../checks/intent";
import type { ProposedRepair } from "../../../checks/messages";
import { applyEdit, type Edit } from "../../../checks/repair/edits";
import { refusal } from "../../../checks/repair/gate";
import { FakeClock } from "../../support/fake-clock";
import { awsError, FakeEc2 } from "../support/fake-ec2";
import { FakeStudio } from "../support/fake-studio";
import { firstOf } from "../support/findings";
import { allFaults, type Fault } from "../support/faults";
import { id, LAB, OWNER_TAGS, ROLE_GROUPS, S3_POLICY, soundNetwork } from "../support/network";
import { comparable, provider, checkInputs, runAll } from "../support/world";

/** Repairs of class P that change more than a route or an ACL's entry: made by leave alone, and never wider than declared. */

const DENY = JSON.stringify({
    Statement: [{ Effect: "Deny", Principal: "*", Action: "*", Resource: "*" }],
});
const privateSubnets = [1, 4, 7].map((number) => id("subnet", number));

interface Case {
    row: number;
    message: ProposedRepair;
    /** Which of the row's faults. */
    is: (fault: Fault) => boolean;
    action: string;
    input: Record<string, unknown>;
    undo: Edit;
}

const CASES: Case[] = [
    {
        row: 14,
        message: "NAT_SELF_LOOP",
        is: () => true,
        action: "ReplaceRoute",
        input: { RouteTableId: id("rtb", 1), DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: id("nat", 1) },
        undo: {
            action: "ReplaceRoute",
            routeTableId: id("rtb", 1),
            destination: "0.0.0.0/0",
            target: id("nat", 0),
        },
    },
    {
        row: 28,
        message: "MIDDLEBOX_BREAKS_REFERENCES",
        is: (fault) => fault.proposed === true && fault.slot === `appliance ${id("rtb", 4)}`,
        action: "AuthorizeSecurityGroupIngress",
        input: {
            GroupId: ROLE_GROUPS.zookeeper,
            IpPermissions: [
                {
                    IpProtocol: "tcp",
                    FromPort: 2281,
                    ToPort: 2281,
                    IpRanges: [
                        { CidrIp: "10.0.64.0/20", Description: "Pulsar: metadata and bookie discovery" },
                    ],
                },
            ],
        },
        undo: {
            action: "RevokeSecurityGroupIngress",
            rule: {
                direction: "ingress",
                groupId: ROLE_GROUPS.zookeeper,
                protocol: "tcp",
                ports: { from: 2281, to: 2281 },
                description: "Pulsar: metadata and bookie discovery",
                peer: { cidr: "10.0.64.0/20" },
            },
        },
    },
    {
        row: 36,
        message: "ENDPOINT_POLICY_DENIES",
        is: (fault) => fault.expected.component === id("vpce", 100),
        action: "ModifyVpcEndpoint",
        input: { VpcEndpointId: id("vpce", 100), PolicyDocument: S3_POLICY },
        undo: { action: "ModifyVpcEndpoint", vpcEndpointId: id("vpce", 100), change: { policy: DENY } },
    },
    {
        row: 49,
        message: "STUDIO_NOT_PRIVATE",
        is: (fault) => fault.proposed === true,
        action: "UpdateDomain",
        input: {
            DomainId: "d-abcdefghijkl",
            AppNetworkAccessType: "VpcOnly",
            VpcId: id("vpc", 1),
            SubnetIds: privateSubnets,
        },
        undo: {
            action: "UpdateDomain",
            domainId: "d-abcdefghijkl",
            accessType: "PublicInternetOnly",
            vpcId: id("vpc", 1),
            subnetIds: privateSubnets,
        },
    },
];

function broken({ row, is }: Case): { ec2: FakeEc2; intent: NetworkIntent } {
    const { snapshot, intent } = soundNetwork(LAB);
    const ec2 = new FakeEc2(snapshot);
    const fault = allFaults(intent).find((one) => one.row === row && is(one));
    assert.ok(fault, `row ${row}`);
    fault.inject(ec2);
    return { ec2, intent };
}

const stateOf = (ec2: FakeEc2) => structuredClone([comparable(ec2.state), ec2.observations]);
const writesOf = (ec2: FakeEc2) => ec2.calls.filter(({ action }) => !/^(Describe|Get|List)/.test(action));

describe("repairs that are only made by leave", () => {
    for (const one of CASES) {
        const { row, message, action, input, undo } = one;
        const leave = { mode: "fix-proposed" as const, allowedRepairs: [message] };
        const findingsOf = (results: { findings: { id: string }[] }[]) =>
            results.flatMap(({ findings }) => findings.map((found) => found.id));

        it(`row ${row}: reported, and not made without its name`, async () => {
            for (const changes of [{}, { mode: "fix-proposed" as const, allowedRepairs: ["NACL_DENIES"] }]) {
                const { ec2, intent } = broken(one);
                const results = await runAll(ec2, intent, changes);
                assert.ok(findingsOf(results).includes(message));
                assert.deepEqual(writesOf(ec2), []);
            }
        });

        it(`row ${row}: the exact edit is printed`, async () => {
            const { ec2, intent } = broken(one);
            const { check, log } = provider(ec2);
            for (const stage of ["vpc", "routes", "security-groups", "endpoints", "services"] as const)
                await check.create(checkInputs(stage, intent));
            const printed = new RegExp(`Proposed: ${action} .* with ${message} in checks.allowedRepairs`);
            assert.match(log.join("\n"), printed);
        });

        it(`row ${row}: mended by exactly one ${action}, on record, and undone to what was there`, async () => {
            const { ec2, intent } = broken(one);
            const before = stateOf(ec2);
            const results = await runAll(ec2, intent, leave);
            assert.deepEqual(writesOf(ec2), [{ action, input }]);
            assert.ok(!findingsOf(results).includes(message));
            assert.ok(!results.some(({ verdict }) => verdict === "failed"));
            const repairs = results.flatMap((result) => result.repairs);
            assert.deepEqual(
                repairs.map((repair) => repair.undo),
                [undo],
            );

            const again = await runAll(ec2, intent, leave);
            assert.equal(writesOf(ec2).length, 1);
            assert.ok(!again.some(({ verdict }) => verdict === "failed"));

            const clock = new FakeClock();
            const deadline = new Deadline(clock, 60);
            const services = {
                ec2: new Ec2(ec2.client, deadline),
                studio: new Studio(new FakeStudio(ec2).client, deadline),
            };
            await applyEdit(undo, services);
            assert.deepEqual(stateOf(ec2), before);
        });

        it(`row ${row}: refused where it does not carry our tags`, async () => {
            const { ec2, intent } = broken(one);
            const { RouteTables, SecurityGroups, VpcEndpoints } = ec2.state;
            for (const items of [RouteTables, SecurityGroups, VpcEndpoints])
                for (const item of items ?? [])
                    item.Tags = item.Tags?.filter((tag) => tag.Key !== "ExperimentID");
            delete ec2.observations.studio?.tags?.ExperimentID;
            const results = await runAll(ec2, intent, leave);
            assert.deepEqual(writesOf(ec2), []);
            assert.ok(findingsOf(results).includes("REPAIR_REFUSED"));
        });
    }

    it("leave a policy alone that was changed since the look", async () => {
        const [, , one] = CASES;
        assert.ok(one);
        const { ec2, intent } = broken(one);
        const others = JSON.stringify({
            Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:Get*" }],
        });
        ec2.before = (action) => {
            const input = ec2.calls.at(-1)?.input;
            if (action === "DescribeVpcEndpoints" && input?.VpcEndpointIds !== undefined)
                ec2.endpoint(id("vpce", 100)).PolicyDocument = others;
        };
        const leave = { mode: "fix-proposed" as const, allowedRepairs: [one.message] };
        const { outs } = await provider(ec2).check.create(checkInputs("endpoints", intent, leave));
        assert.deepEqual(writesOf(ec2), []);
        assert.equal(ec2.endpoint(id("vpce", 100)).PolicyDocument, others);
        assert.deepEqual(outs.repairs, []);
    });

    it("take back a rule by address at once when somebody else in the subnet can connect by it", async () => {
        const one = CASES.find(({ row }) => row === 28);
        assert.ok(one);
        const { ec2, intent } = broken(one);
        const stranger = id("sg", 800);
        ec2.state.SecurityGroups?.push({
            GroupId: stranger,
            VpcId: intent.vpcId,
            IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
        });
        ec2.state.NetworkInterfaces?.push({
            NetworkInterfaceId: id("eni", 800),
            VpcId: intent.vpcId,
            SubnetId: id("subnet", 4),
            PrivateIpAddress: "10.0.64.99",
            Groups: [{ GroupId: stranger }],
        });
        const before = stateOf(ec2);
        const leave = { mode: "fix-proposed" as const, allowedRepairs: [one.message] };
        const results = await runAll(ec2, intent, leave);
        assert.deepEqual(ec2.writes, ["AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
        assert.deepEqual(stateOf(ec2), before);
        const findings = results.flatMap((result) => result.findings);
        const opened = firstOf(findings, "REPAIR_OPENED_MORE");
        assert.match(opened?.args.opened.join() ?? "", new RegExp(`${stranger} to ${ROLE_GROUPS.zookeeper}`));
        assert.ok(findings.some(({ id: message }) => message === one.message));
        assert.deepEqual(
            results.flatMap((result) => result.repairs),
            [],
        );
    });

    it("say what SageMaker says when it refuses, as it does while an application runs", async () => {
        const one = CASES.at(-1);
        assert.ok(one);
        const { ec2, intent } = broken(one);
        const refused = () =>
            Object.assign(awsError("ValidationException"), { message: "with InService App" });
        ec2.errors.set("UpdateDomain", [refused(), refused()]);
        const leave = { mode: "fix-proposed" as const, allowedRepairs: [one.message] };
        const { outs } = await provider(ec2).check.create(checkInputs("services", intent, leave));
        assert.equal(outs.verdict, "failed");
        const failed = firstOf(outs.findings, "REPAIR_FAILED");
        assert.match(failed?.args.error ?? "", /ValidationException: with InService App/);
    });

    it("have no way around a NAT gateway that is the only sound one", async () => {
        const [one] = CASES;
        assert.ok(one);
        const { ec2, intent } = broken(one);
        for (const nat of ec2.state.NatGateways?.slice(1) ?? []) nat.ConnectivityType = "private";
        const leave = { mode: "fix-proposed" as const, allowedRepairs: [one.message] };
        await runAll(ec2, intent, leave);
        assert.deepEqual(writesOf(ec2), []);
    });
});

describe("the gate for repairs by leave", () => {
    const refusedBy = (edit: Edit, one: Case | undefined, intended?: Partial<NetworkIntent>) => {
        assert.ok(one);
        const { ec2, intent } = broken(one);
        const seen = { ...ec2.state, observations: ec2.observations };
        return refusal(edit, { ...intent, ...intended }, seen, "proposed");
    };
    const notDeclared = "it is no part of the declared network";
    const [loop, middlebox, policy, studio] = CASES;
    const around = {
        action: "ReplaceRoute",
        routeTableId: id("rtb", 1),
        destination: "0.0.0.0/0",
        target: id("nat", 1),
    } as const;
    const rule = {
        direction: "ingress",
        groupId: ROLE_GROUPS.zookeeper,
        protocol: "tcp",
        ports: { from: 2281, to: 2281 },
        description: "Pulsar: metadata and bookie discovery",
        peer: { cidr: "10.0.64.0/20" },
    } as const;
    const authorize = (changes: object): Edit => ({
        action: "AuthorizeSecurityGroupIngress",
        rule: { ...rule, ...changes },
    });
    const write = (text: string): Edit => ({
        action: "ModifyVpcEndpoint",
        vpcEndpointId: id("vpce", 100),
        change: { policy: text },
    });
    const domain = {
        action: "UpdateDomain",
        domainId: "d-abcdefghijkl",
        accessType: "VpcOnly",
        vpcId: id("vpc", 1),
        subnetIds: privateSubnets,
    } as const;

    it("admits each by leave, and none without", () => {
        const edits: [Edit, Case | undefined][] = [
            [around, loop],
            [authorize({}), middlebox],
            [write(S3_POLICY), policy],
            [domain, studio],
        ];
        for (const [edit, one] of edits) {
            assert.equal(refusedBy(edit, one), undefined, edit.action);
            assert.ok(one);
            const { ec2, intent } = broken(one);
            const seen = { ...ec2.state, observations: ec2.observations };
            assert.equal(refusal(edit, intent, seen), notDeclared, edit.action);
        }
    });

    const refused: [string, Edit, Case | undefined][] = [
        ["another NAT gateway where the declared one is in its place", around, policy],
        ["a way around to the internet gateway", { ...around, target: id("igw", 1) }, loop],
        ["a way around of a public table", { ...around, routeTableId: id("rtb", 0) }, loop],
        ["a way around for a part of the internet", { ...around, destination: "8.0.0.0/8" }, loop],
        ["a flow by address where no route leads around", authorize({}), policy],
        ["the whole VPC", authorize({ peer: { cidr: "10.0.0.0/16" } }), middlebox],
        ["the internet", authorize({ peer: { cidr: "0.0.0.0/0" } }), middlebox],
        ["a subnet that the source is not in", authorize({ peer: { cidr: "10.0.80.0/20" } }), middlebox],
        ["another port", authorize({ ports: { from: 2281, to: 2282 } }), middlebox],
        ["another protocol", authorize({ protocol: "-1" }), middlebox],
        ["a group that no flow leads to", authorize({ groupId: ROLE_GROUPS.client }), middlebox],
        ["a policy wider than declared", write(FULL_ACCESS_POLICY), policy],
        ["a policy of its own", write(DENY), policy],
        ["a domain on the internet", { ...domain, accessType: "PublicInternetOnly" }, studio],
        ["another domain", { ...domain, domainId: "d-mnopqrstuvwx" }, studio],
        ["a domain with other subnets", { ...domain, subnetIds: privateSubnets.slice(1) }, studio],
        ["a domain in another VPC", { ...domain, vpcId: "vpc-2" }, studio],
    ];
    for (const [name, edit, one] of refused)
        it(`refuses ${name}`, () => assert.equal(refusedBy(edit, one), notDeclared));

    it("refuses a policy where none is declared", () => {
        const { intent } = soundNetwork(LAB);
        const gatewayEndpoints = intent.gatewayEndpoints.map(({ policy: _, ...rest }) => rest);
        assert.equal(refusedBy(write(S3_POLICY), policy, { gatewayEndpoints }), notDeclared);
    });

    it("takes a domain whose tags could not be read for somebody else's", () => {
        assert.ok(studio);
        const { ec2, intent } = broken(studio);
        assert.deepEqual(ec2.observations.studio?.tags, OWNER_TAGS);
        delete ec2.observations.studio?.tags;
        const seen = { ...ec2.state, observations: ec2.observations };
        assert.match(refusal(domain, intent, seen, "proposed") ?? "", /does not carry the tags/);
    });
});
