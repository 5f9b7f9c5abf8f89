import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { CreateDBClusterCommand, CreateDBSubnetGroupCommand, NeptuneClient } from "@aws-sdk/client-neptune";
import { CreateDomainCommand, OpenSearchClient } from "@aws-sdk/client-opensearch";

import {
    findFunction,
    findResource,
    functionTokens,
    resourceTokens,
} from "../../../../sandbox/providers/aws/table";
import { sdkFunctionArgs, sdkType } from "../../../../sandbox/providers/server/sdk-schema";
import { allProperties } from "../../../../sandbox/providers/server/check";
import type { PropertyMap } from "../../../../sandbox/providers/server/values";
import { clientSettings, Network, ProviderUnderTest, REGION, START_TIMEOUT_MS } from "./support";

const sorted = (names: Iterable<string>) => [...names].sort();

describe("the table, held against the installed SDK", function () {
    this.timeout(START_TIMEOUT_MS);

    for (const token of resourceTokens) {
        it(token, () => {
            const sdk = sdkType("@pulumi/aws", token);
            assert.ok(
                sdk && sdk.inputs.size > 0 && sdk.outputs.size + sdk.inputs.size > 1,
                "the SDK has no such type",
            );
            const spec = findResource(token)!;
            const properties = allProperties(spec);
            const names = Object.keys(properties);
            const all = new Set([...sdk.inputs, ...sdk.outputs]);

            assert.deepEqual(
                names.filter((name) => !sdk.inputs.has(name)),
                [],
                "inputs that the SDK has not",
            );
            assert.deepEqual(
                sorted(names.filter((name) => properties[name]!.required)),
                sorted(sdk.required),
            );
            assert.equal(spec.regional !== false, sdk.inputs.has("region"), "region");
            assert.equal(spec.tag !== undefined, sdk.inputs.has("tags"), "tags");
            for (const [name, outputs] of Object.entries(spec.recomputed ?? {})) {
                assert.deepEqual(
                    [name, ...(outputs ?? [])].filter((known) => !all.has(known)),
                    [],
                );
            }
            if (spec.autoname) assert.equal(properties[spec.autoname.property]?.kind, "string");
            for (const [name, definition] of Object.entries(properties)) {
                if (definition.default === undefined) continue;
                assert.equal(
                    definition.validate?.(definition.default, name),
                    undefined,
                    `the default of ${name}`,
                );
            }
            if (!spec.update) {
                const changeable = names.filter((name) => name !== "tags" && !properties[name]!.forceNew);
                // A property that has one value alone never changes.
                assert.deepEqual(
                    changeable.filter((name) => properties[name]!.kind !== "set" && !isFixed(name)),
                    [],
                );
            }

            function isFixed(name: string): boolean {
                return properties[name]!.validate?.(Symbol("anything else"), name) !== undefined;
            }
        });
    }

    for (const token of functionTokens) {
        it(token, () => {
            const args = sdkFunctionArgs("@pulumi/aws", token)!;
            const spec = findFunction(token)!;
            assert.deepEqual(
                spec.args.filter((name) => !args.has(name)),
                [],
            );
            assert.equal(spec.regional !== false, args.has("region"));
        });
    }
});

describe("functions", function () {
    this.timeout(START_TIMEOUT_MS);
    let provider: ProviderUnderTest;
    const args: Record<string, () => Promise<PropertyMap>> = {
        getAmi: async () => ({ owners: ["self"], tags: { Architecture: "arm64" } }),
        getManagedPrefixList: async () => ({ name: `com.amazonaws.${REGION}.s3` }),
        getSecurityGroup: async () => ({ id: await (await Network.create()).securityGroup("looked-up") }),
        getVpc: async () => ({ default: true }),
        getSubnet: async () => ({ defaultForAz: true, availabilityZone: `${REGION}a` }),
        getDomain: async () => {
            const DomainName = "looked-up";
            const client = new OpenSearchClient(await clientSettings());
            await client.send(new CreateDomainCommand({ DomainName })).catch(() => undefined);
            return { domainName: DomainName };
        },
        getCluster: async () => {
            const DBClusterIdentifier = "looked-up";
            const client = new NeptuneClient(await clientSettings());
            const command = new CreateDBClusterCommand({ DBClusterIdentifier, Engine: "neptune" });
            await client.send(command).catch(() => undefined);
            return { clusterIdentifier: DBClusterIdentifier };
        },
        getSubnetGroup: async () => {
            const DBSubnetGroupName = "looked-up";
            const network = await Network.create();
            const zones = [
                await network.subnet("10.0.70.0/24"),
                await network.subnet("10.0.71.0/24", `${REGION}b`),
            ];
            await new NeptuneClient(await clientSettings())
                .send(
                    new CreateDBSubnetGroupCommand({
                        DBSubnetGroupName,
                        DBSubnetGroupDescription: "looked up",
                        SubnetIds: zones,
                    }),
                )
                .catch(() => undefined);
            return { name: DBSubnetGroupName };
        },
    };

    before(async () => {
        provider = await ProviderUnderTest.start();
    });
    after(() => provider.stop());

    for (const token of functionTokens) {
        const name = token.split(":").at(-1)!;
        it(`${name} answers with everything that the SDK promises, and no more`, async () => {
            const result = await provider.invoke(token, await args[name]?.());
            const { required, all } = resultOf(token);
            assert.ok(required.length > 2);
            assert.deepEqual(
                required.filter((property) => result[property] === undefined),
                [],
            );
            assert.deepEqual(
                Object.keys(result).filter((property) => !all.includes(property)),
                [],
            );
        });
    }

    it("getAvailabilityZones lists zones in order, by region, state and exclusion", async () => {
        const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
        const { names, zoneIds } = (await provider.invoke(token, { state: "available" })) as Record<
            string,
            string[]
        >;
        assert.deepEqual(names?.slice(0, 2), [`${REGION}a`, `${REGION}b`]);
        assert.equal(zoneIds?.length, names?.length);
        const excluded = await provider.invoke(token, { excludeNames: [`${REGION}a`] });
        assert.deepEqual(excluded.names, names?.slice(1));
        assert.equal(
            ((await provider.invoke(token, { region: "eu-west-1" })).names as string[])[0],
            "eu-west-1a",
        );
    });

    it("getRegion and getPartition say where things are", async () => {
        const region = await provider.invoke("aws:index/getRegion:getRegion");
        assert.equal(region.region, REGION);
        assert.equal(region.description, "US East (N. Virginia)");
        assert.equal(region.endpoint, `ec2.${REGION}.amazonaws.com`);
        const partition = await provider.invoke("aws:index/getPartition:getPartition");
        assert.deepEqual(
            [partition.partition, partition.dnsSuffix, partition.reverseDnsPrefix],
            ["aws", "amazonaws.com", "com.amazonaws"],
        );
    });

    it("getVpc refuses to choose among several, and to find none", async () => {
        const token = "aws:ec2/getVpc:getVpc";
        await assert.rejects(provider.invoke(token, { cidrBlock: "192.0.2.0/24" }), {
            details: /no matching EC2 VPC/,
        });
        const tags = { Twin: "yes" };
        for (const name of ["a", "b"])
            await provider.create("aws:ec2/vpc:Vpc", name, { cidrBlock: "10.7.0.0/16", tags });
        await assert.rejects(provider.invoke(token, { tags }), { details: /multiple EC2 VPCs matched/ });
    });

    it("getAmi takes the newest image where it may, and refuses to choose and to find none", async () => {
        const token = "aws:ec2/getAmi:getAmi";
        const owners = ["self"];
        const filters = [
            { name: "tag:PulsarVersion", values: ["4.0.7"] },
            { name: "tag:Validated", values: ["true"] },
        ];
        const architecture = { name: "architecture", values: ["x86_64"] };
        const one = await provider.invoke(token, { owners, filters: [...filters, architecture] });
        assert.match(String(one.name), /^pulsar-4\.0\.7-/);
        assert.match(String(one.rootSnapshotId), /^snap-/);
        assert.equal((one.tags as PropertyMap).Validated, "true");
        assert.equal((one.blockDeviceMappings as { ebs: PropertyMap }[])[0]?.ebs.volume_size, "20");
        await assert.rejects(provider.invoke(token, { owners, filters }), {
            details: /more than one result/,
        });
        assert.ok((await provider.invoke(token, { owners, filters, mostRecent: true })).id);
        const nameRegex = "^pulsar-4\\.0\\.7-arm64";
        const arm = await provider.invoke(token, { owners, filters, nameRegex });
        assert.equal(arm.architecture, "arm64");
        const none = [{ name: "image-id", values: ["ami-00000000000000000"] }];
        await assert.rejects(provider.invoke(token, { owners, filters: none }), {
            details: /Your query returned no results/,
        });
    });

    it("getSecurityGroup finds a group by its name in a VPC, and refuses to find none", async () => {
        const network = await Network.create();
        const groups = "aws:ec2/getSecurityGroup:getSecurityGroup";
        const byName = await provider.invoke(groups, { name: "default", vpcId: network.vpcId });
        assert.equal(byName.vpcId, network.vpcId);
        await assert.rejects(provider.invoke(groups, { name: "no such group", vpcId: network.vpcId }), {
            details: /no matching EC2 Security Group found/,
        });
    });

    it("that are not implemented, and arguments that are not, are refused by name", async () => {
        await assert.rejects(provider.invoke("aws:s3/getBucket:getBucket", { bucket: "b" }), {
            details:
                "the sandbox's aws stand-in does not implement the function aws:s3/getBucket:getBucket; " +
                "see sandbox/providers/README.md",
        });
        await assert.rejects(provider.invoke("aws:index/getPartition:getPartition", { nonsense: 1 }), {
            details: 'aws:index/getPartition:getPartition has no argument "nonsense"',
        });
    });
});

/** Properties of a function's result, by the SDK's declarations. */
function resultOf(token: string): { required: string[]; all: string[] } {
    const path = token.split(":")[1]!.replace(/^index\//, "");
    const source = readFileSync(require.resolve(`@pulumi/aws/${path}.d.ts`), "utf8");
    const body = /export interface \w+Result \{([\s\S]*?)\n\}/.exec(source)?.[1] ?? "";
    const names = [...body.matchAll(/^ {4}readonly (\w+)(\?)?:/gm)];
    return {
        required: names.filter(([, , optional]) => !optional).map(([, name]) => name!),
        all: names.map(([, name]) => name!),
    };
}
