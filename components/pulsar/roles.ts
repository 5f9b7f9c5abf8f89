import type { Problem } from "../validation";
import { type InstanceTypeFacts, instanceTypeFacts } from "./instance-types";
import { MOST_INSTANCES } from "./names";
import { placementProblems } from "./placement";
import { PULSAR_ROLES, type PulsarRole } from "./ports";
import { sizingProblems } from "./sizing";
import type { DATA_DIRECTORIES } from "./user-data";
import { type VolumeArgs, volumeProblems } from "./volumes";

/** The instances of one role. */
export interface RoleArgs {
    /**
     * How many there are. Raising it changes none of the existing ones; lowering it takes away those with the highest numbers.
     * @default 3 zookeepers, 3 bookies, 2 brokers, 1 client, 0 proxies
     */
    count?: number;
    /**
     * A Nitro instance type.
     * @default t3.small for zookeepers, m6i.large for bookies and brokers, t3.medium for clients and proxies
     */
    instanceType?: string;
    /**
     * Memory of the instance type in GiB, for a type that the lab does not know.
     * @default what the type is known to have
     */
    memoryGib?: number;
    /**
     * Heap of the role's Java process, in MiB.
     * @default a share of 75% of the instance's memory; see `memoryOf`
     */
    heapMib?: number;
    /**
     * Direct memory of the role's Java process, in MiB.
     * @default the rest of the 75%
     */
    directMemoryMib?: number;
    /**
     * The zones of the first instances, in order; append only. Name what exists before a zone is appended, so that instances
     * that are added later are spread evenly over all zones.
     * @default spread: each goes where the role has the fewest
     */
    placement?: readonly string[];
    /**
     * Size of the root volume in GiB; at least that of the image.
     * @default 20
     */
    rootVolumeGib?: number;
}

/** The ZooKeepers of a cluster. */
export interface ZookeeperArgs extends RoleArgs {
    /**
     * The volume of the metadata. It outlives the instance.
     * @default 20 GiB
     */
    dataVolume?: VolumeArgs;
}

/** The bookies of a cluster. */
export interface BookkeeperArgs extends RoleArgs {
    /**
     * The volume of the journal, which each entry reaches before the producer hears of it. It outlives the instance.
     * @default 50 GiB
     */
    journalVolume?: VolumeArgs;
    /**
     * The volume of the ledgers, where entries are kept. It outlives the instance.
     * @default 200 GiB
     */
    ledgersVolume?: VolumeArgs;
}

/** What a cluster's roles are given; see {@link RoleArgs}. */
export interface RolesArgs {
    zookeeper?: ZookeeperArgs;
    bookkeeper?: BookkeeperArgs;
    broker?: RoleArgs;
    client?: RoleArgs;
    proxy?: RoleArgs;
}

/** The settings of one role, defaults filled in. */
export interface ResolvedRole {
    readonly count: number;
    readonly instanceType: string;
    readonly memoryGib: number | undefined;
    readonly heapMib: number | undefined;
    readonly directMemoryMib: number | undefined;
    readonly placement: readonly string[] | undefined;
    readonly rootVolumeGib: number;
    readonly volumes: Readonly<Partial<Record<keyof typeof DATA_DIRECTORIES, VolumeArgs>>>;
}

/** Highly available: any one instance, and any one of three zones, can be lost. */
const DEFAULTS: Readonly<Record<PulsarRole, { count: number; instanceType: string }>> = {
    zookeeper: { count: 3, instanceType: "t3.small" },
    bookkeeper: { count: 3, instanceType: "m6i.large" },
    broker: { count: 2, instanceType: "m6i.large" },
    client: { count: 1, instanceType: "t3.medium" },
    proxy: { count: 0, instanceType: "t3.medium" },
};

/** The roles with their defaults. */
export function resolveRoles(args: RolesArgs): Record<PulsarRole, ResolvedRole> {
    const role = (name: PulsarRole, volumes: ResolvedRole["volumes"]): ResolvedRole => {
        const given: RoleArgs = args[name] ?? {};
        return {
            count: given.count ?? DEFAULTS[name].count,
            instanceType: given.instanceType ?? DEFAULTS[name].instanceType,
            memoryGib: given.memoryGib,
            heapMib: given.heapMib,
            directMemoryMib: given.directMemoryMib,
            placement: given.placement,
            rootVolumeGib: given.rootVolumeGib ?? 20,
            volumes,
        };
    };
    return {
        zookeeper: role("zookeeper", { zookeeper: args.zookeeper?.dataVolume ?? { sizeGib: 20 } }),
        bookkeeper: role("bookkeeper", {
            journal: args.bookkeeper?.journalVolume ?? { sizeGib: 50 },
            ledgers: args.bookkeeper?.ledgersVolume ?? { sizeGib: 200 },
        }),
        broker: role("broker", {}),
        client: role("client", {}),
        proxy: role("proxy", {}),
    };
}

/** The argument that each volume comes from, for messages. */
const VOLUME_KEYS = {
    zookeeper: "zookeeper.dataVolume",
    journal: "bookkeeper.journalVolume",
    ledgers: "bookkeeper.ledgersVolume",
} as const;

/** What is wrong with the roles. */
export function roleProblems(
    roles: Readonly<Record<PulsarRole, ResolvedRole>>,
    availabilityZones: readonly string[],
): Problem[] {
    const problems = PULSAR_ROLES.flatMap((name) => {
        const role = roles[name];
        const found = countProblems(name, role.count);
        // An instance type of no instance harms nobody.
        if (role.count === 0) return found;
        found.push(
            ...sizingProblems(name, role),
            ...placementProblems(`${name}.placement`, role.placement, availabilityZones),
        );
        if (!(Number.isInteger(role.rootVolumeGib) && role.rootVolumeGib >= 8))
            found.push({
                key: `${name}.rootVolumeGib`,
                value: role.rootVolumeGib,
                allowed: "a whole number of GiB, at least 8",
            });
        for (const purpose of Object.keys(role.volumes) as (keyof typeof VOLUME_KEYS)[]) {
            const volume = role.volumes[purpose];
            if (volume !== undefined) found.push(...volumeProblems(VOLUME_KEYS[purpose], volume));
        }
        return found;
    });
    return [...problems, ...architectureProblems(roles)];
}

function countProblems(name: PulsarRole, count: number): Problem[] {
    const key = `${name}.count`;
    if (name === "zookeeper")
        return [1, 3, 5, 7].includes(count)
            ? []
            : [
                  {
                      key,
                      value: count,
                      allowed:
                          "1, 3, 5 or 7: a majority decides, so an even number tolerates no more failures than one less",
                  },
              ];
    const least = name === "client" || name === "proxy" ? 0 : 1;
    return Number.isInteger(count) && count >= least && count <= MOST_INSTANCES
        ? []
        : [{ key, value: count, allowed: `a whole number from ${least} to ${MOST_INSTANCES}` }];
}

/** What the instances run on: one image is for one architecture. */
export function architectureOf(
    roles: Readonly<Record<PulsarRole, ResolvedRole>>,
): InstanceTypeFacts["architecture"] | undefined {
    return PULSAR_ROLES.filter((name) => roles[name].count > 0)
        .map((name) => instanceTypeFacts(roles[name].instanceType)?.architecture)
        .find((architecture) => architecture !== undefined);
}

function architectureProblems(roles: Readonly<Record<PulsarRole, ResolvedRole>>): Problem[] {
    const first = architectureOf(roles);
    return PULSAR_ROLES.filter((name) => roles[name].count > 0).flatMap((name) => {
        const { instanceType } = roles[name];
        const architecture = instanceTypeFacts(instanceType)?.architecture;
        return architecture === undefined || architecture === first
            ? []
            : [
                  {
                      key: `${name}.instanceType`,
                      value: instanceType,
                      allowed: `a type for ${first}, as the other roles have: it is for ${architecture}, and all start from one image`,
                  },
              ];
    });
}
