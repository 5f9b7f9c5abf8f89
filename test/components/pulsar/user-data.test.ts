import fc from "fast-check";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { MOST_INSTANCES } from "../../../components/pulsar/names";
import { PULSAR_ROLES, type PulsarRole } from "../../../components/pulsar/ports";
import {
    MOST_USER_DATA_BYTES,
    renderUserData,
    unitsOf,
    type UserDataArgs,
} from "../../../components/pulsar/user-data";

const VOLUMES: Partial<Record<PulsarRole, UserDataArgs["volumes"]>> = {
    zookeeper: [{ volumeId: "vol-0123456789abcdef0", directory: "/var/lib/pulsar/zookeeper" }],
    bookkeeper: [
        { volumeId: "vol-0123456789abcdef0", directory: "/var/lib/pulsar/journal" },
        { volumeId: "vol-0fedcba9876543210", directory: "/var/lib/pulsar/ledgers" },
    ],
};

function argsOf(role: PulsarRole, ordinal = 1): UserDataArgs {
    return {
        role,
        ordinal,
        cluster: "lab",
        pulsarVersion: "4.0.7",
        region: "us-east-1",
        zoneName: "lab.pulsar.internal",
        zookeepers: 3,
        serviceHostname: "broker.lab.pulsar.internal",
        metricNamespace: "PulsarLab/lab",
        secretArn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:lab-credentials-${role}-1234567-AbCdEf`,
        logGroupName: "lab-logs-1234567",
        memory: { heapMib: 1216, directMemoryMib: 288 },
        quorum: { ensemble: 3, write: 2, ack: 2 },
        volumes: VOLUMES[role] ?? [],
    };
}

describe("the user data of a Pulsar instance", () => {
    for (const role of PULSAR_ROLES) {
        it(`is for ${role} what is on record, and a shell can read it`, () => {
            const text = renderUserData(argsOf(role));
            const golden = join(__dirname, "golden", `${role}-1.sh`);
            // UPDATE_GOLDEN=1 writes the record again. Review the difference: it replaces deployed instances.
            if (process.env.UPDATE_GOLDEN === "1") writeFileSync(golden, text);
            assert.equal(text, readFileSync(golden, "utf8"));
            execFileSync("bash", ["-n"], { input: text });
        });
    }

    it("initialises the metadata on the first ZooKeeper and nowhere else", () => {
        const starting = PULSAR_ROLES.flatMap((role) =>
            [1, 2, 3]
                .filter((ordinal) => unitsOf(role, ordinal).includes("pulsar-initialize-metadata.service"))
                .map((ordinal) => `${role}-${ordinal}`),
        );
        assert.deepEqual(starting, ["zookeeper-1"]);
    });

    it("does not change with the number of bookies, brokers or, but for ZooKeeper itself, ZooKeepers", () => {
        for (const role of ["bookkeeper", "broker", "client", "proxy"] as const)
            assert.equal(renderUserData({ ...argsOf(role), zookeepers: 5 }), renderUserData(argsOf(role)));
        assert.match(
            renderUserData({ ...argsOf("zookeeper"), zookeepers: 5 }),
            /PULSAR_ZOOKEEPER_ENSEMBLE=zookeeper-1\.[^\n]*,zookeeper-5\.lab\.pulsar\.internal\n/,
        );
    });

    it("stays under what EC2 takes, with the longest names that are allowed", () => {
        const label = "a".repeat(63);
        const zoneName = `${label}.${label}.${label}.internal`;
        for (const role of PULSAR_ROLES) {
            const text = renderUserData({
                ...argsOf(role, MOST_INSTANCES),
                zookeepers: 7,
                zoneName,
                serviceHostname: `broker.${zoneName}`,
                secretArn: `arn:aws:secretsmanager:us-east-1:123456789012:secret:${"s".repeat(512)}`,
                logGroupName: "l".repeat(512),
            });
            assert.ok(Buffer.byteLength(text) < MOST_USER_DATA_BYTES / 2, role);
        }
    });

    it("takes nothing that would mean something to a shell or to systemd", () => {
        fc.assert(
            fc.property(fc.string({ minLength: 1 }), (cluster) => {
                const plain = /^[\w.:/,=@+-]+$/.test(cluster);
                const render = () => renderUserData({ ...argsOf("broker"), cluster });
                if (plain) assert.ok(render().includes(`\nPULSAR_CLUSTER=${cluster}\n`));
                else assert.throws(render, /PULSAR_CLUSTER cannot be .*: it may have letters, digits and _/s);
            }),
        );
        assert.throws(
            () =>
                renderUserData({
                    ...argsOf("zookeeper"),
                    volumes: [{ volumeId: "vol-1;reboot", directory: "/x" }],
                }),
            /cannot mount "vol-1;reboot"/,
        );
    });
});

/** Runs the script for real, with the machine's files under a folder and its tools replaced by ones that take notes. */
class Machine {
    readonly root = mkdtempSync(join(tmpdir(), "user-data-"));

    constructor() {
        for (const directory of ["bin", "etc", "dev/disk/by-id"])
            mkdirSync(join(this.root, directory), { recursive: true });
        writeFileSync(join(this.root, "etc/fstab"), "");
        writeFileSync(join(this.root, "log"), "");
        const note = `echo "$(basename "$0") $*" | sed "s#${this.root}##g" >>"${this.root}/log"`;
        for (const tool of ["mount", "xfs_growfs", "chown", "systemctl", "sleep"]) this.tool(tool, note);
        // A device is a file with the name of its file system inside.
        this.tool("mkfs.xfs", `${note}; echo xfs >"$1"`);
        this.tool(
            "blkid",
            `for device; do :; done
content=$(tr -d "\\0" <"$device")
case "$content" in
    "" | unknown) exit 2 ;;
    ambivalent) exit 8 ;;
esac
if [[ "$*" == *UUID* ]]; then basename "$device" | tail -c 5; else echo "$content"; fi`,
        );
    }

    private tool(name: string, body: string): void {
        const path = join(this.root, "bin", name);
        writeFileSync(path, `#!/bin/bash\n${body}\n`);
        chmodSync(path, 0o755);
    }

    device(volumeId: string, content: string): this {
        const path = join(
            this.root,
            "dev/disk/by-id",
            `nvme-Amazon_Elastic_Block_Store_${volumeId.replace("-", "")}`,
        );
        writeFileSync(path, content === "" ? Buffer.alloc(1024 * 1024) : `${content}\n`);
        return this;
    }

    run(userData: string): { status: number | null; stderr: string } {
        const script = userData
            .replaceAll("/etc/", `${this.root}/etc/`)
            .replaceAll("/dev/disk/", `${this.root}/dev/disk/`)
            .replaceAll("/var/lib/", `${this.root}/var/lib/`);
        const { status, stderr } = spawnSync("bash", [], {
            input: script,
            encoding: "utf8",
            env: { ...process.env, PATH: `${this.root}/bin:${process.env.PATH ?? ""}` },
        });
        return { status, stderr };
    }

    log(): string[] {
        return this.read("log")
            .split("\n")
            .filter((line) => line !== "" && !line.startsWith("sleep"));
    }

    read(path: string): string {
        return readFileSync(join(this.root, path), "utf8").replaceAll(this.root, "");
    }
}

describe("the user data at work", () => {
    let machine: Machine;
    beforeEach(() => {
        machine = new Machine();
    });
    afterEach(() => rmSync(machine.root, { recursive: true }));
    const bookie = () => renderUserData(argsOf("bookkeeper"));
    const [JOURNAL, LEDGERS] = ["vol-0123456789abcdef0", "vol-0fedcba9876543210"] as const;

    it("formats blank volumes, mounts them and starts the role", () => {
        const { status, stderr } = machine.device(JOURNAL, "").device(LEDGERS, "").run(bookie());
        assert.equal(status, 0, stderr);
        assert.deepEqual(machine.log(), [
            "mkfs.xfs /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0",
            "mount /var/lib/pulsar/journal",
            "xfs_growfs /var/lib/pulsar/journal",
            "chown pulsar:pulsar /var/lib/pulsar/journal",
            "mkfs.xfs /dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0fedcba9876543210",
            "mount /var/lib/pulsar/ledgers",
            "xfs_growfs /var/lib/pulsar/ledgers",
            "chown pulsar:pulsar /var/lib/pulsar/ledgers",
            "systemctl daemon-reload",
            "systemctl enable pulsar-bookkeeper.service pulsar-autorecovery.service pulsar-bookie-rack.service",
            "systemctl start --no-block pulsar-bookkeeper.service pulsar-autorecovery.service pulsar-bookie-rack.service",
        ]);
        assert.equal(
            machine.read("etc/fstab"),
            "UUID=def0 /var/lib/pulsar/journal xfs noatime,nofail 0 2\nUUID=3210 /var/lib/pulsar/ledgers xfs noatime,nofail 0 2\n",
        );
        assert.match(machine.read("etc/pulsar-lab/instance.env"), /^PULSAR_ROLE=bookkeeper$/m);
    });

    it("keeps what a volume holds after a replacement of the instance", () => {
        const { status } = machine.device(JOURNAL, "xfs").device(LEDGERS, "xfs").run(bookie());
        assert.equal(status, 0);
        assert.deepEqual(
            machine.log().filter((line) => line.startsWith("mkfs")),
            [],
        );
    });

    it("formats nothing of which it is not certain that it is blank, and then starts nothing", () => {
        const { status, stderr } = machine.device(JOURNAL, "ambivalent").device(LEDGERS, "").run(bookie());
        assert.notEqual(status, 0);
        assert.match(stderr, /blkid says 8 of .*vol0123456789abcdef0: not formatting what may hold data/);
        assert.deepEqual(machine.log(), []);
    });

    it("formats nothing that blkid does not know but that has content", () => {
        const { status, stderr } = machine.device(JOURNAL, "unknown").device(LEDGERS, "").run(bookie());
        assert.notEqual(status, 0);
        assert.match(stderr, /vol0123456789abcdef0 is not blank: not formatting it/);
        assert.deepEqual(machine.log(), []);
    });

    it("starts nothing when a volume does not come", () => {
        const { status, stderr } = machine.device(JOURNAL, "").run(bookie());
        assert.notEqual(status, 0);
        assert.match(stderr, /volume vol-0fedcba9876543210 did not appear as .* within 600 s/);
        assert.deepEqual(
            machine.log().filter((line) => line.startsWith("systemctl")),
            [],
        );
        assert.ok(existsSync(join(machine.root, "etc/pulsar-lab/instance.env")));
    });
});
