import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkInterfaceIntent } from "../../checks/intent";
import { childTags, type Tags } from "../tags";
import type { PulsarInstance } from "./args";
import { nodeHostname, nodeName } from "./names";
import type { PulsarRole } from "./ports";
import { DATA_DIRECTORIES, renderUserData, type UserDataArgs } from "./user-data";
import type { DataVolume } from "./volumes";

/** A data volume, by what it holds. */
export type DataVolumes = Readonly<Partial<Record<keyof typeof DATA_DIRECTORIES, DataVolume>>>;

const DATA_PURPOSES = Object.keys(DATA_DIRECTORIES) as (keyof DataVolumes)[];

/** The device name that EC2 asks for at attachment. On Nitro nothing is found by it. */
const DEVICE_NAMES = { zookeeper: "/dev/sdf", journal: "/dev/sdf", ledgers: "/dev/sdg" } as const;

/** A data volume that was created. */
interface CreatedVolume {
    readonly purpose: keyof DataVolumes;
    readonly volume: aws.ebs.Volume;
}

/** What the user data says besides what the node's own resources know. */
type KnownUserData = Omit<UserDataArgs, "volumes" | "secretArn" | "logGroupName">;

/** Arguments of a {@link PulsarNode}. */
export interface PulsarNodeArgs {
    role: PulsarRole;
    ordinal: number;
    /** The zone, when the node is made; it stays in it. */
    availabilityZone: string;
    /** All zones, in the order of `subnetIds`. */
    availabilityZones: readonly string[];
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
    securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
    amiId: pulumi.Input<string>;
    instanceType: string;
    rootVolumeGib: number;
    volumes: DataVolumes;
    kmsKeyArn: pulumi.Input<string>;
    profileName: pulumi.Input<string>;
    secretArn: pulumi.Input<string>;
    logGroupName: pulumi.Input<string>;
    zoneId: pulumi.Input<string>;
    userData: KnownUserData;
    protectData: boolean;
    disableApiTermination: boolean;
    /** What has to exist before the instance starts. */
    after: readonly pulumi.Resource[];
    tags?: Tags | undefined;
}

/**
 * One instance of a cluster and what outlives it: its network interface, and with it its address; its name; its data volumes. A new
 * image or new user data replaces the instance alone, which takes all of these over.
 *
 * Where a node is, is decided when it is made, and stays so whatever zones are added: an EBS volume cannot leave its zone. An
 * interface that has to be made again, beside volumes that are there, is made in theirs.
 *
 * No backup plan copies its volumes (controls CKV2_AWS_9 and EC2.28): a bookie that wakes up with the ledgers of last night
 * contradicts what ZooKeeper knows of them. BookKeeper's own copies in other zones are what survives the loss of a volume.
 */
export class PulsarNode extends pulumi.ComponentResource {
    /** The name within the cluster, such as `bookkeeper-1`. */
    readonly nodeName: string;
    readonly instanceId: pulumi.Output<string>;
    readonly privateIp: pulumi.Output<string>;
    /** What the node is, where it really is, and how it is reached. */
    readonly instance: pulumi.Output<PulsarInstance>;
    /** The network interface with its security groups. */
    readonly networkInterface: pulumi.Output<NetworkInterfaceIntent>;
    /** Exist when the node has its instance with its volumes. */
    readonly ready: readonly pulumi.Resource[];

    /**
     * @param name The logical name; children are named from it.
     * @param args What the node is for and where.
     * @param opts Component options.
     */
    constructor(name: string, args: PulsarNodeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:PulsarNode", name, {}, opts);
        const hostname = nodeHostname(args.role, args.ordinal, args.userData.zoneName);
        const volumes = this.createVolumes(name, args);
        const zone = volumes[0]?.volume.availabilityZone ?? pulumi.output(args.availabilityZone);
        const networkInterface = this.createInterface(name, args, zone);
        const record = this.createRecord(name, args, hostname, networkInterface);
        const instance = this.createInstance(name, args, volumes, networkInterface, record);
        const attachments = this.attachVolumes(name, volumes, instance);

        this.nodeName = nodeName(args.role, args.ordinal);
        this.instanceId = instance.id;
        this.privateIp = networkInterface.privateIp;
        this.instance = pulumi.output({
            name: this.nodeName,
            role: args.role,
            instanceId: instance.id,
            hostname,
            privateIp: networkInterface.privateIp,
            availabilityZone: zone,
        });
        this.networkInterface = pulumi.output({
            networkInterfaceId: networkInterface.id,
            securityGroupIds: networkInterface.securityGroups,
        });
        this.ready = [instance, ...attachments];
        this.registerOutputs({ instanceId: this.instanceId, privateIp: this.privateIp });
    }

    private createVolumes(name: string, args: PulsarNodeArgs): CreatedVolume[] {
        return DATA_PURPOSES.flatMap((purpose) => {
            const wanted = args.volumes[purpose];
            if (wanted === undefined) return [];
            const volume = new aws.ebs.Volume(
                `${name}-${purpose}`,
                {
                    availabilityZone: args.availabilityZone,
                    type: "gp3",
                    size: wanted.sizeGib,
                    iops: wanted.iops,
                    throughput: wanted.throughputMibps,
                    encrypted: true,
                    kmsKeyId: args.kmsKeyArn,
                    tags: childTags(args.tags, args.role, `${name}-${purpose}`),
                },
                { parent: this, protect: args.protectData, ignoreChanges: ["availabilityZone"] },
            );
            return [{ purpose, volume }];
        });
    }

    private createInterface(
        name: string,
        args: PulsarNodeArgs,
        zone: pulumi.Output<string>,
    ): aws.ec2.NetworkInterface {
        return new aws.ec2.NetworkInterface(
            name,
            {
                subnetId: pulumi
                    .all([args.subnetIds, zone])
                    .apply(([subnetIds, inZone]) => subnetOf(inZone, args.availabilityZones, subnetIds)),
                securityGroups: args.securityGroupIds,
                description: `${args.role} ${args.ordinal} of Pulsar cluster ${args.userData.cluster}`,
                tags: childTags(args.tags, args.role, name),
            },
            // While a zone is added, the list of subnets is not known yet; a preview would replace every interface for it.
            { parent: this, ignoreChanges: ["subnetId"] },
        );
    }

    private createRecord(
        name: string,
        { zoneId }: PulsarNodeArgs,
        hostname: string,
        { privateIp }: aws.ec2.NetworkInterface,
    ): aws.route53.Record {
        return new aws.route53.Record(
            name,
            { zoneId, name: hostname, type: "A", ttl: 60, records: [privateIp] },
            { parent: this },
        );
    }

    private createInstance(
        name: string,
        args: PulsarNodeArgs,
        volumes: readonly CreatedVolume[],
        networkInterface: aws.ec2.NetworkInterface,
        record: aws.route53.Record,
    ): aws.ec2.Instance {
        return new aws.ec2.Instance(
            name,
            {
                ami: args.amiId,
                instanceType: args.instanceType,
                primaryNetworkInterface: { networkInterfaceId: networkInterface.id },
                iamInstanceProfile: args.profileName,
                userData: userDataOf(args, volumes),
                userDataReplaceOnChange: true,
                ebsOptimized: true,
                monitoring: true,
                disableApiTermination: args.disableApiTermination,
                // A hop limit of 1 keeps the credentials from containers and from everything that forwards packets.
                metadataOptions: {
                    httpEndpoint: "enabled",
                    httpTokens: "required",
                    httpPutResponseHopLimit: 1,
                    instanceMetadataTags: "disabled",
                },
                rootBlockDevice: {
                    volumeType: "gp3",
                    volumeSize: args.rootVolumeGib,
                    encrypted: true,
                    kmsKeyId: args.kmsKeyArn,
                    deleteOnTermination: true,
                    tags: childTags(args.tags, args.role, `${name}-root`),
                },
                tags: childTags(args.tags, args.role, name),
            },
            {
                parent: this,
                // Interface and volumes are free for the new instance only when the old one is gone.
                deleteBeforeReplace: true,
                dependsOn: [...args.after, record],
            },
        );
    }

    private attachVolumes(
        name: string,
        volumes: readonly CreatedVolume[],
        instance: aws.ec2.Instance,
    ): aws.ec2.VolumeAttachment[] {
        return volumes.map(
            ({ purpose, volume }) =>
                new aws.ec2.VolumeAttachment(
                    `${name}-${purpose}`,
                    {
                        deviceName: DEVICE_NAMES[purpose],
                        instanceId: instance.id,
                        volumeId: volume.id,
                        // The units stop first, so that nothing is written to a volume while it is detached.
                        stopInstanceBeforeDetaching: true,
                    },
                    { parent: this, deleteBeforeReplace: true },
                ),
        );
    }
}

/** The user data with the ids of the volumes. */
function userDataOf(
    { userData, secretArn, logGroupName }: PulsarNodeArgs,
    volumes: readonly CreatedVolume[],
): pulumi.Output<string> {
    const mounted = volumes.map(({ purpose, volume }) =>
        volume.id.apply((volumeId) => ({ volumeId, directory: DATA_DIRECTORIES[purpose] })),
    );
    return pulumi
        .output({ secretArn, logGroupName, volumes: mounted })
        .apply((known) => renderUserData({ ...userData, ...known }));
}

/**
 * The subnet in a zone.
 *
 * @throws when there is none: then the lists do not belong together, and AWS would say so much later.
 */
export function subnetOf(
    zone: string,
    availabilityZones: readonly string[],
    subnetIds: readonly string[],
): string {
    const subnetId = subnetIds[availabilityZones.indexOf(zone)];
    if (subnetId === undefined)
        throw new Error(
            `there is no subnet in ${zone}: subnetIds has ${subnetIds.length} entries and must have one for each of the ` +
                `availabilityZones ${availabilityZones.join(", ")}, in their order; a zone in use cannot be taken away`,
        );
    return subnetId;
}
