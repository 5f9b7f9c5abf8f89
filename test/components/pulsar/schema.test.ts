import assert from "node:assert/strict";
import { inspect } from "node:util";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { adoptedPulsarSchema, pulsarSchema, pulsarSettingsSchema } from "../../../components/pulsar/schema";
import { problemsOf } from "../../../components/schema/problems";
import { describeProblem } from "../../../components/validation";

const BASE: z.input<typeof pulsarSchema> = {
    region: "us-east-1",
    availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"],
    clusterName: "lab",
    pulsarVersion: "4.0.7",
    securityGroupIds: { zookeeper: ["sg"], bookkeeper: ["sg"], broker: ["sg"], client: ["sg"] },
};
const proxyGroup = { securityGroupIds: { ...BASE.securityGroupIds, proxy: ["sg"] } };
const journal = (journalVolume: object) => ({ bookkeeper: { journalVolume } });
const quorum = (ensemble: number, write: number, ack: number) => ({ quorum: { ensemble, write, ack } });
const label = "a".repeat(63);

/** Arguments at their bounds, with the keys that are refused. */
const CASES: [object, string[]][] = [
    [{}, []],
    [{ availabilityZones: [] }, ["availabilityZones"]],
    [{ availabilityZones: ["eu-west-1a"] }, ["availabilityZones[0]"]],
    [{ pulsarVersion: "4.0.7-rc.1" }, []],
    [{ pulsarVersion: "4.0" }, ["pulsarVersion"]],
    [{ pulsarVersion: "v4.0.7" }, ["pulsarVersion"]],
    [{ pulsarVersion: "4.0.7-" }, ["pulsarVersion"]],
    [{ clusterName: "a" }, []],
    [{ clusterName: "a".repeat(40) }, []],
    [{ clusterName: "a".repeat(41) }, ["clusterName"]],
    [{ clusterName: "1lab" }, ["clusterName"]],
    [{ clusterName: "lab-" }, ["clusterName"]],
    [{ zoneName: `${label}.${label}.${label}.interna` }, []],
    [{ zoneName: `${label}.${label}.${label}.internals` }, ["zoneName"]],
    [{ zoneName: `${label}a.internal` }, ["zoneName"]],
    [{ zoneName: "internal" }, ["zoneName"]],
    [{ zoneName: "Lab.internal" }, ["zoneName"]],
    [{ zoneName: "-lab.internal" }, ["zoneName"]],
    [{ zoneName: "lab.internal-" }, ["zoneName"]],
    [{ amiId: pulumi.output("ami-1") }, []],
    [{ amiId: 1 }, ["amiId"]],
    [{ amiOwners: ["123456789012"] }, []],
    [{ amiOwners: [] }, ["amiOwners"]],
    ...[1, 3, 5, 7].map((count): [object, string[]] => [{ zookeeper: { count } }, []]),
    ...[0, 2, 4, 6, 8, 9].map((count): [object, string[]] => [{ zookeeper: { count } }, ["zookeeper.count"]]),
    [{ bookkeeper: { count: 32 } }, []],
    [{ bookkeeper: { count: 33 } }, ["bookkeeper.count"]],
    [{ bookkeeper: { count: 0 } }, ["bookkeeper.count"]],
    [{ bookkeeper: { count: 1 }, ...quorum(1, 1, 1) }, []],
    [{ broker: { count: 0 } }, ["broker.count"]],
    [{ broker: { count: 1 } }, []],
    [{ broker: { count: 1.5 } }, ["broker.count"]],
    [{ client: { count: 0 } }, []],
    [{ client: { count: -1 } }, ["client.count"]],
    [{ proxy: { count: 1 } }, ["securityGroupIds.proxy"]],
    [{ proxy: { count: 32 }, ...proxyGroup }, []],
    [{ proxy: { count: 33 } }, ["proxy.count"]],
    [{ broker: { instanceType: "x9.large" } }, ["broker.instanceType"]],
    [{ broker: { instanceType: "x9.large", memoryGib: 16 } }, []],
    [{ broker: { memoryGib: 0 } }, ["broker.memoryGib"]],
    [{ broker: { memoryGib: 0.5 } }, ["broker.instanceType"]],
    [{ broker: { heapMib: 255 } }, ["broker.heapMib"]],
    [{ broker: { heapMib: 256 } }, []],
    [{ broker: { heapMib: 512.5 } }, ["broker.heapMib"]],
    [{ broker: { directMemoryMib: 63 } }, ["broker.directMemoryMib"]],
    [{ broker: { directMemoryMib: 64 } }, []],
    [{ broker: { rootVolumeGib: 7 } }, ["broker.rootVolumeGib"]],
    [{ broker: { rootVolumeGib: 8 } }, []],
    [{ broker: { rootVolumeGib: 65_536 } }, []],
    [{ broker: { rootVolumeGib: 65_537 } }, ["broker.rootVolumeGib"]],
    [{ broker: { placement: ["us-east-1c"] } }, []],
    [{ broker: { placement: ["us-east-1a", "us-east-1f"] } }, ["broker.placement[1]"]],
    // A role without instances needs no type that fits.
    [{ proxy: { count: 0, instanceType: "x9.large", placement: ["x"] } }, []],
    [{ proxy: { count: 1, instanceType: "x9.large" }, ...proxyGroup }, ["proxy.instanceType"]],
    // One image is for one architecture: that of the first role whose type is known.
    [{ broker: { instanceType: "m7g.large" } }, ["broker.instanceType"]],
    [{ proxy: { count: 1, instanceType: "t4g.medium" }, ...proxyGroup }, ["proxy.instanceType"]],
    [{ proxy: { count: 0, instanceType: "t4g.medium" } }, []],
    [
        {
            zookeeper: { instanceType: "i9.large", memoryGib: 16 },
            bookkeeper: { instanceType: "m7g.large" },
            broker: { instanceType: "m7g.large" },
            client: { instanceType: "t4g.medium" },
        },
        [],
    ],
    [journal({ sizeGib: 1 }), []],
    [journal({ sizeGib: 0 }), ["bookkeeper.journalVolume.sizeGib"]],
    [journal({ sizeGib: 1.5 }), ["bookkeeper.journalVolume.sizeGib"]],
    [journal({ sizeGib: 65_536 }), []],
    [journal({ sizeGib: 65_537 }), ["bookkeeper.journalVolume.sizeGib"]],
    [journal({ sizeGib: 200, iops: 80_000, throughputMibps: 2000 }), []],
    [journal({ sizeGib: 200, iops: 80_001 }), ["bookkeeper.journalVolume.iops"]],
    [journal({ sizeGib: 200, iops: 2999 }), ["bookkeeper.journalVolume.iops"]],
    [journal({ sizeGib: 200, throughputMibps: 124 }), ["bookkeeper.journalVolume.throughputMibps"]],
    [
        journal({ sizeGib: 200, iops: 80_000, throughputMibps: 2001 }),
        ["bookkeeper.journalVolume.throughputMibps"],
    ],
    [journal({ sizeGib: 10, iops: 5000 }), []],
    [journal({ sizeGib: 10, iops: 5001 }), ["bookkeeper.journalVolume.iops"]],
    [journal({ sizeGib: 10, throughputMibps: 750 }), []],
    [journal({ sizeGib: 10, throughputMibps: 751 }), ["bookkeeper.journalVolume.throughputMibps"]],
    [
        journal({ sizeGib: 0, iops: 1, throughputMibps: 1 }),
        ["sizeGib", "iops", "throughputMibps"].map((field) => `bookkeeper.journalVolume.${field}`),
    ],
    [{ bookkeeper: { ledgersVolume: { sizeGib: 0 } } }, ["bookkeeper.ledgersVolume.sizeGib"]],
    [{ zookeeper: { dataVolume: { sizeGib: 0 } } }, ["zookeeper.dataVolume.sizeGib"]],
    [{ broker: { dataVolume: { sizeGib: 1 } } }, ["broker.dataVolume"]],
    [quorum(3, 3, 3), []],
    [quorum(4, 2, 2), ["quorum.ensemble"]],
    [quorum(3, 4, 2), ["quorum.write"]],
    [quorum(3, 2, 3), ["quorum.ack"]],
    [quorum(0, 1.5, NaN), ["quorum.ensemble", "quorum.write", "quorum.ack"]],
    [{ credentialValidityDays: 1 }, []],
    [{ credentialValidityDays: 0 }, ["credentialValidityDays"]],
    [{ credentialValidityDays: 3650 }, []],
    [{ credentialValidityDays: 3651 }, ["credentialValidityDays"]],
    [{ credentialRotation: 0 }, ["credentialRotation"]],
    [{ credentialRotation: 1 }, []],
    ...[0, 7, 30].map((days): [object, string[]] => [{ secretRecoveryWindowInDays: days }, []]),
    ...[-1, 1, 6, 7.5, 31].map((days): [object, string[]] => [
        { secretRecoveryWindowInDays: days },
        ["secretRecoveryWindowInDays"],
    ]),
    [{ logRetentionInDays: 31 }, ["logRetentionInDays"]],
    [{ securityGroupIds: { ...BASE.securityGroupIds, broker: pulumi.output(["sg"]) } }, []],
    [{ securityGroupIds: { ...BASE.securityGroupIds, broker: "sg" } }, ["securityGroupIds.broker"]],
    [{ protectData: "no", disableApiTermination: 1 }, ["disableApiTermination", "protectData"]],
    // A rule about several arguments waits until each of them is right by itself, and for no other.
    [
        { broker: { count: 0, placement: ["x"] }, client: { placement: ["x"] } },
        ["broker.count", "client.placement[0]"],
    ],
];

describe("the arguments of a Pulsar cluster", () => {
    for (const [args, keys] of CASES) {
        it(`${inspect(args, { depth: 3, breakLength: Infinity })}: ${keys.join(", ") || "fine"}`, () => {
            const problems = problemsOf(pulsarSchema, { ...BASE, ...args });
            assert.deepEqual(
                problems.map(({ key }) => key),
                keys,
            );
            for (const { allowed } of problems) assert.ok(allowed.length > 10, allowed);
        });
    }

    it("are highly available without being asked", () => {
        const role = (count: number, instanceType: string) => ({ count, instanceType, rootVolumeGib: 20 });
        const volume = (sizeGib: number) => ({ sizeGib, iops: 3000, throughputMibps: 125 });
        const { securityGroupIds, ...settings } = BASE;
        assert.ok(securityGroupIds);
        assert.deepEqual(pulsarSettingsSchema.parse(BASE), {
            ...settings,
            amiOwners: ["self"],
            zookeeper: { ...role(3, "t3.small"), dataVolume: volume(20) },
            bookkeeper: { ...role(3, "m6i.large"), journalVolume: volume(50), ledgersVolume: volume(200) },
            broker: role(2, "m6i.large"),
            client: role(1, "t3.medium"),
            proxy: role(0, "t3.medium"),
            quorum: { ensemble: 3, write: 2, ack: 2 },
            disableApiTermination: false,
            credentialValidityDays: 365,
            credentialRotation: 1,
            secretRecoveryWindowInDays: 30,
            logRetentionInDays: 365,
            protectData: true,
        });
    });

    const messages: [object, string][] = [
        [
            { zookeeper: { count: 2 } },
            "zookeeper.count: 2 is not allowed: 1, 3, 5 or 7: a majority decides, so an even number tolerates no more failures than one less",
        ],
        [
            { broker: { instanceType: "x9.large" } },
            'broker.instanceType: "x9.large" is not allowed: a type of one of the families t3, t3a, t4g, c5, c6i, c7i, c6g, c7g, m5, m6i, m7i, m6g, m7g, r5, r6i, r7i, r6g, r7g, whose memory is known; for another Nitro type, set broker.memoryGib (aws ec2 describe-instance-types lists it)',
        ],
        [
            { broker: { instanceType: "m7g.large" } },
            'broker.instanceType: "m7g.large" is not allowed: a type for x86_64, as the other roles have: it is for arm64, and all start from one image',
        ],
        [
            { bookkeeper: { count: 2 } },
            "quorum.ensemble: 3 is not allowed: at most bookkeeper.count, which is 2: lower the quorum (1/1/1 for one bookie) or add bookies",
        ],
        [
            quorum(3, 2, 3),
            "quorum.ack: 3 is not allowed: at most quorum.write, which is 2: no more copies can be awaited than are made",
        ],
        [
            quorum(2, 3, 2),
            "quorum.write: 3 is not allowed: at most quorum.ensemble, which is 2: the copies of an entry go to different bookies of the ensemble",
        ],
        [
            journal({ sizeGib: 10, iops: 5001 }),
            "bookkeeper.journalVolume.iops: 5001 is not allowed: at most 500 for each GiB, so 5000 for 10 GiB: take a larger volume or fewer",
        ],
        [
            journal({ sizeGib: 10, throughputMibps: 751 }),
            "bookkeeper.journalVolume.throughputMibps: 751 is not allowed: at most a quarter of iops, so 750 for 3000: raise iops or lower it",
        ],
        [
            { broker: { instanceType: "t3.small", heapMib: 1024, directMemoryMib: 1024 } },
            'broker.heapMib + broker.directMemoryMib: "heap 1024 + direct 1024 = 2048 MiB" is not allowed: at most 1536 MiB on t3.small, 75% of its 2048 MiB: the rest is for the page cache and the system. Take a larger instance type or less memory',
        ],
        [
            { bookkeeper: { instanceType: "t3.micro" } },
            'bookkeeper.instanceType: "t3.micro" is not allowed: a larger type: its 1024 MiB leave only heap 128 + direct 224 + autorecovery 384 MiB, and at least 256 + 64 is needed',
        ],
    ];
    for (const [args, message] of messages)
        it(`are refused with what to do: ${message.split(" is not")[0]}`, () =>
            assert.deepEqual(problemsOf(pulsarSchema, { ...BASE, ...args }).map(describeProblem), [message]));
});

describe("the addresses of a Pulsar cluster that exists", () => {
    const TLS = {
        serviceUrl: "pulsar+ssl://p:6651",
        adminUrl: "https://p:8443",
        brokerSecurityGroupId: "sg-1",
    };
    const keys = (args: object) => problemsOf(adoptedPulsarSchema, { ...TLS, ...args }).map(({ key }) => key);

    it("have TLS, or none where that is asked for", () => {
        const plain = { serviceUrl: "pulsar://p:6650", adminUrl: "http://p:8080" };
        assert.deepEqual(keys({}), []);
        assert.deepEqual(keys({ adminUrl: "https://p:8443/" }), []);
        assert.deepEqual(keys(plain), ["serviceUrl", "adminUrl"]);
        assert.deepEqual(keys({ ...plain, allowPlaintext: false }), ["serviceUrl", "adminUrl"]);
        assert.deepEqual(keys({ ...plain, allowPlaintext: true }), []);
    });

    it("have a scheme and a host alone", () => {
        for (const rest of ["u@h:1", "h:1/x", "h:1?x=1", ""]) {
            assert.deepEqual(keys({ serviceUrl: `pulsar+ssl://${rest}` }), ["serviceUrl"], rest);
            assert.deepEqual(keys({ adminUrl: `https://${rest}` }), ["adminUrl"], rest);
        }
        for (const url of ["", "p:6651", "ftp://p", 7])
            assert.deepEqual(
                keys({ serviceUrl: url, adminUrl: url }),
                ["serviceUrl", "adminUrl"],
                String(url),
            );
        assert.deepEqual(keys({ serviceUrl: TLS.adminUrl }), ["serviceUrl"]);
        assert.deepEqual(
            problemsOf(adoptedPulsarSchema, { ...TLS, serviceUrl: "x", adminUrl: "x" }).map(
                ({ allowed }) => allowed,
            ),
            [
                "a URL such as pulsar+ssl://pulsar.example.com:6651, without user, path or query",
                "a URL such as https://pulsar.example.com:8443, without user, path or query",
            ],
        );
    });

    it("come with the id of a security group, which a resource may give", () => {
        assert.deepEqual(keys({ brokerSecurityGroupId: undefined }), ["brokerSecurityGroupId"]);
        assert.deepEqual(keys({ brokerSecurityGroupId: pulumi.output("sg-1") }), []);
        assert.deepEqual(keys({ clientSecretArn: 1 }), ["clientSecretArn"]);
    });
});
