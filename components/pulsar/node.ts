import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { childTags, type Tags } from "../tags";
import { nodeHostname } from "./names";
import type { PulsarRole } from "./ports";
import { DATA_DIRECTORIES, renderUserData, type UserDataArgs } from "./user-data";
import { GP3_BASELINE, type VolumeArgs } from "./volumes";

/** A data volume, by what it holds. */
export type DataVolumes = Readonly<Partial<Record<keyof typeof DATA_DIRECTORIES, VolumeArgs>>>;

/** The device name that EC2 asks for at attachment. On Nitro nothing is found by it. */
const DEVICE_NAMES = { zookeeper: "/dev/sdf", journal: "/dev/sdf", ledgers: "/dev/sdg" } as const;

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
    readonly instanceId: pulumi.Output<string>;
    readonly networkInterfaceId: pulumi.Output<string>;
    /** The security groups of the network interface. */
    readonly securityGroupIds: pulumi.Output<string[]>;
    readonly privateIp: pulumi.Output<string>;
    /** The name in the private zone. */
    readonly hostname: string;
    /** Where the node really is. */
    readonly availabilityZone: pulumi.Output<string>;
    /** Exist when the node has its instance with its volumes. */
    readonly ready: readonly pulumi.Resource[];

    /**
     * @param name The logical name; children are named from it.
     * @param args What the node is for and where.
     * @param opts Component options.
     */
    constructor(name: string, args: PulsarNodeArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:pulsar:PulsarNode", name, {}, opts);
        const child = { parent: this };
        const { role, ordinal } = args;
        const tags = (childName: string) => childTags(args.tags, role, childName);

        const purposes = (Object.keys(DATA_DIRECTORIES) as (keyof typeof DATA_DIRECTORIES)[]).flatMap(
            (purpose) => {
                const volume = args.volumes[purpose];
                return volume === undefined ? [] : [{ purpose, volume }];
            },
        );
        const volumes = purposes.map(({ purpose, volume }) => ({
            purpose,
            resource: new aws.ebs.Volume(
                `${name}-${purpose}`,
                {
                    availabilityZone: args.availabilityZone,
                    type: "gp3",
                    size: volume.sizeGib,
                    iops: volume.iops ?? GP3_BASELINE.iops,
                    throughput: volume.throughputMibps ?? GP3_BASELINE.throughputMibps,
                    encrypted: true,
                    kmsKeyId: args.kmsKeyArn,
                    tags: tags(`${name}-${purpose}`),
                },
                { ...child, protect: args.protectData, ignoreChanges: ["availabilityZone"] },
            ),
        }));

        const zone = volumes[0]?.resource.availabilityZone ?? pulumi.output(args.availabilityZone);
        const networkInterface = new aws.ec2.NetworkInterface(
            name,
            {
                subnetId: pulumi
                    .all([args.subnetIds, zone])
                    .apply(([subnetIds, inZone]) => subnetOf(inZone, args.availabilityZones, subnetIds)),
                securityGroups: args.securityGroupIds,
                description: `${role} ${ordinal} of Pulsar cluster ${args.userData.cluster}`,
                tags: tags(name),
            },
            // While a zone is added, the list of subnets is not known yet; a preview would replace every interface for it.
            { ...child, ignoreChanges: ["subnetId"] },
        );
        const hostname = nodeHostname(role, ordinal, args.userData.zoneName);
        const record = new aws.route53.Record(
            name,
            {
                zoneId: args.zoneId,
                name: hostname,
                type: "A",
                ttl: 60,
                records: [networkInterface.privateIp],
            },
            child,
        );

        const userData = pulumi
            .all([args.secretArn, args.logGroupName, pulumi.all(volumes.map(({ resource }) => resource.id))])
            .apply(([secretArn, logGroupName, volumeIds]) =>
                renderUserData({
                    ...args.userData,
                    secretArn,
                    logGroupName,
                    volumes: volumes.map(({ purpose }, index) => ({
                        volumeId: volumeIds[index] ?? "",
                        directory: DATA_DIRECTORIES[purpose],
                    })),
                }),
            );
        const instance = new aws.ec2.Instance(
            name,
            {
                ami: args.amiId,
                instanceType: args.instanceType,
                primaryNetworkInterface: { networkInterfaceId: networkInterface.id },
                iamInstanceProfile: args.profileName,
                userData,
                userDataReplaceOnChange: true,
                ebsOptimized: true,
                monitoring: true,
                disableApiTermination: args.disableApiTermination,
                // A hop limit of 1 keeps the credentials from containers and from whatever forwards packets.
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
                    tags: tags(`${name}-root`),
                },
                tags: tags(name),
            },
            {
                ...child,
                // Interface and volumes are free for the new instance only when the old one is gone.
                deleteBeforeReplace: true,
                dependsOn: [...args.after, record],
            },
        );
        const attachments = volumes.map(
            ({ purpose, resource }) =>
                new aws.ec2.VolumeAttachment(
                    `${name}-${purpose}`,
                    {
                        deviceName: DEVICE_NAMES[purpose],
                        instanceId: instance.id,
                        volumeId: resource.id,
                        // The units end in order, and nothing is written to a volume that is taken away.
                        stopInstanceBeforeDetaching: true,
                    },
                    { ...child, deleteBeforeReplace: true },
                ),
        );

        this.instanceId = instance.id;
        this.networkInterfaceId = networkInterface.id;
        this.securityGroupIds = networkInterface.securityGroups;
        this.privateIp = networkInterface.privateIp;
        this.hostname = hostname;
        this.availabilityZone = zone;
        this.ready = [instance, ...attachments];
        this.registerOutputs({ instanceId: this.instanceId, privateIp: this.privateIp });
    }
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
