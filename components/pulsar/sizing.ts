import type { Problem } from "../validation";
import { instanceTypeFacts, KNOWN_INSTANCE_FAMILIES } from "./instance-types";
import type { PulsarRole } from "./ports";

/** What one role's instances are and how much memory their Java processes may take. */
export interface SizingArgs {
    readonly instanceType: string;
    /** Memory of the instance in GiB, for types that the lab does not know. */
    readonly memoryGib?: number | undefined;
    readonly heapMib?: number | undefined;
    readonly directMemoryMib?: number | undefined;
}

/** Memory of the role's Java process. */
export interface Memory {
    readonly heapMib: number;
    readonly directMemoryMib: number;
}

/**
 * Java may have this share of an instance's memory. The rest is for threads, metaspace, the agents and above all the page
 * cache, without which a bookie reads every entry from its disk; past it, the kernel kills the process under load.
 */
export const MOST_MEMORY_SHARE = 0.75;

/** On a bookie's host autorecovery is a process of its own, with this much: it only copies. */
export const AUTORECOVERY_MEMORY: Memory = { heapMib: 256, directMemoryMib: 128 };

/** With less a process starts and then fails under its first load. */
export const LEAST_MEMORY: Memory = { heapMib: 256, directMemoryMib: 64 };

/** How a role's memory is divided: brokers and bookies keep entries outside the heap, ZooKeeper its tree inside. */
const HEAP_SHARE: Readonly<Record<PulsarRole, number>> = {
    zookeeper: 0.8,
    bookkeeper: 0.4,
    broker: 0.45,
    client: 0.7,
    proxy: 0.4,
};

/** Numbers that people can compare: whole multiples of this. */
const STEP_MIB = 32;

/** A ZooKeeper tree of this size is far beyond what a cluster of this kind keeps, and longer pauses cost sessions. */
const MOST_ZOOKEEPER_HEAP_MIB = 4096;

/** Memory of an instance in MiB, or undefined when it is neither known nor given. */
function instanceMemoryMib({ instanceType, memoryGib }: SizingArgs): number | undefined {
    const gib = memoryGib ?? instanceTypeFacts(instanceType)?.memoryGib;
    return gib === undefined ? undefined : gib * 1024;
}

/** What other Java processes on the role's host take. */
function besideMib(role: PulsarRole): number {
    return role === "bookkeeper" ? AUTORECOVERY_MEMORY.heapMib + AUTORECOVERY_MEMORY.directMemoryMib : 0;
}

/** The memory of a role's process: as given, or its share of what the instance has. */
export function memoryOf(role: PulsarRole, args: SizingArgs): Memory {
    const budget = Math.floor((instanceMemoryMib(args) ?? 0) * MOST_MEMORY_SHARE) - besideMib(role);
    const down = (mib: number) => Math.max(0, Math.floor(mib / STEP_MIB) * STEP_MIB);
    const most = role === "zookeeper" ? MOST_ZOOKEEPER_HEAP_MIB : Infinity;
    const given = { heap: args.heapMib, direct: args.directMemoryMib };
    const heapMib =
        given.heap ??
        Math.min(most, down(given.direct === undefined ? budget * HEAP_SHARE[role] : budget - given.direct));
    const directMemoryMib =
        given.direct ??
        (given.heap === undefined ? down(budget * (1 - HEAP_SHARE[role])) : down(budget - given.heap));
    return { heapMib, directMemoryMib };
}

/** What does not go together: a role's instance type and the memory of its processes. */
export function sizingProblems(role: PulsarRole, args: SizingArgs): Problem[] {
    const { instanceType } = args;
    const key = `${role}.instanceType`;
    const memoryMib = instanceMemoryMib(args);
    if (memoryMib === undefined) {
        const allowed =
            `a type of one of the families ${KNOWN_INSTANCE_FAMILIES.join(", ")}, whose memory is known; for another ` +
            `Nitro type, set ${role}.memoryGib (aws ec2 describe-instance-types lists it)`;
        return [{ key, value: instanceType, allowed }];
    }
    const { heapMib, directMemoryMib } = memoryOf(role, args);
    const most = Math.floor(memoryMib * MOST_MEMORY_SHARE);
    const beside = besideMib(role);
    const sum = heapMib + directMemoryMib + beside;
    const parts =
        `heap ${heapMib} + direct ${directMemoryMib}` + (beside > 0 ? ` + autorecovery ${beside}` : "");
    if (sum > most) {
        const allowed =
            `at most ${most} MiB on ${instanceType}, ${MOST_MEMORY_SHARE * 100}% of its ${memoryMib} MiB: the rest is for ` +
            `the page cache and the system. Take a larger instance type or less memory`;
        return [
            { key: `${role}.heapMib + ${role}.directMemoryMib`, value: `${parts} = ${sum} MiB`, allowed },
        ];
    }
    if (heapMib >= LEAST_MEMORY.heapMib && directMemoryMib >= LEAST_MEMORY.directMemoryMib) return [];
    const allowed =
        `a larger type: its ${memoryMib} MiB leave only ${parts} MiB, and at least ` +
        `${LEAST_MEMORY.heapMib} + ${LEAST_MEMORY.directMemoryMib} is needed`;
    return [{ key, value: instanceType, allowed }];
}
