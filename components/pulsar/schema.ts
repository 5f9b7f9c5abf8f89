import { z } from "zod";

import { logRetention, zoneNames, zoneProblems } from "../schema/aws";
import {
    flag,
    fromResource,
    listOf,
    numberAbove,
    object,
    oneOfNumbers,
    text,
    wholeNumber,
    wholeNumberFrom,
} from "../schema/fields";
import { together } from "../schema/problems";
import { adoptedUrlProblems } from "./adopted-urls";
import { MOST_INSTANCES } from "./names";
import { placementProblems } from "./placement";
import { PULSAR_ROLES, type PulsarRole } from "./ports";
import { DEFAULT_QUORUM, quorumProblems } from "./quorum";
import { architectureProblems } from "./roles";
import { LEAST_MEMORY, type SizingArgs, sizingProblems } from "./sizing";
import { GP3, volumeProblems } from "./volumes";

const volume = object({
    /** Size in GiB. It can grow later, and never shrink. */
    sizeGib: wholeNumber(GP3.sizeGib.least, GP3.sizeGib.most, "GiB"),
    /**
     * Input and output operations a second, at most 500 for each GiB.
     * @default 3000, which is included in the price of the size
     */
    iops: wholeNumber(GP3.iops.least, GP3.iops.most, "operations a second").default(GP3.iops.least),
    /**
     * Throughput in MiB a second, at most a quarter of `iops`.
     * @default 125, which is included in the price of the size
     */
    throughputMibps: wholeNumber(GP3.throughputMibps.least, GP3.throughputMibps.most, "MiB a second").default(
        GP3.throughputMibps.least,
    ),
}).check(together(volumeProblems));

/**
 * The fields of one role.
 *
 * @param count how many instances there may be.
 * @param usual what there is by default.
 * @param volumes the data volumes of the role.
 */
const role = <Volumes extends z.ZodRawShape>(
    count: z.ZodNumber,
    usual: { readonly count: number; readonly instanceType: string },
    volumes: Volumes,
) =>
    object({
        /**
         * How many there are. More change no existing one; fewer delete those with the highest numbers.
         * @default 3 ZooKeepers, 3 bookies, 2 brokers, 1 client, 0 proxies
         */
        count: count.default(usual.count),
        /**
         * A Nitro instance type.
         * @default t3.small for ZooKeepers, m6i.large for bookies and brokers, t3.medium for clients and proxies
         */
        instanceType: text("an instance type, such as m6i.large").default(usual.instanceType),
        /**
         * Memory of the instance type in GiB, for a type whose memory the lab does not know.
         * @default the memory that the type is known to have
         */
        memoryGib: numberAbove(0, "GiB").optional(),
        /**
         * Heap of the role's Java process, in MiB.
         * @default a share of 75% of the instance's memory; see `memoryOf`
         */
        heapMib: wholeNumberFrom(LEAST_MEMORY.heapMib, "MiB").optional(),
        /**
         * Direct memory of the role's Java process, in MiB.
         * @default the rest of the 75%
         */
        directMemoryMib: wholeNumberFrom(LEAST_MEMORY.directMemoryMib, "MiB").optional(),
        /**
         * The zones of the first instances, in order; append only. Name the zones of what exists before you append a zone, so that
         * instances that are added later are spread evenly over all zones.
         * @default spread: each goes where the role has the fewest
         */
        placement: listOf(text("the name of a zone"), "a list of zone names").optional(),
        /**
         * Size of the root volume in GiB; at least that of the image.
         * @default 20
         */
        rootVolumeGib: wholeNumber(8, GP3.sizeGib.most, "GiB").default(20),
        ...volumes,
    });

const zookeeperCount = oneOfNumbers(
    [1, 3, 5, 7],
    "1, 3, 5 or 7: a majority decides, so an even number tolerates no more failures than one less",
);
const atLeastOne = wholeNumber(1, MOST_INSTANCES);
const anyNumber = wholeNumber(0, MOST_INSTANCES);

const roles = {
    /** The ZooKeepers. */
    zookeeper: role(
        zookeeperCount,
        { count: 3, instanceType: "t3.small" },
        {
            /**
             * The volume of the metadata. It outlives the instance.
             * @default 20 GiB
             */
            dataVolume: volume.prefault({ sizeGib: 20 }),
        },
    ).prefault({}),
    /** The bookies. */
    bookkeeper: role(
        atLeastOne,
        { count: 3, instanceType: "m6i.large" },
        {
            /**
             * The volume of the journal, to which each entry is written before the producer gets its answer. It outlives the instance.
             * @default 50 GiB
             */
            journalVolume: volume.prefault({ sizeGib: 50 }),
            /**
             * The volume of the ledgers, where entries are kept. It outlives the instance.
             * @default 200 GiB
             */
            ledgersVolume: volume.prefault({ sizeGib: 200 }),
        },
    ).prefault({}),
    /** The brokers. */
    broker: role(atLeastOne, { count: 2, instanceType: "m6i.large" }, {}).prefault({}),
    /** Instances for clients. */
    client: role(anyNumber, { count: 1, instanceType: "t3.medium" }, {}).prefault({}),
    /** Proxies. If there are any, clients connect to them and not to brokers. */
    proxy: role(anyNumber, { count: 0, instanceType: "t3.medium" }, {}).prefault({}),
};

const quorum = object({
    /** Bookies over which the entries of a ledger are striped (E). */
    ensemble: wholeNumberFrom(1, "bookies"),
    /** Copies of each entry (Qw). */
    write: wholeNumberFrom(1, "copies"),
    /** Copies that must be on disk before the producer gets its answer (Qa). */
    ack: wholeNumberFrom(1, "copies"),
});

/**
 * What a user decides about a cluster: the fields of `pulsar` in a stack's configuration. By default it is highly available: any one
 * instance, and any one of three zones, can be lost.
 */
export const pulsarSettings = {
    /** The version of Pulsar. The image's tag `PulsarVersion` has to be the same. */
    pulsarVersion: text('a version in quotes, such as "4.0.7"', /^\d+\.\d+\.\d+([.-][A-Za-z0-9.]+)?$/),
    /**
     * The image, by id. It stays until another is named.
     * @default the newest image with `PulsarVersion` of this version and `Validated=true`: a newer one replaces the instances,
     * one after the other, at the next update
     */
    amiId: fromResource(text("the id of an image, such as ami-0123456789abcdef0")).optional(),
    /**
     * Accounts whose images are considered: ids, or `self`.
     * @default ["self"]
     */
    amiOwners: listOf(text('an account id, or "self"'), "a list of account ids", {
        least: 1,
        allowed: 'at least one account id, or "self": everyone can publish an image with any tags',
    }).default(["self"]),
    ...roles,
    /**
     * Over how many bookies ledgers are spread, how many copies there are and how many are awaited.
     * @default 3/2/2: see `DEFAULT_QUORUM`
     */
    quorum: quorum.default(DEFAULT_QUORUM),
    /**
     * Lets EC2 refuse to terminate the instances by API. It then also refuses Pulumi to replace them.
     * @default false
     */
    disableApiTermination: flag().default(false),
    /**
     * Days for which certificates and tokens are issued.
     * @default 365
     */
    credentialValidityDays: wholeNumber(1, 3650, "days").default(365),
    /**
     * Raise it by one to issue new certificates and tokens; the authority stays. The units read them when they start.
     * @default 1
     */
    credentialRotation: wholeNumberFrom(1).default(1),
    /**
     * Days for which a deleted secret can be restored: 7 to 30, or 0 for not at all.
     * @default 30
     */
    secretRecoveryWindowInDays: oneOfNumbers(
        [0, ...Array.from({ length: 24 }, (_, index) => 7 + index)],
        "0, or a whole number of days from 7 to 30",
    ).default(30),
    /**
     * Days that logs are kept.
     * @default 365
     */
    logRetentionInDays: logRetention().default(365),
};

/** The rule about one role in the zones of the cluster. */
const roleRule = (name: PulsarRole) =>
    together(({ [name]: settings, availabilityZones }: RolesInZones) =>
        // Settings of a role without instances do no harm.
        settings.count === 0
            ? []
            : [
                  ...sizingProblems(name, settings),
                  ...placementProblems(`${name}.placement`, settings.placement, availabilityZones),
              ],
    );

interface RolesInZones extends Readonly<
    Record<PulsarRole, SizingArgs & { readonly count: number; readonly placement?: readonly string[] }>
> {
    readonly availabilityZones: readonly string[];
}

/** The plain arguments of a cluster. */
export const pulsarSettingsSchema = z
    .object({
        /** The region of the cluster. */
        region: text("the name of an AWS region, such as us-east-1"),
        /** The zones over which the instances are spread. Append to add one: nothing that exists moves. */
        availabilityZones: zoneNames(),
        ...pulsarSettings,
        /**
         * Name of the cluster, in Pulsar and in its zone.
         * @default the name of the component
         */
        clusterName: text(
            "at most 40 lower-case letters, digits and dashes, a letter first and no dash last",
            /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/,
        ),
        /**
         * The private Route 53 zone of the cluster's names; of this cluster alone.
         * @default "<clusterName>.pulsar.internal"
         */
        zoneName: text(
            "the name of a DNS zone in lower case, such as lab.pulsar.internal",
            /^(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        ).optional(),
        /**
         * Lets Pulumi refuse to delete the volumes of bookies and ZooKeepers.
         * @default true
         */
        protectData: flag().default(true),
    })
    .check(
        together(({ availabilityZones, region }) => zoneProblems(availabilityZones, region)),
        ...PULSAR_ROLES.map(roleRule),
        together(architectureProblems),
        together(({ quorum: copies, bookkeeper }) => quorumProblems(copies, bookkeeper.count)),
    );

const groupIds = () =>
    fromResource(listOf(fromResource(text("the id of a security group")), "a list of security groups"));

/** The arguments of a cluster that can be judged. */
export const pulsarSchema = pulsarSettingsSchema
    .safeExtend({
        /** The security groups of each role, made elsewhere from the declared flows (`PULSAR_FLOWS`). */
        securityGroupIds: object({
            zookeeper: groupIds(),
            bookkeeper: groupIds(),
            broker: groupIds(),
            client: groupIds(),
            /** Needed when there are proxies. */
            proxy: groupIds().optional(),
        }),
    })
    .check(
        together(({ proxy: { count }, securityGroupIds }) => {
            if (count === 0 || securityGroupIds.proxy !== undefined) return [];
            const allowed = `the security groups of the proxies, of which there are ${count}`;
            return [{ key: "securityGroupIds.proxy", value: undefined, allowed }];
        }),
    );

/** The arguments of a cluster, complete. */
export type PulsarSettings = z.output<typeof pulsarSettingsSchema>;

/** The fields of `pulsar` for a cluster that exists already. */
export const adoptedPulsarSettings = {
    /** Where producers and consumers connect: `pulsar+ssl://host:port`. */
    serviceUrl: text("a URL such as pulsar+ssl://pulsar.example.com:6651"),
    /** Where the admin API answers: `https://host:port`. */
    adminUrl: text("a URL such as https://pulsar.example.com:8443"),
    /** The security group of what answers there. It has to be in the VPC. */
    brokerSecurityGroupId: fromResource(text("the id of a security group, sg-...")),
    /**
     * ARN of a secret with what clients need: `caCertificate` and `token`, as docs/ami-contract.md describes them.
     * @default none: clients get them by other means
     */
    clientSecretArn: fromResource(text("the ARN of a secret")).optional(),
    /**
     * Allows URLs without TLS. Tokens and messages then cross the network in plain text.
     * @default false
     */
    allowPlaintext: flag().default(false),
};

/** The rule about several fields of a cluster that exists already. */
export const adoptedPulsarRule = together(adoptedUrlProblems);

/** The arguments of a cluster that exists already, as far as they can be judged. */
export const adoptedPulsarSchema = z.object(adoptedPulsarSettings).check(adoptedPulsarRule);
