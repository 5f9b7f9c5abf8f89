/** The addresses and ports that everything in a generated network is about. */
import type { Ports } from "../builder";
import type { Draft, Vpc } from "./draft";

/** Below the ephemeral range, for a client's port must not be taken by a listener. */
export const PORTS: readonly number[] = [22, 53, 80, 443, 2181, 3181, 6650, 6651, 8080, 8443];

export const RANGES: readonly Ports[] = [
    [0, 65535],
    [1, 1024],
    [443, 8080],
    [6650, 6651],
    [6651, 6700],
    [2000, 6650],
    [8080, 8443],
];

/** What people write for the answers: whole, and not quite. */
export const EPHEMERAL: readonly (readonly [number, Ports])[] = [
    [4, [1024, 65535]],
    [3, [32768, 65535]],
    [2, [32768, 60999]],
    [1, [0, 65535]],
    [1, [32768, 61000]],
    [0.5, [49152, 65535]],
    [0.5, [32769, 65535]],
    [0.5, [32768, 60998]],
    [0.5, [1025, 65535]],
    [0.5, [1024, 65534]],
    [0.5, [1024, 40000]],
];

/** No prefix in here is longer than 26, so that the last six bits tell the senders apart. */
export const OUTSIDE: readonly string[] = [
    "198.51.100.0",
    "198.51.100.64",
    "198.51.100.128",
    "192.0.2.0",
    "8.8.8.0",
    "52.216.0.0",
    "52.217.4.128",
];

export const OUTSIDE_BLOCKS: readonly string[] = [
    "198.51.100.0/24",
    "198.51.100.0/25",
    "198.51.100.64/26",
    "198.51.100.128/25",
    "198.0.0.0/8",
    "192.0.2.0/24",
    "8.0.0.0/7",
    "52.216.0.0/16",
    "52.217.0.0/16",
    "52.217.4.0/24",
    "0.0.0.0/1",
    "128.0.0.0/1",
];

export const S3_BLOCKS: readonly string[] = ["52.216.0.0/15", "3.5.0.0/19"];

export function addPrefixLists(draft: Draft): void {
    draft.network.prefixList("s3", S3_BLOCKS, "s3");
    // For groups alone: a table takes no list with a part of its own VPC in it.
    draft.network.prefixList("subnets", ["10.0.1.0/24", "10.1.0.0/16", "10.2.0.0/24", "10.10.0.0/16"]);
    draft.lists.push(
        draft.network.prefixList("partners", [
            "198.51.100.0/24",
            ...draft.random.some(OUTSIDE_BLOCKS.slice(1), 0.25),
        ]),
        draft.network.prefixList("offices", ["10.77.0.0/16", ...draft.random.some(OUTSIDE_BLOCKS, 0.2)]),
    );
}

/** What a rule or an entry is about: a part of the network, or of the outside. */
export function block(draft: Draft, vpc: Vpc): string {
    const { random } = draft;
    const other = random.pick(draft.vpcs);
    return random.weighted([
        [3, random.pick(vpc.places).cidr],
        [2, `${random.pick(vpc.hosts).address}/32`],
        [2, random.pick(vpc.blocks)],
        [1, random.pick(other.blocks)],
        [1, random.pick(other.places).cidr],
        [1, "10.0.0.0/8"],
        [2, "0.0.0.0/0"],
        [2, random.pick(OUTSIDE_BLOCKS)],
    ]);
}
