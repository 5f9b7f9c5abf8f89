import * as pulumi from "@pulumi/pulumi";
import assert from "node:assert/strict";

import { PulsarCluster, type PulsarClusterArgs } from "../../components/pulsar-cluster";
import { Recorder, settled, valueOf } from "../support/mocks";

const ARGS: PulsarClusterArgs = {
    accountId: "123456789012",
    region: "us-east-1",
    vpcId: "vpc-1",
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    securityGroupIds: {
        zookeeper: ["sg-zk"],
        bookkeeper: ["sg-bk"],
        broker: ["sg-broker"],
        client: ["sg-client"],
    },
    kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k",
    pulsarVersion: "4.0.7",
    tags: {
        Project: "pulsar-lab",
        ManagedBy: "pulumi",
        ExperimentID: "exp-1",
        Owner: "me",
        ExpiresAt: "soon",
    },
};
const AMI = {
    id: "ami-1",
    architecture: "x86_64",
    tags: { PulsarVersion: "4.0.7", Validated: "true" } as Record<string, string>,
};
const lookups = (ami: object = AMI) => ({ "aws:ec2/getAmi:getAmi": { ...AMI, ...ami } });

const ROLES = ["bookkeeper", "broker", "client", "zookeeper"];
const INSTANCE = "aws:ec2/instance:Instance";
const VOLUME = "aws:ebs/volume:Volume";
const INTERFACE = "aws:ec2/networkInterface:NetworkInterface";
const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
const RECORD = "aws:route53/record:Record";
const SECRET = "aws:secretsmanager/secret:Secret";

/** The options of every resource, by type and name: the engine would see them, the mocks do not. */
function watchOptions(): {
    opts: pulumi.ComponentResourceOptions;
    seen: Map<string, pulumi.CustomResourceOptions>;
} {
    const seen = new Map<string, pulumi.CustomResourceOptions>();
    const transformation: pulumi.ResourceTransformation = ({ type, name, opts }) => {
        seen.set(`${type} ${name}`, opts);
        return undefined;
    };
    return { opts: { transformations: [transformation] }, seen };
}

for (const preview of [false, true]) {
    describe(`PulsarCluster (${preview ? "preview" : "update"})`, () => {
        it("is highly available without being asked", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("lab", ARGS);
            await settled();
            assert.deepEqual(
                recorder
                    .ofType(INSTANCE)
                    .map(({ name }) => name)
                    .sort(),
                [
                    "lab-bookkeeper-1",
                    "lab-bookkeeper-2",
                    "lab-bookkeeper-3",
                    "lab-broker-1",
                    "lab-broker-2",
                    "lab-client-1",
                    "lab-zookeeper-1",
                    "lab-zookeeper-2",
                    "lab-zookeeper-3",
                ],
            );
            assert.deepEqual(
                recorder.ofType(VOLUME).map(({ name, inputs }) => [name, inputs.availabilityZone]),
                [
                    ["lab-zookeeper-1-zookeeper", "us-east-1a"],
                    ["lab-zookeeper-2-zookeeper", "us-east-1b"],
                    ["lab-zookeeper-3-zookeeper", "us-east-1c"],
                    ["lab-bookkeeper-1-journal", "us-east-1a"],
                    ["lab-bookkeeper-1-ledgers", "us-east-1a"],
                    ["lab-bookkeeper-2-journal", "us-east-1b"],
                    ["lab-bookkeeper-2-ledgers", "us-east-1b"],
                    ["lab-bookkeeper-3-journal", "us-east-1c"],
                    ["lab-bookkeeper-3-ledgers", "us-east-1c"],
                ],
            );
        });

        it("has instances without key, public address, own groups or old metadata service", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("lab", {
                ...ARGS,
                proxy: { count: 1 },
                securityGroupIds: { ...ARGS.securityGroupIds, proxy: ["sg-p"] },
            });
            await settled();
            const instances = recorder.ofType(INSTANCE);
            assert.equal(instances.length, 10);
            for (const { name, inputs } of instances) {
                assert.deepEqual(
                    inputs.metadataOptions,
                    {
                        httpEndpoint: "enabled",
                        httpTokens: "required",
                        httpPutResponseHopLimit: 1,
                        instanceMetadataTags: "disabled",
                    },
                    name,
                );
                assert.equal(inputs.ebsOptimized, true);
                assert.equal(inputs.monitoring, true);
                assert.equal(inputs.userDataReplaceOnChange, true);
                for (const key of ["keyName", "associatePublicIpAddress", "vpcSecurityGroupIds", "subnetId"])
                    assert.equal(inputs[key], undefined, `${name} has ${key}`);
                const root = inputs.rootBlockDevice as Record<string, unknown>;
                assert.equal(root.encrypted, true);
                assert.equal(root.kmsKeyId, ARGS.kmsKeyArn);
            }
        });

        it("makes no security group and no rule", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("lab", ARGS);
            await settled();
            assert.deepEqual(
                recorder.resources.filter(({ type }) => /securityGroup/i.test(type)),
                [],
            );
        });

        it("encrypts volumes, secrets and logs with the key", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("lab", ARGS);
            await settled();
            for (const { inputs } of recorder.ofType(VOLUME)) {
                assert.equal(inputs.encrypted, true);
                assert.equal(inputs.kmsKeyId, ARGS.kmsKeyArn);
                assert.equal(inputs.type, "gp3");
            }
            assert.equal(recorder.ofType(SECRET).length, 5);
            for (const { inputs } of recorder.ofType(SECRET)) {
                assert.equal(inputs.kmsKeyId, ARGS.kmsKeyArn);
                assert.equal(inputs.recoveryWindowInDays, 30);
            }
            const logs = recorder.get("aws:cloudwatch/logGroup:LogGroup", "lab-logs").inputs;
            assert.equal(logs.kmsKeyId, ARGS.kmsKeyArn);
            assert.equal(logs.retentionInDays, 365);
        });

        it("tags everything that can be tagged, root volumes and interfaces too", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("lab", ARGS);
            await settled();
            const untaggable = new Set([
                RECORD,
                ATTACHMENT,
                "aws:iam/rolePolicy:RolePolicy",
                "pulumi-nodejs:dynamic/pulsar:IssuedCredentials",
            ]);
            const components: Record<string, Set<string>> = {};
            for (const { type, name, inputs, custom } of recorder.resources) {
                if (!custom || untaggable.has(type)) continue;
                const sets = [
                    inputs.tags,
                    ...(type === INSTANCE ? [(inputs.rootBlockDevice as { tags: unknown }).tags] : []),
                ];
                for (const tags of sets as Record<string, unknown>[]) {
                    assert.deepEqual({ ...ARGS.tags, ...tags }, tags, `${type} ${name}`);
                    assert.ok(typeof tags.Name === "string" && tags.Name.startsWith("lab-"), name);
                    (components[type] ??= new Set()).add(String(tags.Component));
                }
            }
            assert.deepEqual([...(components[INSTANCE] ?? [])].sort(), ROLES);
            assert.deepEqual([...(components[INTERFACE] ?? [])].sort(), ROLES);
            assert.deepEqual([...(components[VOLUME] ?? [])].sort(), ["bookkeeper", "zookeeper"]);
        });

        it("lives beside a second one", async () => {
            const recorder = await Recorder.install(preview, lookups());
            new PulsarCluster("one", ARGS);
            new PulsarCluster("two", ARGS);
            await settled();
            const names = recorder.names();
            assert.equal(new Set(names).size, names.length);
            assert.deepEqual(
                recorder.ofType("aws:route53/zone:Zone").map(({ inputs }) => inputs.name),
                ["one.pulsar.internal", "two.pulsar.internal"],
            );
        });
    });
}

describe("PulsarCluster in detail", () => {
    it("gives each instance its interface, its group, its name and its image", async () => {
        const recorder = await Recorder.install(false, lookups());
        const cluster = new PulsarCluster("lab", ARGS);
        const instances = await valueOf(cluster.instances);
        assert.deepEqual(
            await valueOf(pulumi.output([...cluster.nodes])),
            instances.map(({ name, instanceId }) => ({ name, instanceId })),
        );
        assert.deepEqual(recorder.get(INTERFACE, "lab-bookkeeper-2").inputs.subnetId, "subnet-b");
        assert.deepEqual(recorder.get(INTERFACE, "lab-bookkeeper-2").inputs.securityGroups, ["sg-bk"]);
        const instance = recorder.get(INSTANCE, "lab-bookkeeper-2").inputs;
        assert.deepEqual(instance.primaryNetworkInterface, { networkInterfaceId: "lab-bookkeeper-2_id" });
        assert.equal(instance.ami, "ami-1");
        assert.equal(instance.iamInstanceProfile, "lab-bookkeeper-profile");
        const known = instances.find(({ name }) => name === "bookkeeper-2");
        assert.ok(known);
        assert.deepEqual(known, {
            name: "bookkeeper-2",
            role: "bookkeeper",
            instanceId: "lab-bookkeeper-2_id",
            hostname: "bookkeeper-2.lab.pulsar.internal",
            privateIp: known.privateIp,
            availabilityZone: "us-east-1b",
        });
        assert.deepEqual(recorder.get(RECORD, "lab-bookkeeper-2").inputs, {
            zoneId: "Z-lab-zone",
            name: "bookkeeper-2.lab.pulsar.internal",
            type: "A",
            ttl: 60,
            records: [known.privateIp],
        });
    });

    it("reaches brokers by one private name with every address", async () => {
        const recorder = await Recorder.install(false, lookups());
        const cluster = new PulsarCluster("lab", ARGS);
        const instances = await valueOf(cluster.instances);
        assert.equal(await valueOf(cluster.serviceUrl), "pulsar+ssl://broker.lab.pulsar.internal:6651");
        assert.equal(await valueOf(cluster.adminUrl), "https://broker.lab.pulsar.internal:8443");
        assert.deepEqual(await valueOf(cluster.brokerSecurityGroupIds), ["sg-broker"]);
        const brokers = instances.filter(({ role }) => role === "broker").map(({ privateIp }) => privateIp);
        assert.equal(brokers.length, 2);
        assert.deepEqual(recorder.get(RECORD, "lab-broker").inputs.records, brokers);
        assert.deepEqual(recorder.get("aws:route53/zone:Zone", "lab-zone").inputs.vpcs, [
            { vpcId: "vpc-1", vpcRegion: "us-east-1" },
        ]);
    });

    it("puts proxies before the brokers when there are any", async () => {
        const recorder = await Recorder.install(false, lookups());
        const cluster = new PulsarCluster("lab", {
            ...ARGS,
            proxy: { count: 2 },
            securityGroupIds: { ...ARGS.securityGroupIds, proxy: ["sg-p"] },
        });
        assert.equal(await valueOf(cluster.serviceUrl), "pulsar+ssl://proxy.lab.pulsar.internal:6651");
        assert.deepEqual(await valueOf(cluster.brokerSecurityGroupIds), ["sg-p"]);
        assert.equal((recorder.get(RECORD, "lab-proxy").inputs.records as string[]).length, 2);
        const policy = recorder.get("aws:iam/rolePolicy:RolePolicy", "lab-proxy").inputs.policy as string;
        assert.match(policy, /lab-credentials-proxy/);
    });

    it("lets each role read its own secret and no other", async () => {
        const recorder = await Recorder.install(false, lookups());
        new PulsarCluster("lab", ARGS);
        await settled();
        for (const role of ["zookeeper", "bookkeeper", "broker", "client"]) {
            const { policy } = recorder.get("aws:iam/rolePolicy:RolePolicy", `lab-${role}`).inputs;
            const secrets = (policy as string).match(/lab-credentials-[a-z]+/g) ?? [];
            assert.deepEqual([...new Set(secrets)], [`lab-credentials-${role}`]);
        }
    });

    it("writes nothing secret into the user data, and starts the metadata once", async () => {
        const recorder = await Recorder.install(false, lookups());
        new PulsarCluster("lab", ARGS);
        await settled();
        const texts = recorder.ofType(INSTANCE).map(({ inputs }) => inputs.userData as string);
        assert.equal(texts.filter((text) => text.includes("pulsar-initialize-metadata")).length, 1);
        for (const text of texts) {
            assert.doesNotMatch(text, /BEGIN|eyJ|password/i);
            assert.match(text, /PULSAR_SECRET_ARN=arn:aws:secretsmanager:/);
        }
    });

    it("attaches each volume to its instance, which finds it by its id", async () => {
        const recorder = await Recorder.install(false, lookups());
        new PulsarCluster("lab", ARGS);
        await settled();
        const attachment = recorder.get(ATTACHMENT, "lab-bookkeeper-1-ledgers").inputs;
        assert.equal(attachment.instanceId, "lab-bookkeeper-1_id");
        assert.equal(attachment.stopInstanceBeforeDetaching, true);
        const userData = recorder.get(INSTANCE, "lab-bookkeeper-1").inputs.userData as string;
        assert.ok(userData.includes(`mount_volume ${attachment.volumeId as string} /var/lib/pulsar/ledgers`));
    });

    it("waits for the credentials and goes through a role one by one", async () => {
        await Recorder.install(false, lookups());
        const { opts, seen } = watchOptions();
        new PulsarCluster("lab", ARGS, opts);
        await settled();
        const waitsFor = async (name: string) => {
            const dependencies = seen.get(`${INSTANCE} ${name}`)?.dependsOn as pulumi.Resource[];
            return Promise.all(dependencies.map((one) => valueOf(one.urn)));
        };
        const first = (await waitsFor("lab-broker-1")).join("\n");
        assert.match(first, /IssuedCredentials::lab-credentials/);
        assert.match(first, /RolePolicy::lab-broker/);
        assert.doesNotMatch(first, /Instance::/);
        assert.match((await waitsFor("lab-broker-2")).join("\n"), /instance:Instance::lab-broker-1/);
        assert.match(
            (await waitsFor("lab-bookkeeper-2")).join("\n"),
            /volumeAttachment:VolumeAttachment::lab-bookkeeper-1-ledgers/,
        );
    });

    for (const [service, proxy] of [
        ["broker", { count: 0 }],
        ["proxy", { count: 2 }],
    ] as const)
        it(`tells its URLs when the name of ${service} stands for instances, and hangs them on nothing else`, async () => {
            await Recorder.install(false, lookups());
            const { opts, seen } = watchOptions();
            const cluster = new PulsarCluster(
                "lab",
                { ...ARGS, proxy, securityGroupIds: { ...ARGS.securityGroupIds, proxy: ["sg-p"] } },
                opts,
            );
            await settled();
            const urns = async (resources: Iterable<pulumi.Resource>) =>
                Promise.all([...resources].map((one) => valueOf(one.urn)));
            const named = (urn: string) => urn.slice(urn.lastIndexOf("$") + 1);
            for (const output of [cluster.serviceUrl, cluster.adminUrl, cluster.brokerHostname]) {
                // What an id of an instance has a part in, is replaced with that instance, and is unknown while one is added.
                // The SDK leaves this out of its declarations.
                const { allResources } = output as unknown as {
                    allResources: () => Promise<Set<pulumi.Resource>>;
                };
                assert.deepEqual((await urns(await allResources.call(output))).map(named), [
                    `${RECORD}::lab-${service}`,
                ]);
            }
            const waitsFor = async (role: string) => {
                const after = seen.get(`${RECORD} lab-${role}`)?.dependsOn as pulumi.Resource[];
                return (await urns(after)).map(named);
            };
            assert.deepEqual(await waitsFor(service), [
                `${INSTANCE}::lab-${service}-1`,
                `${INSTANCE}::lab-${service}-2`,
            ]);
            // Their peers look for these while they start, and resolvers remember for minutes what was not there.
            for (const role of ["zookeeper", "broker"].filter((one) => one !== service))
                assert.deepEqual(await waitsFor(role), []);
        });

    it("protects data, and replaces an instance only after the old one is gone", async () => {
        for (const protectData of [undefined, false]) {
            await Recorder.install(false, lookups());
            const { opts, seen } = watchOptions();
            new PulsarCluster(
                "lab",
                { ...ARGS, ...(protectData === undefined ? {} : { protectData }) },
                opts,
            );
            await settled();
            const volumes = [...seen].filter(([key]) => key.startsWith(VOLUME));
            assert.equal(volumes.length, 9);
            for (const [key, { protect }] of volumes) assert.equal(protect, protectData ?? true, key);
            for (const [key, { deleteBeforeReplace }] of seen)
                if (key.startsWith(INSTANCE)) assert.equal(deleteBeforeReplace, true, key);
        }
    });

    it("can be as small as one of each", async () => {
        const recorder = await Recorder.install(false, lookups());
        new PulsarCluster("dev", {
            ...ARGS,
            zookeeper: { count: 1 },
            bookkeeper: {
                count: 1,
                instanceType: "t3.small",
                journalVolume: { sizeGib: 8 },
                ledgersVolume: { sizeGib: 16, iops: 4000, throughputMibps: 500 },
            },
            broker: { count: 1, instanceType: "t3.small" },
            client: { count: 0 },
            quorum: { ensemble: 1, write: 1, ack: 1 },
            protectData: false,
            secretRecoveryWindowInDays: 0,
            logRetentionInDays: 7,
        });
        await settled();
        assert.equal(recorder.ofType(INSTANCE).length, 3);
        const { size, iops, throughput } = recorder.get(VOLUME, "dev-bookkeeper-1-ledgers").inputs;
        assert.deepEqual({ size, iops, throughput }, { size: 16, iops: 4000, throughput: 500 });
        // Other clients than the cluster's own read it.
        assert.equal(recorder.get(SECRET, "dev-credentials-client").inputs.recoveryWindowInDays, 0);
    });
});

describe("PulsarCluster when something is added", () => {
    /** Everything that the engine would compare, of what exists in both. */
    async function inputsOf(args: PulsarClusterArgs) {
        const recorder = await Recorder.install(false, lookups());
        const { opts, seen } = watchOptions();
        new PulsarCluster("lab", args, opts);
        await settled();
        return new Map(
            recorder.resources
                .filter(({ custom }) => custom)
                .map(({ type, name, inputs }) => {
                    const ignored = seen.get(`${type} ${name}`)?.ignoreChanges ?? [];
                    const compared = Object.fromEntries(
                        Object.entries(inputs).filter(([key]) => !ignored.includes(key)),
                    );
                    return [`${type} ${name}`, compared] as const;
                }),
        );
    }

    const changes: [string, Partial<PulsarClusterArgs>, string[]][] = [
        ["a bookie", { bookkeeper: { count: 4 } }, []],
        ["a broker", { broker: { count: 3 } }, [`${RECORD} lab-broker`]],
        ["a client", { client: { count: 2 } }, []],
        [
            "a zone",
            {
                availabilityZones: [...ARGS.availabilityZones, "us-east-1d"],
                subnetIds: ["subnet-a", "subnet-b", "subnet-c", "subnet-d"],
            },
            [],
        ],
    ];
    for (const [what, change, changed] of changes) {
        it(`changes nothing that exists for ${what}`, async () => {
            const before = await inputsOf(ARGS);
            const after = await inputsOf({ ...ARGS, ...change });
            const different = [...before].filter(([key, inputs]) => {
                const now = after.get(key);
                return now === undefined || JSON.stringify(now) !== JSON.stringify(inputs);
            });
            assert.deepEqual(
                different.map(([key]) => key),
                changed,
            );
        });
    }

    it("leaves volumes and interfaces where they are when a zone moves the rule", async () => {
        // From two zones to three: the third of each role would go to c.
        await Recorder.install(false, lookups());
        const { opts, seen } = watchOptions();
        new PulsarCluster("lab", ARGS, opts);
        await settled();
        assert.deepEqual(seen.get(`${VOLUME} lab-bookkeeper-3-journal`)?.ignoreChanges, ["availabilityZone"]);
        assert.deepEqual(seen.get(`${INTERFACE} lab-bookkeeper-3`)?.ignoreChanges, ["subnetId"]);
        assert.deepEqual(seen.get(`${INTERFACE} lab-broker-1`)?.ignoreChanges, ["subnetId"]);
    });
});

describe("PulsarCluster arguments", () => {
    const cases: [string, Partial<PulsarClusterArgs>, RegExp][] = [
        [
            "an even number of zookeepers",
            { zookeeper: { count: 2 } },
            /zookeeper\.count: 2 is not allowed: 1, 3, 5 or 7/,
        ],
        ["no bookies", { bookkeeper: { count: 0 } }, /bookkeeper\.count: 0 .* from 1 to 32/],
        [
            "fewer bookies than the ensemble",
            { bookkeeper: { count: 2 } },
            /quorum\.ensemble: 3 .* at most bookkeeper\.count, which is 2/,
        ],
        [
            "more acks than writes",
            { quorum: { ensemble: 3, write: 2, ack: 3 } },
            /quorum\.ack: 3 .* at most quorum\.write, which is 2/,
        ],
        [
            "too much memory",
            { broker: { instanceType: "t3.small", heapMib: 1024, directMemoryMib: 1024 } },
            /heap 1024 \+ direct 1024 = 2048 MiB" is not allowed: at most 1536 MiB on t3\.small/,
        ],
        [
            "an unknown type",
            { broker: { instanceType: "x9.large" } },
            /broker\.instanceType: "x9\.large" .* set broker\.memoryGib/,
        ],
        [
            "two architectures",
            { broker: { instanceType: "m7g.large" } },
            /broker\.instanceType: "m7g\.large" .* all start from one image/,
        ],
        ["proxies without a group", { proxy: { count: 1 } }, /securityGroupIds\.proxy is missing/],
        ["a version that is none", { pulsarVersion: "latest" }, /pulsarVersion: "latest"/],
        [
            "a zone of another region",
            { availabilityZones: ["eu-west-1a"] },
            /availabilityZones\[0\]: "eu-west-1a"/,
        ],
        [
            "a placement elsewhere",
            { broker: { placement: ["us-east-1f"] } },
            /broker\.placement\[0\]: "us-east-1f"/,
        ],
        ["anybody's images", { amiOwners: [] }, /amiOwners/],
        [
            "too slow a volume",
            { bookkeeper: { journalVolume: { sizeGib: 50, iops: 100 } } },
            /bookkeeper\.journalVolume\.iops: 100/,
        ],
        ["a short recovery window", { secretRecoveryWindowInDays: 3 }, /secretRecoveryWindowInDays: 3/],
        ["a retention that is none", { logRetentionInDays: 31 }, /logRetentionInDays: 31/],
        ["a cluster name that is no label", { clusterName: "My Lab" }, /clusterName: "My Lab"/],
    ];
    for (const [what, change, message] of cases) {
        it(`refuses ${what}, before anything is made`, async () => {
            const recorder = await Recorder.install(false, lookups());
            assert.throws(() => new PulsarCluster("lab", { ...ARGS, ...change }), message);
            await settled();
            assert.deepEqual(
                recorder.resources.filter(({ custom }) => custom),
                [],
            );
        });
    }
});
