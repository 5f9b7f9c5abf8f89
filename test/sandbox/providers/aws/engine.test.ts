import assert from "node:assert/strict";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import {
    CreateVpcCommand,
    DeleteVpcCommand,
    DescribeVpcsCommand,
    EC2Client,
    ModifyVpcAttributeCommand,
    RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";

import { Sandbox } from "../../../../sandbox";

const REPOSITORY = path.join(__dirname, "../../../..");

interface Step {
    op: string;
    urn: string;
}

describe("the provider under the real engine", function () {
    this.timeout(180_000);
    let folder: string;
    let sandbox: Sandbox;
    let ec2: EC2Client;
    let foundId: string;

    const pulumi = async (...args: string[]) => {
        const { code, stdout, stderr } = await sandbox.pulumi([
            ...args,
            "--stack",
            "dev",
            "--non-interactive",
        ]);
        assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}`);
        return stdout;
    };
    const outputs = async () =>
        JSON.parse(await pulumi("stack", "output", "--json")) as Record<string, unknown>;
    /** What a preview is going to do, by resource: `Vpc main: update`. */
    const planned = async () => {
        const { steps } = JSON.parse(await pulumi("preview", "--json")) as { steps: Step[] };
        const name = (urn: string) => urn.replace(/^.*:(\w+)::/, "$1 ");
        return steps
            .filter(({ op }) => !["same", "read"].includes(op))
            .map(({ op, urn }) => `${name(urn)}: ${op}`)
            .sort();
    };

    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "aws-provider-")));
        const project = path.join(folder, "project");
        await cp(path.join(__dirname, "program"), project, { recursive: true });
        await symlink(path.join(REPOSITORY, "node_modules"), path.join(project, "node_modules"));
        const files = {
            "Pulumi.yaml": "name: provider\nruntime: nodejs\n",
            "Pulumi.dev.yaml":
                "config:\n  aws:region: us-east-1\n  aws:defaultTags:\n    tags:\n      Project: provider\n",
            "package.json": '{ "name": "provider", "main": "index.ts" }\n',
        };
        await cp(path.join(REPOSITORY, "tsconfig.json"), path.join(project, "tsconfig.json"));
        for (const [name, content] of Object.entries(files))
            await writeFile(path.join(project, name), content);
        sandbox = await Sandbox.start({ dir: path.join(folder, "state"), project });
        const credentials = { accessKeyId: "test", secretAccessKey: "test" };
        ec2 = new EC2Client({ endpoint: sandbox.endpoint, region: "us-east-1", credentials });
    });
    after(async () => {
        await sandbox?.stop();
        await rm(folder, { recursive: true, force: true });
    });

    it("creates everything, in two regions at once", async () => {
        await pulumi("up", "--yes", "--skip-preview");
        const { gotten, westernArn, westernTags, publicIp, groupName } = await outputs();
        assert.deepEqual(gotten, { Name: "main", Project: "provider", Stage: "first" });
        assert.match(String(westernArn), /^arn:aws:ec2:us-west-2:/);
        assert.deepEqual(westernTags, { Where: "west" });
        assert.match(String(publicIp), /^\d+\.\d+\.\d+\.\d+$/);
        assert.match(String(groupName), /^web-[0-9a-f]{7}$/);
    });

    it("finds nothing to change, nor to refresh", async () => {
        await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        assert.deepEqual(await planned(), []);
    });

    it("puts back what somebody else has changed, and the rule under the same id", async () => {
        const { vpcId, groupId, ruleId } = (await outputs()) as Record<string, string>;
        await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpcId, EnableDnsHostnames: { Value: false } }));
        const IpPermissions = [
            { IpProtocol: "tcp", FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: "10.0.0.0/16" }] },
        ];
        await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions }));
        await pulumi("refresh", "--yes", "--skip-preview");
        assert.deepEqual(await planned(), ["SecurityGroupRule https: create", "Vpc main: update"]);
        await pulumi("up", "--yes", "--skip-preview");
        assert.equal((await outputs()).ruleId, ruleId);
    });

    it("updates in place, replaces, and imports what the program describes", async () => {
        const before = await outputs();
        const { Vpc } = await ec2.send(
            new CreateVpcCommand({
                CidrBlock: "10.8.0.0/16",
                TagSpecifications: [{ ResourceType: "vpc", Tags: [{ Key: "Project", Value: "provider" }] }],
            }),
        );
        foundId = Vpc!.VpcId!;
        await pulumi("config", "set-all", "--plaintext", "stage=second", "--plaintext", `foundId=${foundId}`);
        assert.deepEqual(await planned(), [
            "Instance node: replace",
            "NetworkInterface node: update",
            "SecurityGroup web: replace",
            "SecurityGroupRule https: replace",
            "VolumeAttachment node: replace",
            "Vpc found: import",
            "Vpc main: update",
            "VpcEndpoint ssm: update",
        ]);
        await pulumi("up", "--yes", "--skip-preview");
        const after = await outputs();
        assert.equal(after.vpcId, before.vpcId);
        assert.notEqual(after.groupName, before.groupName);
        assert.notEqual(after.nodeId, before.nodeId);
        for (const kept of ["nodeIp", "nodeName", "diskId"]) assert.equal(after[kept], before[kept], kept);
        assert.deepEqual(after.gotten, { Name: "main", Project: "provider", Stage: "second" });
        assert.deepEqual(after.foundTags, { Project: "provider" });
        await pulumi("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes");
    });

    it("destroys everything but what was to be retained", async () => {
        await pulumi("destroy", "--yes", "--skip-preview");
        const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [foundId] }));
        assert.equal(Vpcs?.length, 1);
        await ec2.send(new DeleteVpcCommand({ VpcId: foundId }));
        assert.deepEqual(await sandbox.resources(), []);
    });
});
