import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";

import * as pulumi from "@pulumi/pulumi";

import { type NetworkIntent } from "../../../checks/intent";
import { PROPOSED_REPAIRS, STAGES } from "../../../checks/messages";
import type { CheckInputs, CheckOutputs } from "../../../checks/provider/check-inputs";
import { hasUnknown } from "../../../lib/dynamic/unknown";
import { packIntent, unpackIntent } from "../../../checks/provider/packed-intent";
import { trampoline } from "../../../lib/dynamic/trampoline";
import { FakeEc2 } from "../support/fake-ec2";
import type { Snapshot } from "../../../checks/snapshot/types";
import { allFaults } from "../support/faults";
import { DEV, id, LAB, soundNetwork } from "../support/network";
import { checkInputs, provider, runAll } from "../support/world";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

function brokenAt(row: number): { ec2: FakeEc2; intent: NetworkIntent } {
    const { snapshot, intent } = soundNetwork(LAB);
    const ec2 = new FakeEc2(snapshot);
    allFaults(intent)
        .find((fault) => fault.row === row)
        ?.inject(ec2);
    return { ec2, intent };
}

interface Failure extends Error {
    id: string;
    properties: CheckOutputs & { __provider?: string };
    reasons: string[];
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
    try {
        await work;
    } catch (error) {
        return error as Failure;
    }
    assert.fail("it did not fail");
}

describe("check and diff", () => {
    const { intent } = soundNetwork(LAB);
    const { check } = provider(new FakeEc2({ region: "us-east-1" }));
    const inputs = checkInputs("routes", intent);

    it("accepts sound inputs", async () => {
        assert.deepEqual(await check.check({}, { ...inputs }), { inputs, failures: [] });
    });

    const bad: [string, unknown, string][] = [
        ["mode", "repair", 'mode "repair" is not allowed: it has to be one of validate, fix, fix-proposed'],
        ["mode", undefined, "mode is missing: it has to be one of validate, fix, fix-proposed"],
        ["onFailure", "ignore", 'onFailure "ignore" is not allowed: it has to be one of fail, warn'],
        [
            "timeoutSeconds",
            9,
            "timeoutSeconds 9 is not allowed: it has to be a whole number of seconds from 10 to 3600",
        ],
        [
            "timeoutSeconds",
            3601,
            "timeoutSeconds 3601 is not allowed: it has to be a whole number of seconds from 10 to 3600",
        ],
        [
            "timeoutSeconds",
            12.5,
            "timeoutSeconds 12.5 is not allowed: it has to be a whole number of seconds from 10 to 3600",
        ],
        [
            "timeoutSeconds",
            "300",
            'timeoutSeconds "300" is not allowed: it has to be a whole number of seconds from 10 to 3600',
        ],
        [
            "stage",
            "nacl",
            'stage "nacl" is not allowed: it has to be one of vpc, routes, dns, security-groups, endpoints, services',
        ],
        [
            "allowedRepairs",
            ["NAT_CROSSES_ZONE", "IGW_DETACHED"],
            `allowedRepairs ["NAT_CROSSES_ZONE","IGW_DETACHED"] is not allowed: it has to be a list of ${PROPOSED_REPAIRS.join(", ")}`,
        ],
        [
            "journal",
            "",
            'journal "" is not allowed: it has to be the path of a file, relative to the program\'s folder',
        ],
        ["region", "", 'region "" is not allowed: it has to be the name of an AWS region, such as us-east-1'],
        ["vpcId", undefined, "vpcId is missing: it has to be the id of a VPC, such as vpc-0123456789abcdef0"],
    ];
    for (const [property, value, reason] of bad)
        it(`refuses ${property} ${JSON.stringify(value)}`, async () => {
            const { failures } = await check.check({}, { ...inputs, [property]: value });
            assert.deepEqual(failures, [{ property, reason }]);
        });

    it("names all that is wrong at once", async () => {
        const { failures } = await check.check({}, { ...inputs, mode: "x", timeoutSeconds: 1 });
        assert.deepEqual(
            failures.map((one) => one.property),
            ["mode", "timeoutSeconds"],
        );
    });

    it("leaves alone what is not known yet, whatever its type", async () => {
        for (const property of Object.keys(inputs)) {
            const { failures } = await check.check({}, { ...inputs, [property]: UNKNOWN });
            assert.deepEqual(failures, [], property);
        }
        assert.ok(hasUnknown({ a: [{ b: UNKNOWN }] }));
        assert.ok(!hasUnknown({ a: [{ b: null }, 1, "text"] }));
    });

    const stored = { ...inputs, verdict: "healthy" } as unknown as CheckOutputs;
    const diff = (olds: Partial<CheckOutputs>, news: Partial<Record<keyof CheckInputs, unknown>>) =>
        check.diff("id", olds, { ...inputs, ...news } as CheckInputs);

    it("sees no change where there is none", async () => {
        assert.deepEqual(await diff(stored, {}), { changes: false, replaces: [] });
        assert.deepEqual(await diff({ ...stored, verdict: "repaired" }, {}), {
            changes: false,
            replaces: [],
        });
    });

    it("runs again when what it checks or its settings change, or when a run is asked for", async () => {
        const changes: Partial<Record<keyof CheckInputs, unknown>>[] = [
            { mode: "validate" },
            { timeoutSeconds: 60 },
            { onFailure: "fail" },
            { intent: packIntent("routes", soundNetwork(DEV).intent) },
            { runId: "2" },
            { after: "2026-01-01T00:00:01.000Z" },
        ];
        for (const change of changes)
            assert.deepEqual(await diff({ ...stored, runId: "1" }, change), { changes: true, replaces: [] });
    });

    it("runs again until its verdict is good", async () => {
        assert.deepEqual(await diff({ ...stored, verdict: "failed" }, {}), { changes: true, replaces: [] });
        assert.deepEqual(await diff({ ...stored, verdict: undefined }, {}), { changes: true, replaces: [] });
    });

    it("does not run because a description changed, or because runs are no longer asked for", async () => {
        assert.deepEqual(await diff({ ...stored, runId: "1" }, { validates: "more", runId: undefined }), {
            changes: false,
            replaces: [],
        });
    });

    it("replaces the check of another VPC, so that the old one cleans up after itself", async () => {
        assert.deepEqual(await diff(stored, { vpcId: "vpc-2" }), { changes: true, replaces: ["vpcId"] });
    });

    it("takes an unknown input for a change, never for a replacement, however deep it is", async () => {
        for (const news of [
            { vpcId: UNKNOWN },
            { intent: UNKNOWN },
            { intent: packIntent("routes", { ...intent, internetGatewayId: UNKNOWN }) },
            { runId: UNKNOWN },
            { after: UNKNOWN },
        ])
            assert.deepEqual(await diff(stored, news), { changes: true, replaces: [] });
    });

    it("makes no call", async () => {
        const ec2 = new FakeEc2(soundNetwork(LAB).snapshot);
        const { check: quiet } = provider(ec2);
        await quiet.check({}, { ...inputs });
        await quiet.diff("id", stored, inputs);
        assert.deepEqual(ec2.calls, []);
    });
});

describe("create and update", () => {
    it("answers with a small record of a sound network", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const { check, log } = provider(new FakeEc2(snapshot));
        const { id: made, outs } = await check.create(checkInputs("vpc", intent));
        assert.equal(made, `${intent.vpcId}/vpc`);
        assert.equal(outs.verdict, "healthy");
        assert.deepEqual([outs.findings, outs.repairs, log], [[], [], []]);
    });

    it("fails with the id, the properties and the whole message, so that the state is kept", async () => {
        const { ec2, intent } = brokenAt(9);
        const { check } = provider(ec2);
        const inputs = {
            ...checkInputs("routes", intent, { mode: "validate", onFailure: "fail" }),
            __provider: "code",
        };
        const failure = await failureOf(check.create(inputs));
        assert.equal(failure.id, `${intent.vpcId}/routes`);
        assert.equal(failure.properties.verdict, "failed");
        assert.equal(
            failure.properties.__provider,
            "code",
            "without it neither refresh nor destroy would work",
        );
        assert.deepEqual(failure.properties.intent, inputs.intent);
        assert.deepEqual(failure.reasons, [failure.message]);
        assert.equal(
            failure.message,
            [
                `Connectivity check "routes" of ${intent.vpcId} (mode validate) failed: 1 problem found.`,
                `Error [NO_ROUTE_TO_DESTINATION] Route table ${id("rtb", 1)} of private subnets has no route to 0.0.0.0/0 (expected: ${id("nat", 0)}).`,
                "    seen by: DescribeRouteTables: Routes[] lacks 0.0.0.0/0",
                `    what to do: Run \`pulumi up\` with checks.mode fix, or create it: aws ec2 create-route --route-table-id ${id("rtb", 1)} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id ${id("nat", 0)}`,
                "    more: docs/explanations.md#private_no_default_route",
            ].join("\n"),
        );
        assert.deepEqual(ec2.writes, []);

        // The next update calls update with the kept properties.
        const { outs } = await check.update(
            failure.id,
            failure.properties,
            checkInputs("routes", intent, { onFailure: "fail" }),
        );
        assert.equal(outs.verdict, "repaired");
    });

    it("only reports with onFailure warn", async () => {
        const { ec2, intent } = brokenAt(15);
        const { check, log } = provider(ec2);
        const { outs } = await check.create(checkInputs("vpc", intent));
        assert.equal(outs.verdict, "failed");
        assert.match(log.join(""), /NAT gateway nat-\w+ is failed \(InternalError\)/);
    });

    it("fails, keeping its state, when AWS cannot be reached", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        ec2.errors.set(
            "DescribeVpcs",
            Array.from({ length: 30 }, () =>
                Object.assign(new Error("connect ECONNREFUSED 192.0.2.1:443"), { code: "ECONNREFUSED" }),
            ),
        );
        const failure = await failureOf(
            provider(ec2).check.create(checkInputs("vpc", intent, { onFailure: "fail" })),
        );
        assert.equal(failure.properties.verdict, "failed");
        assert.match(failure.message, /could not be finished: .*ECONNREFUSED 192\.0\.2\.1:443/);
    });

    it("fails, naming the action to grant, when it may not read", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        ec2.denied.add("DescribeRouteTables");
        const failure = await failureOf(
            provider(ec2).check.create(checkInputs("routes", intent, { onFailure: "fail" })),
        );
        assert.match(failure.message, /Grant ec2:DescribeRouteTables to the role or user/);
        assert.deepEqual(
            new Set(
                failure.properties.matrix.rows
                    .map(([, cells]) => cells)
                    .join(" ")
                    .replace(/[\dR ]/g, ""),
            ),
            new Set(["?", "U"]),
        );
    });

    it("writes nothing at all in mode validate, whatever is broken", async () => {
        const byRow = new Map(allFaults(soundNetwork(LAB).intent).map((fault) => [fault.row, fault]));
        for (const fault of byRow.values()) {
            const { snapshot, intent } = soundNetwork(LAB);
            const ec2 = new FakeEc2(snapshot);
            fault.inject(ec2);
            await runAll(ec2, intent, { mode: "validate" });
            assert.deepEqual(ec2.writes, [], `row ${fault.row}`);
        }
    });

    it("tells what was broken, how it was seen and how it was mended", async () => {
        const { ec2, intent } = brokenAt(12);
        const { check, log } = provider(ec2);
        await check.create(checkInputs("routes", intent));
        const [head, broken, seen, repaired, ...rest] = log.join("\n").split("\n");
        assert.equal(head, `Connectivity check "routes" of ${intent.vpcId} (mode fix) is repaired.`);
        assert.match(
            broken ?? "",
            /^Fixed \[IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS\] Route 0\.0\.0\.0\/0 of rtb-\w+ led /,
        );
        assert.match(seen ?? "", /^ {4}seen by: DescribeRouteTables/);
        assert.match(
            repaired ?? "",
            /^Repaired: ReplaceRoute 0\.0\.0\.0\/0 of rtb-\w+ to nat-\w+ \(was igw-\w+\)\.$/,
        );
        assert.deepEqual(rest, [], "what is mended needs no remedy");
    });

    it("shows no change after a repair", async () => {
        const { ec2, intent } = brokenAt(12);
        const { check } = provider(ec2);
        const inputs = checkInputs("routes", intent);
        const { outs } = await check.create(inputs);
        assert.equal(outs.verdict, "repaired");
        assert.deepEqual(await check.diff("id", outs, inputs), { changes: false, replaces: [] });
        const { props } = await check.read("id", outs);
        assert.deepEqual(props, outs, "a refresh neither");
    });
});

describe("read", () => {
    it("judges anew without writing, and makes the next update run", async () => {
        const { ec2, intent } = brokenAt(0);
        const { check } = provider(ec2);
        const inputs = checkInputs("dns", intent);
        const { outs } = await check.create(inputs);
        assert.deepEqual((await check.read("id", outs)).props, outs);

        allFaults(intent)
            .find((fault) => fault.row === 1)
            ?.inject(ec2);
        const { check: later } = provider(ec2);
        const { props } = await later.read("id", outs);
        assert.equal(props.verdict, "failed");
        assert.deepEqual(ec2.writes, []);
        assert.equal((await later.diff("id", props, inputs)).changes, true);

        const { outs: healed } = await later.update("id", props, inputs);
        assert.equal(healed.verdict, "repaired");
    });

    it("calls a check good again whose network was mended", async () => {
        const { ec2, intent } = brokenAt(1);
        const { check } = provider(ec2);
        const { outs } = await check.create(checkInputs("dns", intent, { mode: "validate" }));
        assert.equal(outs.verdict, "failed");
        Object.assign(ec2.state.VpcAttributes?.[intent.vpcId] ?? {}, { enableDnsSupport: true });
        const { props } = await provider(ec2).check.read("id", outs);
        assert.equal(props.verdict, "healthy");
        assert.deepEqual(props.findings, []);
    });

    it("fails when nothing could be read, rather than store a guess", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const ec2 = new FakeEc2(snapshot);
        const [stored] = await runAll(ec2, intent);
        assert.ok(stored);
        ec2.errors.set("DescribeVpcs", [Object.assign(new Error("bad key"), { name: "AuthFailure" })]);
        await assert.rejects(provider(ec2).check.read("id", stored), /AuthFailure: bad key/);
    });

    it("refuses an import", async () => {
        const { check } = provider(new FakeEc2({ region: "us-east-1" }));
        await assert.rejects(check.read("id", {} as CheckOutputs), /cannot be imported/);
    });
});

describe("delete", () => {
    async function repaired(row: number) {
        const { ec2, intent } = brokenAt(row);
        const { check, log } = provider(ec2);
        const { outs } = await check.create(checkInputs("routes", intent));
        const associated = () =>
            ec2.state.RouteTables?.flatMap((table) => table.Associations ?? []).filter(
                (one) => one.SubnetId === id("subnet", 0),
            ) ?? [];
        return { ec2, intent, check, outs, log, associated };
    }

    it("takes away the association that a repair made, which Pulumi does not know", async () => {
        for (const row of [7, 8]) {
            const { check, outs, log, associated } = await repaired(row);
            assert.equal(associated().length, 1);
            await check.delete("id", outs);
            assert.deepEqual(associated(), [], `row ${row}`);
            await check.delete("id", outs);
            assert.equal(log.filter((line) => line.startsWith("Undid")).length, 1, "already gone is fine");
        }
    });

    it("leaves what is the program's again", async () => {
        for (const row of [9, 12, 13, 37]) {
            const { ec2, check, outs } = await repaired(row);
            const writes = ec2.writes.length;
            await check.delete("id", outs);
            assert.equal(ec2.writes.length, writes, `row ${row}`);
        }
    });

    it("leaves an association that is no longer what the repair made", async () => {
        const { ec2, check, outs, associated } = await repaired(7);
        const [association] = associated();
        ec2.disassociate(association?.RouteTableAssociationId ?? "");
        ec2.associate(id("rtb", 0), id("subnet", 0));
        await check.delete("id", outs);
        assert.equal(associated().length, 1);
    });

    it("leaves an association of the same id that is another table's by now", async () => {
        const { ec2, check, outs, associated } = await repaired(7);
        const [association] = associated();
        assert.ok(association);
        ec2.disassociate(association.RouteTableAssociationId ?? "");
        (ec2.table(id("rtb", 5)).Associations ??= []).push(association);
        await check.delete("id", outs);
        assert.equal(associated().length, 1);
    });

    it("can delete a check whose network and record are gone", async () => {
        const { check } = provider(new FakeEc2({ region: "us-east-1" }));
        await check.delete("id", {});
        const { outs } = await repaired(7);
        await check.delete("id", outs);
    });

    it("carries what it has to take away through later runs, and takes it away with its subnet", async () => {
        const { ec2, intent, check, outs, associated } = await repaired(7);
        const { outs: later } = await check.update("id", outs, checkInputs("routes", intent));
        assert.deepEqual(later.repairs, outs.repairs);
        assert.equal(later.verdict, "healthy");

        ec2.disassociate(associated()[0]?.RouteTableAssociationId ?? "");
        const { outs: again } = await provider(ec2).check.update("id", later, checkInputs("routes", intent));
        assert.deepEqual(
            again.repairs.map((repair) => repair.leftover?.associationId),
            ["rtbassoc-made2"],
            "the latest alone",
        );

        const smaller = { ...intent, subnets: intent.subnets.slice(1) };
        const { outs: without } = await check.update("id", again, checkInputs("routes", smaller));
        assert.deepEqual(without.repairs, []);
        assert.deepEqual(associated(), []);
    });
});

/** The text that Pulumi stores with every resource of the provider. */
async function serialized(of: pulumi.dynamic.ResourceProvider): Promise<string> {
    const { text } = await pulumi.runtime.serializeFunction(() => of);
    return text;
}

describe("state", () => {
    it("packs and unpacks what a stage needs", () => {
        for (const stage of STAGES) {
            const { intent } = soundNetwork(LAB);
            const packed = packIntent(stage, intent);
            assert.equal(packIntent(stage, unpackIntent(intent.region, intent.vpcId, packed)), packed);
        }
    });

    it("reads back whatever an id or a tag holds", () => {
        const { intent } = soundNetwork(LAB);
        const natGateways = [{ natGatewayId: "a b,c", subnetId: 'd\te"\n' }];
        const ownerTags = { Owner: "Ünal, data team" };
        const packed = packIntent("vpc", { ...intent, natGateways, ownerTags });
        const unpacked = unpackIntent(intent.region, intent.vpcId, packed);
        assert.deepEqual([unpacked.natGateways, unpacked.ownerTags], [natGateways, ownerTags]);
    });

    it("stores nothing that the stage does not need", () => {
        const { intent } = soundNetwork(LAB);
        const unpacked = STAGES.map((stage) => unpackIntent("r", "v", packIntent(stage, intent)));
        const parts = unpacked.map((part) =>
            Object.entries(part).flatMap(([key, value]) =>
                Array.isArray(value) && value.length === 0 ? [] : key,
            ),
        );
        assert.deepEqual(
            parts.map((keys) => keys.filter((key) => !["region", "vpcId", "ownerTags"].includes(key)).sort()),
            [
                ["internetGatewayId", "natGateways"],
                ["flows", "gatewayEndpoints", "internetGatewayId", "natGateways", "subnets"],
                ["interfaceEndpoints"],
                ["flows", "networkInterfaces", "subnets"],
                ["flows", "gatewayEndpoints", "interfaceEndpoints", "subnets"],
                ["natGateways", "services", "subnets"],
            ],
        );
        const [, routes] = unpacked;
        assert.ok(routes && routes.flows.length < intent.flows.length);
        assert.deepEqual([...new Set(routes.flows.map((flow) => flow.description))], [""]);
    });

    it("is the same when the same intent was compressed in another way", async () => {
        const { snapshot, intent } = soundNetwork(LAB);
        const { check } = provider(new FakeEc2(snapshot));
        for (const stage of STAGES) {
            const inputs = checkInputs(stage, intent);
            const text = brotliDecompressSync(Buffer.from(inputs.intent, "base64"));
            const params = { [constants.BROTLI_PARAM_QUALITY]: 1 };
            const other = brotliCompressSync(text, { params }).toString("base64");
            assert.notEqual(other, inputs.intent);
            const stored = { ...(await check.create(inputs)).outs, intent: other };
            assert.deepEqual(await check.diff("id", stored, inputs), { changes: false, replaces: [] });
        }
    });

    /** A whole lab: 70 flows between 12 groups with ids as AWS makes them, nine subnets, ten interface endpoints. */
    function wholeLab(): { snapshot: Snapshot; intent: NetworkIntent } {
        const { snapshot, intent } = soundNetwork({
            ...LAB,
            interfaceServices:
                "kms logs monitoring sagemaker.api sagemaker.runtime secretsmanager ssm ssmmessages sts ec2".split(
                    " ",
                ),
        });
        const roles = ["zookeeper", "bookkeeper", "broker", "proxy", "client", "neptune"].flatMap((role) => [
            role,
            `sagemaker-${role}`,
        ]);
        const groupOf = (index: number) =>
            `sg-0${createHash("sha256").update(String(index)).digest("hex").slice(0, 16)}`;
        const flows = Array.from({ length: 70 }, (_, index) => {
            const [from, to] = [index % roles.length, (index * 5 + 1) % roles.length];
            const port = 2000 + (index % 24) * 37;
            return {
                from: roles[from] ?? "",
                to: roles[to] ?? "",
                sourceGroupId: groupOf(from),
                destination: { securityGroupId: groupOf(to) },
                protocol: "tcp" as const,
                ports: { from: port, to: port },
                description: `Pulsar: reason number ${index % 20} of a sentence of its own length`,
            };
        });
        return { snapshot, intent: { ...intent, flows: [...intent.flows, ...flows] } };
    }

    it("takes less than 6 KB a check of a whole lab, the serialized provider counted twice", async () => {
        const { snapshot, intent } = wholeLab();
        for (const { sourceGroupId: GroupId } of intent.flows)
            if (!snapshot.SecurityGroups?.some((group) => group.GroupId === GroupId))
                snapshot.SecurityGroups?.push({
                    GroupId,
                    VpcId: intent.vpcId,
                    IpPermissions: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
                    IpPermissionsEgress: [{ IpProtocol: "-1", IpRanges: [{ CidrIp: "10.0.0.0/8" }] }],
                });
        const text = await serialized(trampoline("checks/provider/stage-check", "stageCheck"));
        const results = await runAll(new FakeEc2(snapshot), intent);
        for (const [index, stage] of STAGES.entries()) {
            const inputs = {
                ...checkInputs(stage, intent, {
                    after: "2026-01-01T00:00:00.000Z",
                    runId: "2026-01-01T00:00:00.000Z",
                    journal: ".pulsar-lab/journal/dev.jsonl",
                }),
                validates: "v".repeat(80),
            };
            const state = {
                inputs: { ...inputs, __provider: text },
                outputs: { ...results[index], runId: inputs.runId, after: inputs.after, __provider: text },
            };
            assert.equal(results[index]?.verdict, "healthy", stage);
            const bytes = JSON.stringify(state).length;
            assert.ok(bytes < 6000, `${stage}: ${bytes} bytes`);
        }
    });
});

describe("trampoline", () => {
    let folder: string;
    before(() => (folder = mkdtempSync(join(tmpdir(), "trampoline-"))));
    after(() => rmSync(folder, { recursive: true }));

    async function handler(path: string): Promise<pulumi.dynamic.ResourceProvider> {
        const text = await serialized(trampoline(path, "implementation"));
        // As the provider's process does it: the text becomes a module.
        const module = { exports: {} as { handler: () => pulumi.dynamic.ResourceProvider } };
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the engine too makes a module of this text
        const load = new Function("exports", "require", text) as (
            exports: object,
            require: NodeJS.Require,
        ) => void;
        load(module.exports, require);
        const loaded = module.exports.handler();
        await loaded.configure?.({} as pulumi.dynamic.ConfigureRequest);
        return loaded;
    }

    it("captures nothing but a module's path and an export's name", async () => {
        const text = await serialized(trampoline("a", "b"));
        assert.ok(text.length < 1000, `${text.length} characters`);
        assert.deepEqual(text.match(/require\("[^"]+"\)/g), [
            'require("ts-node/register/transpile-only")',
            'require("path")',
        ]);
    });

    it("hands every method on to the implementation, as it is on disk", async () => {
        const path = join(folder, "implementation.ts");
        const write = (version: number) =>
            writeFileSync(
                path,
                `export const implementation = { version: ${version} as number, create(inputs: object) { return { id: "id", outs: { ...inputs, version: this.version } }; }, diff() { return { changes: false }; } };`,
            );
        write(1);
        const loaded = await handler(path.replace(/\.ts$/, ""));
        for (const method of ["check", "diff", "create", "read", "update", "delete"])
            assert.equal(typeof (loaded as unknown as Record<string, unknown>)[method], "function");
        assert.deepEqual(await loaded.create({ a: 1 }), { id: "id", outs: { a: 1, version: 1 } });
        assert.deepEqual(await loaded.diff?.("id", {}, {}), { changes: false });
        write(2);

        delete require.cache[require.resolve(path)];
        assert.deepEqual(await loaded.create({ a: 1 }), { id: "id", outs: { a: 1, version: 2 } });
    });

    it("finds the implementation of the checks from the program's folder", async () => {
        const text = await serialized(trampoline("checks/provider/stage-check", "stageCheck"));
        assert.ok(text.includes('path: "checks/provider/stage-check", name: "stageCheck"'));
        const { intent } = soundNetwork(LAB);
        const real = trampoline("checks/provider/stage-check", "stageCheck");
        await real.configure?.({} as pulumi.dynamic.ConfigureRequest);
        const { failures } = (await real.check?.({}, { ...checkInputs("dns", intent), mode: "x" })) ?? {};
        assert.deepEqual(
            failures?.map((one) => one.property),
            ["mode"],
        );
    });

    it("fails, and does not pass silently, when the implementation cannot be loaded", async () => {
        const loaded = await handler(join(folder, "nothing"));
        await assert.rejects(loaded.update?.("id", {}, {}) ?? Promise.resolve(), /Cannot find module/);
    });
});
