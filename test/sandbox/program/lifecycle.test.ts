import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";

import { awsOf } from "../../../lib/aws/clients";
import { findCreated } from "../../../operations/recover/find-created";
import { Deployment } from "./deployment";
import { factsOf, judge, tell } from "./rules";

interface Preview {
    readonly steps: readonly {
        readonly op: string;
        readonly urn: string;
        readonly newState: { readonly inputs?: Readonly<Record<string, unknown>> };
    }[];
}

interface Export {
    readonly deployment: {
        readonly resources: {
            readonly urn: string;
            readonly type: string;
            readonly id: string;
            readonly inputs: Record<string, string>;
        }[];
    };
}

const NOTHING = "nothing to import";

/** How the official provider imports types whose id is its own invention. */
const IMPORT_IDS: Readonly<Record<string, (inputs: Record<string, string>) => string>> = {
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": () => NOTHING,
    "aws:ec2/volumeAttachment:VolumeAttachment": ({ deviceName, volumeId, instanceId }) =>
        `${deviceName}:${volumeId}:${instanceId}`,
    "aws:opensearch/domain:Domain": ({ domainName }) => domainName ?? "",
    "aws:sns/topicPolicy:TopicPolicy": () => NOTHING,
    "aws:ec2/route:Route": ({ routeTableId, destinationCidrBlock }) =>
        `${routeTableId}_${destinationCidrBlock}`,
    "aws:ec2/routeTableAssociation:RouteTableAssociation": ({ subnetId, routeTableId }) =>
        `${subnetId}/${routeTableId}`,
    "aws:ec2/securityGroupRule:SecurityGroupRule": (rule) =>
        [
            rule.securityGroupId,
            rule.type,
            rule.protocol,
            rule.fromPort,
            rule.toPort,
            rule.self
                ? "self"
                : (rule.sourceSecurityGroupId ?? rule.prefixListIds?.[0] ?? rule.cidrBlocks?.[0]),
        ].join("_"),
};

/** What watches the lab: one alarm over all, the dashboard. */
const WATCH = /compositeAlarm:CompositeAlarm::lab-watch-any|dashboard:Dashboard::lab-watch-dashboard/;

/** What can be added to the whole dev stack, and what alone has to know of it. */
const ADDITIONS: readonly {
    readonly what: string;
    readonly path: string;
    readonly value: string;
    /** So many resources are made, at least. */
    readonly least: number;
    readonly updated: readonly RegExp[];
}[] = [
    {
        what: "a zone",
        path: "network.availabilityZones[2]",
        value: "us-east-1c",
        least: 10,
        // Endpoints and Neptune take the zone's subnets, notebooks may have interfaces in them, the checks look at them.
        updated: [
            /vpcEndpoint:VpcEndpoint|neptune\/subnetGroup:|iam\/rolePolicy:RolePolicy::lab-sagemaker-execution|dynamic/,
            WATCH,
        ],
    },
    {
        what: "a bookie",
        path: "pulsar.bookkeeper.count",
        value: "2",
        least: 6,
        // The checks look at its interface.
        updated: [/dynamic\/checks:ConnectivityCheck/, WATCH],
    },
    {
        what: "a broker",
        path: "pulsar.broker.count",
        value: "2",
        least: 3,
        // Clients find it under the name of them all.
        updated: [/dynamic\/checks:ConnectivityCheck/, /route53\/record:Record::lab-pulsar-broker$/, WATCH],
    },
    {
        what: "a read replica",
        path: "neptune.readReplicas",
        value: "1",
        // The instance, and an alarm for how far it is behind.
        least: 2,
        updated: [WATCH],
    },
];

const REPOSITORY = path.join(__dirname, "../../..");
const gitStatus = () => execFileSync("git", ["status", "--porcelain"], { cwd: REPOSITORY, encoding: "utf8" });

describe("the program in the sandbox", function () {
    this.timeout(400_000);
    let deployment: Deployment;
    let statusBefore: string;

    const preview = async (stack: string, ...args: string[]): Promise<Preview> => {
        const { code, stdout, stderr } = await deployment.sandbox.pulumi([
            "preview",
            "--json",
            "--non-interactive",
            "--stack",
            stack,
            ...args,
        ]);
        assert.equal(code, 0, stdout + stderr);
        return JSON.parse(stdout) as Preview;
    };
    const changes = ({ steps }: Preview) => steps.filter(({ op }) => op !== "same");

    before(async () => {
        statusBefore = gitStatus();
        deployment = await Deployment.start();
    });
    after(() => deployment.stop());

    for (const stack of ["dev", "lab"]) {
        it(`previews ${stack} without a write`, async () => {
            const writes = await deployment.sandbox.writesDuring(async () => {
                const { steps } = await preview(stack);
                assert.ok(steps.length > 40);
                assert.deepEqual(new Set(steps.map(({ op }) => op)), new Set(["create"]));
                const subnets = steps.filter(({ urn }) => urn.includes("aws:ec2/subnet:Subnet::"));
                assert.deepEqual(
                    new Set(subnets.map(({ newState }) => newState.inputs?.mapPublicIpOnLaunch)),
                    new Set([false]),
                    "what is launched in a public subnet gets no public address by itself",
                );
            });
            assert.deepEqual(writes, []);
        });
    }

    it("refuses a wrong configuration with one error, before anything is created", async () => {
        await deployment.configure("wrong", {
            network: { natGateways: "one", cidrBlock: "10.0.0.0/8" },
            checks: { everyupdate: true },
        });
        const writes = await deployment.sandbox.writesDuring(async () => {
            const { code, text } = await deployment.up("wrong");
            assert.notEqual(code, 0);
            assert.match(
                text,
                /The configuration of stack "wrong" \(Pulumi\.wrong\.yaml\) has 3 problems; nothing was created:/,
            );
            assert.match(
                text,
                /pulsar-lab:network\.natGateways: "one" is not allowed: one of none, single, perAz/,
            );
            assert.doesNotMatch(text, /at Object\.|node:internal/, "a stack trace helps nobody here");
        });
        assert.deepEqual(writes, []);
    });

    it("brings up dev, healthy, and warns of its one NAT gateway", async () => {
        const { code, text } = await deployment.up("dev");
        assert.equal(code, 0, text);
        assert.match(text, /one NAT gateway \(in us-east-1a\) serves 2 availability zones/);
        const outputs = await deployment.outputs("dev");
        assert.equal(outputs.connectivityHealthy, true);
        assert.deepEqual(outputs.connectivityRepairs, []);
        assert.match(
            outputs.connectivityMatrix,
            /^private us-east-1a +reachable +reachable +reachable +reachable/m,
        );
        assert.match(outputs.connectivityMatrix, /^isolated us-east-1b +closed +reachable/m);
        assert.deepEqual(tell(judge(await deployment.resources("dev"), factsOf("dev", false))), []);
    });

    it("changes nothing when run again, nor after a refresh", async () => {
        for (const args of [
            ["up", "--yes", "--expect-no-changes", "--stack", "dev"],
            ["refresh", "--yes", "--expect-no-changes", "--stack", "dev"],
            ["preview", "--expect-no-changes", "--stack", "dev"],
        ]) {
            const { code, text } = await deployment.pulumi(...args);
            assert.equal(code, 0, `${args.join(" ")}: ${text}`);
        }
    });

    it("holds only what can be found again if its creation is not recorded", async () => {
        const { stdout } = await deployment.sandbox.pulumi(["stack", "export", "--stack", "dev"]);
        const { resources } = (JSON.parse(stdout) as Export).deployment;
        const aws = awsOf(deployment.sandbox.clientSettings());
        const made = resources.filter(({ type }) => type.startsWith("aws:"));
        assert.ok(made.length > 40);
        for (const { urn, type, id, inputs } of made) {
            const found = await findCreated({ urn, type, inputs }, aws);
            const expected = IMPORT_IDS[type]?.(inputs) ?? id;
            assert.equal(found, expected === NOTHING ? undefined : expected, urn);
        }
    });

    for (const { what, path: key, value, least, updated } of ADDITIONS)
        it(`replaces nothing when ${what} is added`, async () => {
            const set = await deployment.pulumi("config", "set", "--stack", "dev", "--path", key, value);
            assert.equal(set.code, 0, set.text);
            const steps = changes(await preview("dev"));
            const named = steps.map(({ op, urn }) => `${op} ${urn.slice(urn.lastIndexOf("$") + 1)}`);
            assert.ok(steps.filter(({ op }) => op === "create").length >= least, named.join("\n"));
            assert.deepEqual(
                named.filter(
                    (step) =>
                        !step.startsWith("create ") &&
                        !(step.startsWith("update ") && updated.some((known) => known.test(step))),
                ),
                [],
            );
            const searchDomain = async () => {
                const resources = await deployment.resources("dev");
                return resources.find(({ type }) => type === "aws:opensearch/domain:Domain")?.inputs;
            };
            const before = await searchDomain();
            const { code, text } = await deployment.up("dev");
            assert.equal(code, 0, text);
            assert.equal((await deployment.outputs("dev")).connectivityHealthy, true);
            assert.ok(before);
            assert.deepEqual(await searchDomain(), before);
        });

    it("keeps the repository as it was", () => {
        assert.equal(gitStatus(), statusBefore);
    });

    it("leaves nothing behind when destroyed", async () => {
        const { code, text } = await deployment.pulumi("destroy", "--yes", "--stack", "dev");
        assert.equal(code, 0, text);
        assert.deepEqual(await deployment.sandbox.resources(), []);
    });
});
