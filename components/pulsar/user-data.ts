import * as path from "node:path";

import { ShellTemplate } from "../shell-template";
import { AUTORECOVERY_MEMORY, type Memory } from "./sizing";
import { adminUrl, nodeHostname, roleHostname, serviceUrl } from "./names";
import { PULSAR_PORTS, type PulsarRole } from "./ports";
import type { Quorum } from "./quorum";

/** A data volume of an instance, and where the image expects it. */
export interface MountedVolume {
    /** The EBS volume: vol-0123456789abcdef0. */
    readonly volumeId: string;
    readonly directory: string;
}

/** Everything that an instance has to be told: its part, its peers' names and where its secret is. No secret itself. */
export interface UserDataArgs {
    readonly role: PulsarRole;
    /** 1, 2, 3, ... within the role. */
    readonly ordinal: number;
    readonly cluster: string;
    readonly pulsarVersion: string;
    readonly region: string;
    /** The private Route 53 zone in which the cluster's names are. */
    readonly zoneName: string;
    readonly zookeepers: number;
    /** Where clients connect: the brokers' name, or the proxies'. */
    readonly serviceHostname: string;
    readonly metricNamespace: string;
    readonly secretArn: string;
    readonly logGroupName: string;
    readonly memory: Memory;
    readonly quorum: Quorum;
    readonly volumes: readonly MountedVolume[];
}

/** The directories on volumes of their own; by the AMI contract. */
export const DATA_DIRECTORIES = {
    zookeeper: "/var/lib/pulsar/zookeeper",
    journal: "/var/lib/pulsar/journal",
    ledgers: "/var/lib/pulsar/ledgers",
} as const;

/** EC2 takes this many bytes of user data, counted before they are encoded. */
export const MOST_USER_DATA_BYTES = 16 * 1024;

/** The systemd units of the image that make a role; by the AMI contract. */
export function unitsOf(role: PulsarRole, ordinal: number): string[] {
    switch (role) {
        case "zookeeper":
            // One instance alone ever tries: a lock in ZooKeeper would have to exist before ZooKeeper's content does.
            return ordinal === 1
                ? ["pulsar-zookeeper.service", "pulsar-initialize-metadata.service"]
                : ["pulsar-zookeeper.service"];
        case "bookkeeper":
            return ["pulsar-bookkeeper.service", "pulsar-autorecovery.service", "pulsar-bookie-rack.service"];
        case "broker":
            return ["pulsar-broker.service"];
        case "proxy":
            return ["pulsar-proxy.service"];
        case "client":
            return ["pulsar-client.service"];
    }
}

/** The environment of the role's units, in the order in which people read it. */
export function environmentOf(args: UserDataArgs): Record<string, string> {
    const { role, ordinal, zoneName } = args;
    const common = {
        PULSAR_ROLE: role,
        PULSAR_CLUSTER: args.cluster,
        PULSAR_ORDINAL: String(ordinal),
        PULSAR_HOSTNAME: nodeHostname(role, ordinal, zoneName),
        PULSAR_VERSION: args.pulsarVersion,
        AWS_REGION: args.region,
        PULSAR_SECRET_ARN: args.secretArn,
        PULSAR_LOG_GROUP: args.logGroupName,
        PULSAR_METRIC_NAMESPACE: args.metricNamespace,
        PULSAR_HEAP_MIB: String(args.memory.heapMib),
        PULSAR_DIRECT_MEMORY_MIB: String(args.memory.directMemoryMib),
    };
    // One name with every address: a further ZooKeeper changes the record and no instance.
    const zookeeper = {
        PULSAR_ZOOKEEPER_SERVERS: `${roleHostname("zookeeper", zoneName)}:${PULSAR_PORTS.zookeeperClientTls}`,
    };
    const broker = { PULSAR_BROKER_HOSTNAME: roleHostname("broker", zoneName) };
    switch (role) {
        case "zookeeper": {
            const ensemble = Array.from({ length: args.zookeepers }, (_, index) =>
                nodeHostname("zookeeper", index + 1, zoneName),
            );
            return { ...common, PULSAR_ZOOKEEPER_ENSEMBLE: ensemble.join(","), ...broker };
        }
        case "bookkeeper":
            return {
                ...common,
                ...zookeeper,
                PULSAR_AUTORECOVERY_HEAP_MIB: String(AUTORECOVERY_MEMORY.heapMib),
                PULSAR_AUTORECOVERY_DIRECT_MEMORY_MIB: String(AUTORECOVERY_MEMORY.directMemoryMib),
            };
        case "broker":
            return {
                ...common,
                ...zookeeper,
                PULSAR_ENSEMBLE_SIZE: String(args.quorum.ensemble),
                PULSAR_WRITE_QUORUM: String(args.quorum.write),
                PULSAR_ACK_QUORUM: String(args.quorum.ack),
            };
        case "proxy":
            return { ...common, ...broker };
        case "client":
            return {
                ...common,
                PULSAR_SERVICE_URL: serviceUrl(args.serviceHostname),
                PULSAR_ADMIN_URL: adminUrl(args.serviceHostname),
            };
    }
}

/** Text that means itself in a shell and in a systemd environment file alike. */
const PLAIN_TEXT = /^[\w.:/,=@+-]+$/;
const VOLUME_ID = /^vol-([0-9a-f]+)$/;

const TEMPLATE = new ShellTemplate(path.join(__dirname, "user-data.sh"));

/**
 * The shell script that cloud-init runs at an instance's first start. It writes one environment file, mounts the data
 * volumes and starts the role's units. A restart of the instance needs none of it again. Pure.
 *
 * @throws when a value is not plain text, a volume has no valid id, or EC2 would refuse the length.
 */
export function renderUserData(args: UserDataArgs): string {
    const script = TEMPLATE.render({
        ENVIRONMENT: Object.entries(environmentOf(args)).map(environmentLine).join("\n"),
        MOUNTS: args.volumes.length > 0 ? args.volumes.map(mountCommand).join("\n") : undefined,
        UNITS: unitsOf(args.role, args.ordinal).join(" "),
    });
    const bytes = Buffer.byteLength(script);
    if (bytes > MOST_USER_DATA_BYTES)
        throw new Error(`the user data has ${bytes} bytes; EC2 takes ${MOST_USER_DATA_BYTES}`);
    return script;
}

function environmentLine([key, value]: [string, string]): string {
    if (!PLAIN_TEXT.test(value))
        throw new Error(
            `the user data's ${key} cannot be ${JSON.stringify(value)}: it may have letters, digits and _ . : / , = @ + - only`,
        );
    return `${key}=${value}`;
}

function mountCommand({ volumeId, directory }: MountedVolume): string {
    if (!VOLUME_ID.test(volumeId))
        throw new Error(
            `the user data cannot mount ${JSON.stringify(volumeId)}: it is not the id of an EBS volume`,
        );
    return `mount_volume ${volumeId} ${directory}`;
}
