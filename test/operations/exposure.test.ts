import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { withFlowId } from "../../checks/flow";
import type { NetworkIntent } from "../../checks/intent";
import { packIntent } from "../../checks/provider/packed-intent";
import { readDeclared } from "../../operations/exposure/declared";
import { network } from "../checks/analyze/support/network";

const CLI = path.join(__dirname, "../../operations/lab.js");

const INTENT: NetworkIntent = {
    region: "us-east-1",
    vpcId: "vpc-a",
    subnets: [],
    natGateways: [],
    gatewayEndpoints: [],
    interfaceEndpoints: [
        {
            service: "ssm",
            vpcEndpointId: "vpce-ssm",
            subnetIds: ["subnet-one"],
            securityGroupIds: ["sg-endpoint"],
        },
    ],
    flows: [
        flow("server", { securityGroupId: "sg-server" }, 6650),
        flow("endpoints", { securityGroupId: "sg-endpoint" }, 443),
        flow("internet", { service: "internet" }, 443),
    ],
    ownerTags: {},
};

function flow(to: string, destination: NetworkIntent["flows"][number]["destination"], port: number) {
    return {
        from: "client",
        to,
        sourceGroupId: "sg-client",
        destination,
        protocol: "tcp" as const,
        ports: { from: port, to: port },
        description: `to ${to}`,
    };
}

/** A check as it stands in an exported stack, without what nobody reads. */
const check = (stage: "routes" | "security-groups" | "endpoints", intent = INTENT) => ({
    urn: `urn:pulumi:dev::pulsar-lab::pulsar-lab:checks:ConnectivityChecks$pulumi-nodejs:dynamic/checks:ConnectivityCheck::lab-${stage}`,
    type: "pulumi-nodejs:dynamic/checks:ConnectivityCheck",
    custom: true,
    inputs: { stage, region: intent.region, vpcId: intent.vpcId, intent: packIntent(stage, intent) },
});
const exported = (...resources: unknown[]) =>
    JSON.stringify({
        version: 3,
        deployment: { resources: [{ urn: "urn:s", type: "pulumi:pulumi:Stack" }, ...resources] },
    });
const WHOLE = exported(
    check("routes"),
    check("security-groups"),
    check("endpoints"),
    check("security-groups"),
);

describe("the intended flows of a stack", () => {
    it("are the flows of its checks, each once, with their region and VPC", () => {
        const { region, vpcId, intents } = readDeclared(WHOLE, "dev");
        assert.deepEqual([region, vpcId], ["us-east-1", "vpc-a"]);
        const sorted = (flows: readonly { id: string }[]) =>
            [...flows].sort((a, b) => a.id.localeCompare(b.id));
        assert.deepEqual(sorted(intents), sorted(INTENT.flows.map(withFlowId)));
    });

    const refused: [string, string, RegExp][] = [
        ["nothing was deployed", JSON.stringify({ version: 3, deployment: {} }), /no connectivity checks/],
        ["no check is among the resources", exported(), /no connectivity checks.*--intents FILE/],
        ["only checks without flows are", exported(check("routes")), /no connectivity checks/],
        [
            "it checks two networks",
            exported(check("endpoints"), check("security-groups", { ...INTENT, vpcId: "vpc-b" })),
            /vpc-a in us-east-1 and vpc-b in us-east-1/,
        ],
    ];
    for (const [what, text, expected] of refused)
        it(`are refused when ${what}`, () => {
            assert.throws(() => readDeclared(text, "dev"), expected);
        });
});

describe("lab exposure --stack", function () {
    this.timeout(60_000);
    let folder: string;
    /** As `npm run lab` does, with a Pulumi CLI that says what it was asked and answers with a file. */
    const lab = (...args: string[]) =>
        spawnSync(process.execPath, [CLI, "exposure", ...args], {
            encoding: "utf8",
            env: {
                ...process.env,
                npm_lifecycle_event: "lab",
                INIT_CWD: folder,
                PATH: `${folder}:${process.env.PATH}`,
            },
        });

    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "pulsar-lab-exposure-"));
        writeFileSync(path.join(folder, "network.json"), JSON.stringify(network()));
        writeFileSync(path.join(folder, "state.json"), WHOLE);
        writeFileSync(path.join(folder, "none.json"), exported());
        const fake = [
            "#!/bin/sh",
            `[ "$1 $2 $3 $5" = "stack export --stack --non-interactive" ] || exit 9`,
            `case "$4" in`,
            `dev) cat "${folder}/state.json" ;;`,
            `empty) cat "${folder}/none.json" ;;`,
            `*) echo "error: no stack named '$4' found" >&2; exit 255 ;;`,
            "esac",
        ];
        writeFileSync(path.join(folder, "pulumi"), `${fake.join("\n")}\n`);
        chmodSync(path.join(folder, "pulumi"), 0o755);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("takes the intended flows from the deployed checks", () => {
        const { status, stdout, stderr } = lab("--stack", "dev", "--snapshot", "network.json");
        assert.deepEqual([status, stderr], [0, ""]);
        // One of the two that carry the group is isolated.
        assert.match(stdout, /2 of 3 intents reachable/);
        assert.doesNotMatch(stdout, /sg-client reaches sg-server/);
        assert.match(stdout, /sg-client reaches internet on tcp 444-65535/);
    });

    it("refuses a stack that does not exist, or has no checks, with one error", () => {
        const gone = lab("--stack", "nope", "--snapshot", "network.json");
        assert.deepEqual([gone.status, gone.stdout], [2, ""]);
        assert.equal(
            gone.stderr,
            "lab: --stack nope: the stack does not exist; `pulumi stack ls` lists the stacks of this project\n",
        );
        const empty = lab("--stack", "empty", "--snapshot", "network.json");
        assert.deepEqual([empty.status, empty.stdout], [2, ""]);
        assert.match(empty.stderr, /^lab: --stack empty: its state has no connectivity checks[^\n]*\n$/);
    });

    it("takes the intended flows from one source only", () => {
        const { status, stderr } = lab("--stack", "dev", "--intents", "intents.json");
        assert.equal(status, 2);
        assert.match(
            stderr,
            /^lab: option '--stack <stack>' cannot be used with option '--intents <file>'\n/,
        );
    });
});
