/** The small network that the known ones are made of, and what is asked of it. */
import type { NetworkAclEntry, Route } from "@aws-sdk/client-ec2";

import type { Snapshot } from "../../checks/snapshot/types";
import { allowAll, NetworkBuilder } from "./builder";
import type { Probe, ProbeRequest } from "./oracle";

const LOW = 32768;
export const HIGH = 60999;

export const INTERNET = "198.51.100.10";
export const S3 = "52.216.0.10";

/** Subnets a and b are private, p is public; a and b leave through the NAT gateway in p. Everything may speak to everything. */
interface Changes {
    privateRoutes?: readonly Route[];
    publicRoutes?: readonly Route[];
    aclA?: readonly NetworkAclEntry[];
    aclB?: readonly NetworkAclEntry[];
    aclP?: readonly NetworkAclEntry[];
    /** Further changes, before the security groups' rules are written. */
    change?: (network: NetworkBuilder) => void;
    /** Writes the rules of sg-client (interfaces a, a2) and sg-server (interfaces b, p). @default open */
    rules?: (network: NetworkBuilder) => void;
}

export const DEFAULT_ROUTE: Route = { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-1" };
const open = (network: NetworkBuilder): void => {
    for (const group of ["sg-client", "sg-server"]) {
        for (const egress of [false, true]) network.groupRule(group, egress, "-1", -1, { cidr: "0.0.0.0/0" });
    }
};

export function knownNetwork(changes: Changes = {}): Snapshot {
    const network = new NetworkBuilder();
    const vpc = network.vpc("1", "10.0.0.0/16");
    const [a, b, p] = ["a", "b", "p"].map((name, number) => network.subnet(name, vpc, `10.0.${number}.0/24`));
    if (a === undefined || b === undefined || p === undefined) throw new Error("three subnets were made");
    network.routeTable("private", vpc, "main", changes.privateRoutes ?? [DEFAULT_ROUTE]);
    network.routeTable(
        "public",
        vpc,
        [p],
        changes.publicRoutes ?? [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-1" }],
    );
    network.networkAcl("a", vpc, [a], changes.aclA ?? allowAll());
    network.networkAcl("b", vpc, [b], changes.aclB ?? allowAll());
    network.networkAcl("p", vpc, [p], changes.aclP ?? allowAll());
    const client = network.securityGroup("client", vpc);
    const server = network.securityGroup("server", vpc);
    network.networkInterface("a", a, "10.0.0.10", [client]);
    network.networkInterface("a2", a, "10.0.0.11", [client]);
    network.networkInterface("b", b, "10.0.1.10", [server]);
    network.networkInterface("p", p, "10.0.2.10", [server], { Association: { PublicIp: "203.0.113.10" } });
    network.natGateway("1", p, "10.0.2.20", "203.0.113.20");
    network.internetGateway("1", vpc);
    network.prefixList("s3", ["52.216.0.0/15"], "s3");
    changes.change?.(network);
    (changes.rules ?? open)(network);
    return network.snapshot;
}

const ADDRESSES: Readonly<Record<string, string>> = {
    "eni-a": "10.0.0.10",
    "eni-a2": "10.0.0.11",
    "eni-b": "10.0.1.10",
    "eni-p": "10.0.2.10",
};

export const probe = (from: string, destination: string, port: number, rest: Partial<Probe> = {}): Probe => ({
    interface: from,
    source: ADDRESSES[from] ?? "",
    sourcePort: LOW,
    destination,
    port,
    protocol: "tcp",
    ...rest,
});
export const fromA = (destination: string, port = 443, rest: Partial<Probe> = {}): Probe =>
    probe("eni-a", destination, port, rest);
export const fromInternet = (destination: string, port = 443): Probe => ({
    source: INTERNET,
    sourcePort: LOW,
    destination,
    port,
    protocol: "tcp",
});
export const B = "10.0.1.10";

export interface Known {
    readonly what: string;
    readonly request: ProbeRequest;
    readonly answers: readonly boolean[];
}

export const known = (
    what: string,
    snapshot: Snapshot,
    cases: readonly (readonly [Probe, boolean])[],
): Known => ({
    what,
    request: {
        snapshot,
        probes: cases.map(([each]) => each),
        // The lowest and the highest port that a NAT gateway may take.
        natPorts: { "nat-1": { [LOW]: 1024, [HIGH]: 65535 } },
    },
    answers: cases.map(([, answered]) => answered),
});
