import {
    CopyImageCommand,
    CreateTagsCommand,
    DescribeImagesCommand,
    DescribeInstancesCommand,
    DescribeVolumesCommand,
    EC2Client,
} from "@aws-sdk/client-ec2";
import assert from "node:assert/strict";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { PulsarInstance } from "../../../components/pulsar-cluster";
import { Sandbox } from "../../../sandbox";

const REPOSITORY = path.join(__dirname, "../../..");
const STACK = ["--stack", "dev", "--non-interactive"];

interface Outputs {
    instances: PulsarInstance[];
    serviceUrl: string;
    vpcId: string;
}

describe("a Pulsar cluster under the real engine", function () {
    this.timeout(400_000);
    let folder: string;
    let sandbox: Sandbox;
    let ec2: EC2Client;

    const pulumi = async (...args: string[]) => {
        const { code, stdout, stderr } = await sandbox.pulumi([...args, ...STACK]);
        assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}`);
        return stdout;
    };
    const up = () => pulumi("up", "--yes", "--skip-preview");
    const outputs = async () => JSON.parse(await pulumi("stack", "output", "--json")) as Outputs;
    const set = (key: string, value: string) => pulumi("config", "set", key, value);
    /** What a preview is going to do, by resource: `Instance lab-broker-1: replace`. */
    const planned = async () => {
        const { steps } = JSON.parse(await pulumi("preview", "--json")) as {
            steps: { op: string; urn: string }[];
        };
        return steps
            .filter(({ op }) => !["same", "read"].includes(op))
            .map(({ op, urn }) => `${urn.replace(/^.*:(\w+)::/, "$1 ")}: ${op}`)
            .sort();
    };
    /** A later image for the same architecture. A copy, because the emulated AWS forgets the architecture of a registered one. */
    const bake = async (version: string, build: number) => {
        const { Images = [] } = await ec2.send(
            new DescribeImagesCommand({
                Owners: ["self"],
                Filters: [
                    { Name: "tag:PulsarVersion", Values: ["4.0.7"] },
                    { Name: "architecture", Values: ["x86_64"] },
                ],
            }),
        );
        const { ImageId } = await ec2.send(
            new CopyImageCommand({
                Name: `pulsar-${version}-${build}`,
                SourceImageId: Images[0]?.ImageId,
                SourceRegion: "us-east-1",
            }),
        );
        assert.ok(ImageId);
        const Tags = [
            { Key: "PulsarVersion", Value: version },
            { Key: "Validated", Value: "true" },
        ];
        await ec2.send(new CreateTagsCommand({ Resources: [ImageId], Tags }));
        return ImageId;
    };
    /** Each volume that is attached, and to which node. */
    const attached = async () => {
        const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
        return Volumes.filter(({ Tags = [] }) =>
            Tags.some(
                ({ Key, Value }) => Key === "Name" && /-(zookeeper|journal|ledgers)$/.test(Value ?? ""),
            ),
        ).map(({ VolumeId, Attachments = [], AvailabilityZone }) => ({
            volumeId: VolumeId,
            instanceId: Attachments[0]?.InstanceId,
            zone: AvailabilityZone,
        }));
    };

    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "pulsar-cluster-")));
        const project = path.join(folder, "project");
        const program = "test/sandbox/program/pulsar-cluster";
        await cp(path.join(REPOSITORY, program), path.join(project, program), { recursive: true });
        for (const name of ["node_modules", "components", "checks"])
            await symlink(path.join(REPOSITORY, name), path.join(project, name));
        await cp(path.join(REPOSITORY, "tsconfig.json"), path.join(project, "tsconfig.json"));
        const files = {
            "Pulumi.yaml": "name: cluster\nruntime: nodejs\n",
            "Pulumi.dev.yaml":
                "config:\n  aws:region: us-east-1\n  cluster:zones: [us-east-1a, us-east-1b]\n" +
                '  cluster:bookies: "3"\n  cluster:version: 4.0.7\n',
            "package.json": `{ "name": "cluster", "main": "${program}/index.ts" }\n`,
        };
        for (const [name, content] of Object.entries(files))
            await writeFile(path.join(project, name), content);
        sandbox = await Sandbox.start({ dir: path.join(folder, "state"), project });
        ec2 = new EC2Client(sandbox.clientSettings());
    });
    after(async () => {
        await sandbox?.stop();
        await rm(folder, { recursive: true, force: true });
    });

    it("comes up with everything attached, and then has nothing to do", async () => {
        await up();
        const { instances, serviceUrl } = await outputs();
        assert.equal(serviceUrl, "pulsar+ssl://broker.lab.pulsar.internal:6651");
        assert.deepEqual(
            instances.map(({ name, availabilityZone }) => [name, availabilityZone]),
            [
                ["zookeeper-1", "us-east-1a"],
                ["bookkeeper-1", "us-east-1a"],
                ["bookkeeper-2", "us-east-1b"],
                ["bookkeeper-3", "us-east-1a"],
                ["broker-1", "us-east-1a"],
            ],
        );
        const volumes = await attached();
        assert.equal(volumes.length, 7);
        for (const { instanceId, zone } of volumes)
            assert.equal(instances.find((one) => one.instanceId === instanceId)?.availabilityZone, zone);
        await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.deepEqual(await planned(), []);
    });

    it("moves nothing for a zone and a bookie more", async () => {
        const before = await outputs();
        await pulumi("config", "set", "--path", "zones[2]", "us-east-1c");
        await set("bookies", "4");
        const steps = await planned();
        assert.deepEqual(
            steps.filter((step) => !step.endsWith(": create")),
            [],
        );
        assert.ok(steps.includes("Instance lab-bookkeeper-4: create"));
        await up();
        const { instances } = await outputs();
        assert.deepEqual(
            instances.filter(({ name }) => name !== "bookkeeper-4"),
            before.instances,
        );
    });

    it("replaces instances for a new image, and nothing that outlives them", async () => {
        const before = await outputs();
        const volumesBefore = await attached();
        const newest = await bake("4.0.7", 3);
        await up();
        const { instances } = await outputs();
        for (const [index, { instanceId, ...kept }] of instances.entries()) {
            const { instanceId: old, ...was } = before.instances[index] ?? { instanceId: "" };
            assert.notEqual(instanceId, old, kept.name);
            assert.deepEqual(kept, was);
        }
        const volumes = await attached();
        const ids = (list: typeof volumes) => list.map(({ volumeId }) => volumeId).sort();
        assert.deepEqual(ids(volumes), ids(volumesBefore));
        const running = new Set(instances.map(({ instanceId }) => instanceId));
        for (const { instanceId } of volumes) assert.ok(running.has(instanceId ?? ""));
        const { Reservations = [] } = await ec2.send(
            new DescribeInstancesCommand({ InstanceIds: [...running] }),
        );
        for (const { ImageId } of Reservations.flatMap(({ Instances = [] }) => Instances))
            assert.equal(ImageId, newest);
    });

    it("refuses an image of another version, in a preview, with one clear error", async () => {
        const other = await bake("3.3.0", 2);
        await set("amiId", other);
        const { code, stdout, stderr } = await sandbox.pulumi(["preview", ...STACK]);
        await pulumi("config", "rm", "amiId");
        const text = stdout + stderr;
        assert.notEqual(code, 0);
        // Each error is shown while it happens and once more at the end.
        const errors = new Set((text.match(/error: .*/g) ?? []).map((line) => line.slice(0, 60)));
        errors.delete("error: preview failed");
        assert.equal(errors.size, 1, text);
        assert.match(text, /error: the image ami-\w+ holds Pulsar 3\.3\.0 .*, or name an image of 4\.0\.7\n/);
    });

    it("goes away whole", async () => {
        await pulumi("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await attached(), []);
    });
});
