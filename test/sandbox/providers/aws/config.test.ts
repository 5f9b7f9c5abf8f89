import assert from "node:assert/strict";

import {
    CreateTagsCommand,
    DescribeSecurityGroupsCommand,
    DescribeVpcsCommand,
    EC2Client,
} from "@aws-sdk/client-ec2";

import { checkConfig, configure, partitionOf } from "../../../../sandbox/providers/aws/config";
import { UNKNOWN } from "../../../../sandbox/providers/server/values";
import { clientSettings, ProviderUnderTest, START_TIMEOUT_MS } from "./support";

const VPC = "aws:ec2/vpc:Vpc";
const INPUTS = { cidrBlock: "10.0.0.0/16" };
const ENV = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

describe("a provider instance", function () {
    this.timeout(START_TIMEOUT_MS);
    const started: ProviderUnderTest[] = [];
    const start = async (config: Record<string, unknown>) => {
        const provider = await ProviderUnderTest.start({ config });
        started.push(provider);
        return provider;
    };
    afterEach(() => started.splice(0).forEach((provider) => provider.stop()));

    it("works in its own region beside one in another", async () => {
        const [east, west] = [await start({ region: "us-east-1" }), await start({ region: "us-west-2" })];
        const [a, b] = [await east.create(VPC, "a", INPUTS), await west.create(VPC, "b", INPUTS)];
        assert.deepEqual([a.state.region, b.state.region], ["us-east-1", "us-west-2"]);
        assert.match(String(b.state.arn), /^arn:aws:ec2:us-west-2:123456789012:vpc\/vpc-/);
        assert.equal(await west.refresh(VPC, { ...a, state: {}, inputs: { ...a.inputs } }), undefined);
        const { Vpcs } = await new EC2Client(await clientSettings("us-west-2")).send(
            new DescribeVpcsCommand({ VpcIds: [b.id] }),
        );
        assert.equal(Vpcs?.length, 1);
    });

    it("puts a resource where the resource says", async () => {
        const provider = await start({ region: "us-east-1" });
        const created = await provider.create(VPC, "a", { ...INPUTS, region: "eu-west-1" });
        assert.match(String(created.state.arn), /:eu-west-1:/);
        assert.deepEqual((await provider.diff(VPC, created, created.inputs)).detailed, {});
        const moved = await provider.checked(VPC, "a", INPUTS, created.inputs);
        const diff = await provider.diff(VPC, created, moved);
        assert.deepEqual([diff.replaces, diff.detailed], [["region"], { region: "update_replace" }]);
        await provider.delete(VPC, created);
    });

    it("moves what it has made when its own region changes", async () => {
        const created = await (await start({ region: "us-east-1" })).create(VPC, "a", INPUTS);
        const diff = await (await start({ region: "us-west-2" })).diff(VPC, created, created.inputs);
        assert.deepEqual(diff.replaces, ["region"]);
    });

    it("puts its default tags on everything, under those of the resource", async () => {
        // Objects arrive as JSON texts.
        const tagging = (tags: object) =>
            start({ region: "us-east-1", defaultTags: JSON.stringify({ tags }) });
        const provider = await tagging({ Project: "lab", Owner: "nobody" });
        const created = await provider.create(VPC, "a", { ...INPUTS, tags: { Owner: "me" } });
        assert.deepEqual(created.state.tags, { Owner: "me" });
        assert.deepEqual(created.state.tagsAll, { Owner: "me", Project: "lab" });
        const bare = await provider.create(VPC, "b", INPUTS);
        assert.deepEqual(
            [bare.state.tags, bare.state.tagsAll],
            [undefined, { Owner: "nobody", Project: "lab" }],
        );
        assert.deepEqual((await provider.refresh(VPC, bare))?.inputs, bare.inputs);

        // Other defaults change what is there, in place and visibly.
        const other = await tagging({ Project: "lab", Stage: "dev" });
        const diff = await other.diff(VPC, bare, bare.inputs);
        assert.deepEqual(diff.detailed, { "tagsAll.Owner": "delete", "tagsAll.Stage": "add" });
        assert.deepEqual(diff.replaces, []);
        const updated = await other.update(VPC, bare, bare.inputs);
        assert.deepEqual(updated.state.tagsAll, { Project: "lab", Stage: "dev" });
        assert.deepEqual((await other.diff(VPC, updated, updated.inputs)).detailed, {});
    });

    it("sees a default tag that somebody took away", async () => {
        const provider = await start({ region: "us-east-1", defaultTags: { tags: { Project: "lab" } } });
        const created = await provider.create(VPC, "a", INPUTS);
        const ec2 = new EC2Client(await clientSettings());
        const Tags = [{ Key: "Project", Value: "other" }];
        await ec2.send(new CreateTagsCommand({ Resources: [created.id], Tags }));
        const drifted = (await provider.refresh(VPC, created))!;
        assert.ok((await provider.diff(VPC, drifted, created.inputs)).hasChanges);
        const repaired = await provider.update(VPC, drifted, created.inputs);
        assert.deepEqual(repaired.state.tagsAll, { Project: "lab" });
    });

    it("leaves alone the tags that it is told to ignore", async () => {
        const ignoreTags = { keys: ["CostCenter"], keyPrefixes: ["team:"] };
        const provider = await start({ region: "us-east-1", ignoreTags });
        const created = await provider.create(VPC, "a", { ...INPUTS, tags: { Name: "a" } });
        const Tags = ["CostCenter", "team:a"].map((Key) => ({ Key, Value: "x" }));
        const ec2 = new EC2Client(await clientSettings());
        await ec2.send(new CreateTagsCommand({ Resources: [created.id], Tags }));
        assert.deepEqual(await provider.refresh(VPC, created), created);
        const inputs = await provider.checked(VPC, "a", INPUTS, created.inputs);
        await provider.update(VPC, created, inputs);
        const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [created.id] }));
        assert.deepEqual(Vpcs?.[0]?.Tags?.map(({ Key }) => Key).sort(), ["CostCenter", "team:a"]);
    });

    it("gives a thing that it takes over its own tags, but leaves those to be ignored", async () => {
        const provider = await start({
            region: "us-east-1",
            defaultTags: { tags: { Project: "lab" } },
            ignoreTags: { keys: ["CostCenter"] },
        });
        const network = await provider.create(VPC, "a", INPUTS);
        const Resources = [String(network.state.defaultSecurityGroupId)];
        const Tags = ["CostCenter", "Stale"].map((Key) => ({ Key, Value: "x" }));
        const ec2 = new EC2Client(await clientSettings());
        await ec2.send(new CreateTagsCommand({ Resources, Tags }));
        const token = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
        const adopted = await provider.create(token, "a", { vpcId: network.id, tags: { Name: "closed" } });
        assert.deepEqual(adopted.state.tagsAll, { Name: "closed", Project: "lab" });
        const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: Resources }));
        const keys = SecurityGroups?.[0]?.Tags?.map(({ Key }) => Key).sort();
        assert.deepEqual(keys, ["CostCenter", "Name", "Project"]);
    });

    it("respects ignoreChanges for tags, whole and by key", async () => {
        const provider = await start({ region: "us-east-1" });
        const created = await provider.create(VPC, "a", { ...INPUTS, tags: { Name: "a", "x.y": "1" } });
        const inputs = await provider.checked(VPC, "a", { ...INPUTS, tags: { Name: "b", "x.y": "2" } });
        const detailed = async (...paths: string[]) =>
            Object.keys((await provider.diff(VPC, created, inputs, paths)).detailed);
        assert.deepEqual(await detailed(), ["tags.Name", 'tags["x.y"]']);
        assert.deepEqual(await detailed("tags.Name"), ['tags["x.y"]']);
        assert.deepEqual(await detailed('tags["x.y"]'), ["tags.Name"]);
        assert.deepEqual(await detailed("tags"), []);
    });

    it("runs a stack whose account and profile are set for AWS", async () => {
        const config = { region: "us-east-1", allowedAccountIds: '["210987654321"]', profile: "prod" };
        const provider = await start(config);
        assert.deepEqual(await provider.checkConfig(config), []);
    });

    it("supports previews, and leaves secrets to the engine", async () => {
        const response = await (await start({ region: "us-east-1" })).configure({ region: "us-east-1" });
        assert.deepEqual([response.getSupportspreview(), response.getAcceptsecrets()], [true, false]);
    });

    it("refuses settings that it does not do, at its check", async () => {
        const provider = await start({ region: "us-east-1" });
        const defaults = {
            skipCredentialsValidation: "false",
            skipRegionValidation: "true",
            version: "7.48.0",
        };
        assert.deepEqual(await provider.checkConfig({ region: "us-east-1", ...defaults }), []);
        assert.deepEqual(await provider.checkConfig({ region: "us-east-1", assumeRoles: "[]" }), [
            "the sandbox's aws stand-in does not implement the provider setting aws:assumeRoles; " +
                "take it out of the stack that runs in the sandbox",
        ]);
    });
});

describe("the configuration of a provider instance", () => {
    it("is checked", () => {
        assert.deepEqual(checkConfig({ region: UNKNOWN, defaultTags: UNKNOWN }), []);
        assert.deepEqual(checkConfig({ region: "Frankfurt" }), ['invalid AWS Region: "Frankfurt"']);
        assert.match(
            checkConfig({ defaultTags: "x" })[0]!,
            /expected aws:defaultTags to be an object, got "x"/,
        );
    });

    it("never leads to a real account", async () => {
        await assert.rejects(configure({ region: "us-east-1" }, { ...ENV, AWS_ENDPOINT_URL: undefined }), {
            message: /^AWS_ENDPOINT_URL is not set: .* never with an AWS account$/,
        });
    });

    it("needs a region and credentials", async () => {
        await assert.rejects(configure({}, ENV), /Missing region configuration/);
        await assert.rejects(
            configure({ region: "us-east-1" }, { AWS_ENDPOINT_URL: "x" }),
            /No valid credential sources/,
        );
        assert.equal((await configure({}, { ...ENV, AWS_REGION: "eu-west-1" })).region, "eu-west-1");
        assert.equal((await configure({}, { ...ENV, AWS_DEFAULT_REGION: "eu-west-2" })).region, "eu-west-2");
    });

    it("names the partition of a region", () => {
        const regions = ["us-east-1", "cn-north-1", "us-gov-west-1"];
        assert.deepEqual(regions.map(partitionOf), ["aws", "aws-cn", "aws-us-gov"]);
    });
});
