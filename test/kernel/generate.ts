/**
 * Networks and flows by seed. Small, and wrong in the ways in which networks are: most parts are as they should be, and some are
 * nearly so: a deny before the allow, a part of the ephemeral range, a more specific route into nothing, the wrong table, no way
 * back.
 */
import type { NetworkAclEntry, Route } from "@aws-sdk/client-ec2";

import type { Flow, FlowEnd, FlowProtocol } from "../../checks/flow";
import type { Snapshot } from "../../checks/snapshot/types";
import { allowAll, entry, NetworkBuilder, type Ports, REGION, type RulePeer } from "./builder";
import { Random } from "./random";

/** A network and flows in it, as a regression case holds them too. */
export interface Case {
    readonly snapshot: Snapshot;
    readonly flows: readonly Flow[];
}

interface Place {
    readonly id: string;
    readonly number: number;
    readonly cidr: string;
    readonly prefix: string;
    readonly zone: string;
    readonly isPublic: boolean;
}

interface Vpc {
    readonly id: string;
    readonly number: number;
    readonly cidr: string;
    readonly places: Place[];
    readonly groups: string[];
    readonly hosts: { id: string; address: string; place: Place }[];
    readonly endpointInterfaces: string[];
    igw?: string;
    readonly nats: string[];
    s3?: string;
}

/** Below the ephemeral range, for a client's port must not be taken by a listener. */
const PORTS: readonly number[] = [22, 53, 80, 443, 2181, 3181, 6650, 6651, 8080, 8443];
const RANGES: readonly Ports[] = [
    [0, 65535],
    [1, 1024],
    [443, 8080],
    [6650, 6651],
    [6651, 6700],
    [2000, 6650],
    [8080, 8443],
];
/** What people write for the answers: whole, and not quite. */
const EPHEMERAL: readonly (readonly [number, Ports])[] = [
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
const OUTSIDE: readonly string[] = [
    "198.51.100.0",
    "198.51.100.64",
    "198.51.100.128",
    "192.0.2.0",
    "8.8.8.0",
    "52.216.0.0",
    "52.217.4.128",
];
const OUTSIDE_BLOCKS: readonly string[] = [
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
const S3_BLOCKS: readonly string[] = ["52.216.0.0/15", "3.5.0.0/19"];

/** The flows of one network. */
const FLOWS = 70;

/** What chance alone would rarely bring about: every so many networks each has its turn. */
const THEMES = [
    "none",
    "names",
    "appliance",
    "none",
    "hostnames",
    "ambiguous",
    "none",
    "own name servers",
    "edge",
    "none",
    "another VPC's NAT gateway",
    "static before list",
    "none",
    "permission",
] as const;
type Theme = (typeof THEMES)[number];

export function generate(seed: number, index: number): Case {
    const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    return new Generator(random, THEMES[index % THEMES.length] ?? "none").run();
}

class Generator {
    private readonly network = new NetworkBuilder();
    private readonly vpcs: Vpc[] = [];
    private readonly peerings: { id: string; a: number; b: number }[] = [];
    private readonly lists: string[] = [];
    private readonly publicOnes: string[] = [];
    /** How often a part is not as it should be. */
    private readonly fault: number;

    constructor(
        private readonly random: Random,
        private readonly theme: Theme,
    ) {
        this.fault = random.pick([0.02, 0.08, 0.2, 0.4]);
    }

    run(): Case {
        this.addPrefixLists();
        const count = this.random.weighted([
            [4, 1],
            [4, 2],
            [2, 3],
        ]);
        for (let number = 0; number < count; number += 1) this.addVpc(number);
        this.addPeerings();
        for (const vpc of this.vpcs) this.addRouteTables(vpc);
        for (const vpc of this.vpcs) this.addAcls(vpc);
        for (const vpc of this.vpcs) this.addRules(vpc);
        const flows = this.flows();
        const { snapshot } = this.network;
        if (!this.isThemed("permission", 0.03)) return { snapshot, flows };
        // Nothing may be concluded from what could not be read.
        return {
            snapshot: {
                ...snapshot,
                VpcEndpoints: [],
                MissingPermissions: [{ kind: "VpcEndpoints", action: "ec2:DescribeVpcEndpoints" }],
            },
            flows,
        };
    }

    private isFaulty(weight = 1): boolean {
        return this.random.chance(Math.min(0.9, this.fault * weight));
    }

    private isThemed(theme: Theme, weight: number): boolean {
        return this.theme === theme || this.isFaulty(weight);
    }

    private addPrefixLists(): void {
        this.network.prefixList("s3", S3_BLOCKS, "s3");
        // For groups alone: a table takes no list with a part of its own VPC in it.
        this.network.prefixList("subnets", ["10.0.1.0/24", "10.1.0.0/16", "10.2.0.0/24"]);
        this.lists.push(
            this.network.prefixList("partners", [
                "198.51.100.0/24",
                ...this.random.some(OUTSIDE_BLOCKS.slice(1), 0.25),
            ]),
            this.network.prefixList("offices", ["10.77.0.0/16", ...this.random.some(OUTSIDE_BLOCKS, 0.2)]),
        );
    }

    // VPCs and what stands in them

    private addVpc(number: number): void {
        const { random, network } = this;
        const cidr = `10.${number}.0.0/16`;
        const id = network.vpc(String(number), cidr);
        const vpc: Vpc = {
            id,
            number,
            cidr,
            places: [],
            groups: [],
            hosts: [],
            endpointInterfaces: [],
            nats: [],
        };
        this.vpcs.push(vpc);
        if (this.isFaulty(0.4)) {
            const described = network.snapshot.Vpcs.find(({ VpcId }) => VpcId === id);
            const mode = random.pick(["block-bidirectional", "block-ingress"] as const);
            if (described !== undefined)
                described.BlockPublicAccessStates = { InternetGatewayBlockMode: mode };
        }
        const subnets = random.integer(2, 4);
        for (let each = 0; each < subnets; each += 1) {
            const zone = `${REGION}${random.pick(["a", "b"])}`;
            const prefix = `10.${number}.${each}`;
            const place = { number: each, cidr: `${prefix}.0/24`, prefix, zone, isPublic: each === 0 };
            vpc.places.push({ id: network.subnet(`${number}-${each}`, id, place.cidr, zone), ...place });
        }
        const groups = random.integer(2, 4);
        for (let each = 0; each < groups; each += 1)
            vpc.groups.push(network.securityGroup(`${number}-${each}`, id));
        this.addGateways(vpc);
        for (let each = 0; each < random.integer(3, 5); each += 1) this.addHost(vpc, each);
        const isAboutNames = ["names", "hostnames", "own name servers"].includes(this.theme);
        if (isAboutNames || random.chance(0.5)) this.addInterfaceEndpoint(vpc);
        this.addNameFaults(vpc);
    }

    private publicAddress(): string {
        const address = `203.0.113.${this.publicOnes.length + 1}`;
        this.publicOnes.push(address);
        return address;
    }

    private addGateways(vpc: Vpc): void {
        const { random, network } = this;
        const name = String(vpc.number);
        if (!this.isFaulty(0.4)) {
            const isDetached = this.isFaulty(0.5);
            vpc.igw = network.internetGateway(
                name,
                isDetached && random.chance(0.5) ? undefined : vpc.id,
                isDetached ? "detaching" : "available",
            );
        }
        const nats = random.weighted([
            [1, 0],
            [5, 1],
            [2, 2],
        ]);
        for (let each = 0; each < nats; each += 1) {
            const place = this.isFaulty() ? random.pick(vpc.places) : vpc.places[0];
            if (place === undefined) continue;
            const address = `${place.prefix}.${200 + each}`;
            const publicIp = this.isFaulty(0.6) ? undefined : this.publicAddress();
            const state = this.isFaulty(0.6)
                ? random.pick(["failed", "pending", "deleting"] as const)
                : "available";
            vpc.nats.push(network.natGateway(`${name}-${each}`, place.id, address, publicIp, state));
        }
        if (random.chance(0.5)) {
            const state = this.isFaulty(0.6) ? random.pick(["deleting", "pending"]) : "available";
            vpc.s3 = network.gatewayEndpoint(`s3-${name}`, vpc.id, "s3", [], state);
        }
    }

    private addHost(vpc: Vpc, number: number): void {
        const { random, network } = this;
        const place = random.pick(vpc.places);
        const groups = random.some(vpc.groups, 0.4);
        const isPublic = place.isPublic ? !this.isFaulty() : this.isFaulty(0.3);
        const address = `${place.prefix}.${10 + number}`;
        const id = network.networkInterface(
            `${vpc.number}-${number}`,
            place.id,
            address,
            groups.length === 0 ? [random.pick(vpc.groups)] : groups,
            {
                SourceDestCheck: !random.chance(this.theme === "appliance" ? 0.5 : 0.15),
                ...(isPublic ? { Association: { PublicIp: this.publicAddress() } } : {}),
            },
        );
        vpc.hosts.push({ id, address, place });
        if (random.chance(0.5)) network.instance(`${vpc.number}-${number}`, id);
    }

    private addInterfaceEndpoint(vpc: Vpc): void {
        const { random, network } = this;
        const places = random.some(vpc.places, 0.6);
        if (places.length === 0) return;
        network.interfaceEndpoint(
            `ssm-${vpc.number}`,
            vpc.id,
            "ssm",
            places.map(({ id, prefix }) => ({ subnet: id, address: `${prefix}.150` })),
            [random.pick(vpc.groups)],
            {
                state: this.isFaulty(0.5) ? "pending" : "available",
                privateDns: !this.isFaulty(0.5),
            },
        );
        vpc.endpointInterfaces.push(...places.map((_, number) => `eni-ssm-${vpc.number}-${number}`));
    }

    /** Names are not the kernel's; what follows from them is. */
    private addNameFaults(vpc: Vpc): void {
        const { VpcAttributes, Vpcs, DhcpOptions } = this.network.snapshot;
        const attributes = VpcAttributes[vpc.id];
        if (attributes !== undefined && this.isThemed("hostnames", 0.3))
            attributes.enableDnsHostnames = false;
        if (attributes !== undefined && this.isThemed("names", 0.1)) attributes.enableDnsSupport = false;
        if (!this.isThemed("own name servers", 0.1)) return;
        const id = `dopt-${vpc.number}`;
        const values = [{ Value: "10.0.0.53" }];
        DhcpOptions.push({
            DhcpOptionsId: id,
            DhcpConfigurations: [{ Key: "domain-name-servers", Values: values }],
        });
        for (const each of Vpcs) if (each.VpcId === vpc.id) each.DhcpOptionsId = id;
    }

    private addPeerings(): void {
        for (let a = 0; a < this.vpcs.length; a += 1) {
            for (let b = a + 1; b < this.vpcs.length; b += 1) {
                if (!this.random.chance(0.8)) continue;
                const [requester, accepter] = [this.vpcs[a]?.id, this.vpcs[b]?.id];
                if (requester === undefined || accepter === undefined) continue;
                const state = this.isFaulty(0.5)
                    ? this.random.pick(["pending-acceptance", "deleted", "rejected"])
                    : "active";
                this.peerings.push({
                    id: this.network.peering(`${a}${b}`, requester, accepter, state),
                    a,
                    b,
                });
            }
        }
    }

    // Routes

    private addRouteTables(vpc: Vpc): void {
        const { random, network } = this;
        const internet = (isPublic: boolean): Route[] => {
            const igw = vpc.igw ?? "igw-gone";
            if (this.isFaulty(0.7)) return [];
            if (isPublic === !this.isFaulty(0.5))
                return [{ DestinationCidrBlock: "0.0.0.0/0", GatewayId: igw }];
            if (vpc.nats.length === 0) return [];
            return [{ DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: random.pick(vpc.nats) }];
        };
        if (vpc.igw !== undefined && this.isThemed("edge", 0.1)) this.addEdgeTable(vpc, vpc.igw);
        const table = (name: string, subnets: readonly string[] | "main", isPublic: boolean) =>
            network.routeTable(
                `${vpc.number}-${name}`,
                vpc.id,
                subnets,
                this.withNearMisses(vpc, [
                    ...internet(isPublic),
                    ...this.endpointRoutes(vpc),
                    ...this.peerRoutes(vpc),
                ]),
            );
        table("main", "main", false);
        const publicPlaces = vpc.places.filter((place) => place.isPublic !== this.isFaulty(0.3));
        if (publicPlaces.length > 0)
            table(
                "public",
                publicPlaces.map(({ id }) => id),
                true,
            );
        const [own] = random.some(
            vpc.places.filter((place) => !publicPlaces.includes(place)),
            0.5,
        );
        if (own !== undefined) table("own", [own.id], false);
    }

    /** A table for what comes in through the internet gateway: to an appliance. */
    private addEdgeTable(vpc: Vpc, igw: string): void {
        const [place] = vpc.places;
        const host = this.random.pick(vpc.hosts);
        if (place === undefined) return;
        this.network.routeTable(
            `${vpc.number}-edge`,
            vpc.id,
            [],
            [{ DestinationCidrBlock: place.cidr, NetworkInterfaceId: host.id }],
        );
        const table = this.network.snapshot.RouteTables.at(-1);
        table?.Associations?.push({
            RouteTableAssociationId: `rtbassoc-${igw}`,
            GatewayId: igw,
            Main: false,
        });
    }

    private endpointRoutes(vpc: Vpc): Route[] {
        if (vpc.s3 === undefined || this.isFaulty()) return [];
        return [{ DestinationPrefixListId: "pl-s3", GatewayId: vpc.s3 }];
    }

    private peerRoutes(vpc: Vpc): Route[] {
        return this.peerings
            .filter(({ a, b }) => a === vpc.number || b === vpc.number)
            .flatMap(({ id, a, b }): Route[] => {
                if (this.isFaulty()) return [];
                const peer = a === vpc.number ? b : a;
                const whole = `10.${peer}.0.0/16`;
                const block = this.isFaulty(0.7)
                    ? this.random.pick([`10.${peer}.0.0/24`, `10.${peer}.1.0/24`, `10.${peer}.0.0/23`])
                    : whole;
                const route = { DestinationCidrBlock: block, VpcPeeringConnectionId: id };
                return [this.isFaulty(0.3) ? { ...route, State: "blackhole" } : route];
            });
    }

    /** Routes that lead some addresses astray; a destination occurs once among the static routes, as AWS has it. */
    private withNearMisses(vpc: Vpc, routes: readonly Route[]): Route[] {
        const { random } = this;
        const result = [...routes];
        const add = (route: Route): void => {
            const isTaken = result.some(
                (other) =>
                    (route.DestinationCidrBlock !== undefined &&
                        other.DestinationCidrBlock === route.DestinationCidrBlock) ||
                    (route.DestinationPrefixListId !== undefined &&
                        other.DestinationPrefixListId === route.DestinationPrefixListId),
            );
            if (!isTaken) result.push(route);
        };
        if (this.theme === "static before list") {
            // Both lead outside, the static one by way of a peer or an interface.
            add({ DestinationPrefixListId: "pl-partners", NatGatewayId: vpc.nats[0] ?? "nat-gone" });
            add({ DestinationCidrBlock: "198.51.100.0/24", NetworkInterfaceId: random.pick(vpc.hosts).id });
        }
        const foreign = this.vpcs.filter((other) => other !== vpc).flatMap(({ nats }) => nats);
        if (foreign.length > 0 && this.isThemed("another VPC's NAT gateway", 0.1)) {
            add({ DestinationCidrBlock: "198.0.0.0/8", NatGatewayId: random.pick(foreign) });
        }
        for (let tries = 0; tries < 3; tries += 1) {
            if (!this.isFaulty()) continue;
            add({ DestinationCidrBlock: random.pick(OUTSIDE_BLOCKS), ...this.target(vpc) });
        }
        if (random.chance(0.25)) {
            add({ DestinationPrefixListId: random.pick(this.lists), ...this.target(vpc) });
            // The same destination as a static route, which goes before the list's.
            if (random.chance(0.4)) add({ DestinationCidrBlock: "198.51.100.0/24", ...this.target(vpc) });
        }
        // Two lists that overlap: AWS names no winner.
        if (this.isThemed("ambiguous", 0.1)) {
            for (const list of this.lists) add({ DestinationPrefixListId: list, ...this.target(vpc) });
        }
        const peer = random.pick(this.vpcs);
        if (peer !== vpc && this.isFaulty()) {
            // The third VPC by way of the second, or a subnet of the peer into nothing.
            add({
                DestinationCidrBlock: random.pick([peer.cidr, `10.${peer.number}.1.0/24`]),
                ...this.target(vpc),
            });
        }
        if (this.isThemed("appliance", 1.2)) {
            const forwarding = vpc.hosts.filter(({ id }) => this.forwards(id));
            const appliance = random.pick(
                forwarding.length > 0 && random.chance(0.7) ? forwarding : vpc.hosts,
            );
            add({ DestinationCidrBlock: random.pick(vpc.places).cidr, NetworkInterfaceId: appliance.id });
        }
        return result;
    }

    private forwards(id: string): boolean {
        return this.network.snapshot.NetworkInterfaces.some(
            (one) => one.NetworkInterfaceId === id && one.SourceDestCheck === false,
        );
    }

    private target(vpc: Vpc): Partial<Route> {
        const { random } = this;
        const gone = { NatGatewayId: "nat-gone", State: "blackhole" } as const;
        return random.weighted<Partial<Route>>([
            [3, gone],
            [2, vpc.nats.length === 0 ? gone : { NatGatewayId: random.pick(vpc.nats) }],
            [
                2,
                {
                    GatewayId: vpc.igw ?? "igw-gone",
                    ...(vpc.igw === undefined ? { State: "blackhole" } : {}),
                },
            ],
            [1, { NetworkInterfaceId: random.pick(vpc.hosts).id }],
            [
                1,
                this.peerings.length === 0
                    ? gone
                    : { VpcPeeringConnectionId: this.peeringOf(vpc) ?? "pcx-gone" },
            ],
            [0.15, { TransitGatewayId: "tgw-1" }],
        ]);
    }

    private peeringOf(vpc: Vpc): string | undefined {
        return this.peerings.find(({ a, b }) => a === vpc.number || b === vpc.number)?.id;
    }

    // Network ACLs

    private addAcls(vpc: Vpc): void {
        const { random, network } = this;
        const custom = vpc.places.filter(() => random.chance(0.45));
        const rest = vpc.places.filter((place) => !custom.includes(place));
        network.networkAcl(
            `${vpc.number}-default`,
            vpc.id,
            rest.map(({ id }) => id),
            allowAll(),
        );
        for (const place of custom) {
            network.networkAcl(`${vpc.number}-${place.number}`, vpc.id, [place.id], this.aclEntries(vpc));
        }
    }

    private aclEntries(vpc: Vpc): NetworkAclEntry[] {
        const { random } = this;
        const entries: NetworkAclEntry[] = [];
        for (const egress of [false, true]) {
            const used = new Set<number>();
            const add = (
                number: number,
                action: "allow" | "deny",
                protocol: "-1" | "1" | "6" | "17",
                cidr: string,
                ports?: Ports,
            ) => {
                while (used.has(number)) number += 1;
                used.add(number);
                entries.push(entry(number, egress, action, protocol, cidr, ports));
            };
            if (random.chance(0.5)) {
                add(100, "allow", "-1", "0.0.0.0/0");
            } else {
                for (const protocol of ["6", "17"] as const) {
                    add(
                        100,
                        "allow",
                        protocol,
                        random.pick(["0.0.0.0/0", "10.0.0.0/8", vpc.cidr]),
                        random.pick(RANGES),
                    );
                    if (!this.isFaulty(0.7)) {
                        add(
                            110,
                            "allow",
                            protocol,
                            random.weighted([
                                [4, "0.0.0.0/0"],
                                [1, "10.0.0.0/8"],
                            ]),
                            random.weighted(EPHEMERAL),
                        );
                    }
                    if (random.chance(0.7)) add(120, "allow", protocol, "0.0.0.0/0", [0, 32767]);
                }
                if (random.chance(0.6)) {
                    add(
                        130,
                        "allow",
                        "1",
                        "0.0.0.0/0",
                        random.pick([
                            [-1, -1],
                            [8, -1],
                            [0, -1],
                            [8, 0],
                        ] as const),
                    );
                }
            }
            // Before the allows, among them and behind them.
            for (let tries = 0; tries < 3; tries += 1) {
                if (!this.isFaulty(1.2)) continue;
                const protocol = random.pick(["6", "17", "-1", "6"] as const);
                const ports = random.weighted<Ports>([
                    [4, random.pick(PORTS)],
                    [2, random.pick(RANGES)],
                    [1, 40000],
                    [1, [60999, 61000]],
                    [1, [1024, 1024]],
                ]);
                add(
                    random.pick([50, 90, 105, 200]),
                    random.weighted([
                        [4, "deny"],
                        [1, "allow"],
                    ] as const),
                    protocol,
                    this.block(vpc),
                    protocol === "-1" ? undefined : ports,
                );
            }
        }
        return entries;
    }

    // Security groups

    private addRules(vpc: Vpc): void {
        const { random, network } = this;
        for (const group of vpc.groups) {
            if (this.theme === "appliance" && random.chance(0.8)) {
                // Open to whoever is known, and an appliance lets everybody through half of the time.
                const peer: RulePeer = random.chance(0.5)
                    ? { cidr: "10.0.0.0/8" }
                    : { group: random.pick(vpc.groups) };
                network.groupRule(group, true, "-1", -1, { cidr: "0.0.0.0/0" });
                network.groupRule(group, false, "-1", -1, peer);
                continue;
            }
            const egress = random.weighted<"all" | "some" | "none">([
                [6, "all"],
                [2, "some"],
                [0.3, "none"],
            ]);
            if (egress === "all") network.groupRule(group, true, "-1", -1, { cidr: "0.0.0.0/0" });
            if (egress === "some") this.addSomeRules(vpc, group, true);
            if (random.chance(0.3))
                network.groupRule(group, false, "-1", -1, { cidr: random.pick(["0.0.0.0/0", "10.0.0.0/8"]) });
            else if (!this.isFaulty(0.3)) this.addSomeRules(vpc, group, false);
        }
    }

    private addSomeRules(vpc: Vpc, group: string, egress: boolean): void {
        const { random, network } = this;
        for (let number = random.integer(1, 4); number > 0; number -= 1) {
            const protocol = random.weighted([
                [6, "tcp"],
                [2, "udp"],
                [1, "icmp"],
                [1, "-1"],
            ]);
            const ports: Ports =
                protocol === "icmp"
                    ? random.pick([
                          [-1, -1],
                          [8, -1],
                          [8, 0],
                          [0, -1],
                      ] as const)
                    : random.chance(0.6)
                      ? random.pick(PORTS)
                      : random.pick(RANGES);
            network.groupRule(group, egress, protocol, ports, this.peer(vpc));
        }
    }

    private peer(vpc: Vpc): RulePeer {
        const { random } = this;
        return random.weighted<RulePeer>([
            [5, { group: random.pick(vpc.groups) }],
            [1, { group: random.pick(random.pick(this.vpcs).groups.concat(vpc.groups)) }],
            [3, { cidr: this.block(vpc) }],
            [2, { cidr: "0.0.0.0/0" }],
            [1, { list: random.pick([...this.lists, "pl-s3", "pl-subnets", "pl-subnets"]) }],
        ]);
    }

    private block(vpc: Vpc): string {
        const { random } = this;
        const other = random.pick(this.vpcs);
        return random.weighted([
            [3, random.pick(vpc.places).cidr],
            [2, `${random.pick(vpc.hosts).address}/32`],
            [2, vpc.cidr],
            [1, other.cidr],
            [1, random.pick(other.places).cidr],
            [1, "10.0.0.0/8"],
            [2, "0.0.0.0/0"],
            [2, random.pick(OUTSIDE_BLOCKS)],
        ]);
    }

    // Flows

    private flows(): Flow[] {
        const flows = new Map<string, Flow>();
        for (let tries = 0; tries < FLOWS * 2 && flows.size < FLOWS; tries += 1) {
            const flow = this.flow(`f${flows.size}`);
            const { source, destination, protocol, port } = flow;
            // What one interface has to say to itself is no matter of a network.
            if ("eni" in source && JSON.stringify(source) === JSON.stringify(destination)) continue;
            flows.set(JSON.stringify([source, destination, protocol, port]), flow);
        }
        return [...flows.values()].map((flow, number) => ({ ...flow, id: `f${number}` }));
    }

    private flow(id: string): Flow {
        const { random } = this;
        const protocol = random.weighted<FlowProtocol>([
            [8, "tcp"],
            [2, "udp"],
            [1, "icmp"],
        ]);
        const vpc = random.pick(this.vpcs);
        const all = this.vpcs.flatMap(({ hosts }) => hosts);
        const host = random.pick(vpc.hosts);
        const source = random.weighted<FlowEnd>([
            [8, { eni: host.id }],
            [2, this.instanceOf(host.id) ?? { eni: host.id }],
            [0.5, { eni: random.pick([host.id, ...vpc.endpointInterfaces]) }],
            [1, { ip: this.outside(60) }],
            [0.5, this.many(vpc)],
        ]);
        const port = protocol === "icmp" ? {} : { port: this.port() };
        const destination =
            "ip" in source
                ? { eni: host.id }
                : "eni" in source || "instance" in source
                  ? this.destination(vpc, host.id, protocol, all)
                  : this.many(random.pick(this.vpcs));
        return { id, source, destination, protocol, ...port };
    }

    /** An end of several interfaces. */
    private many(vpc: Vpc): FlowEnd {
        return this.random.chance(0.5)
            ? {
                  securityGroup: this.random.chance(0.1)
                      ? this.random.pick(vpc.groups)
                      : this.carriedGroup(vpc),
              }
            : { subnet: this.random.pick(vpc.hosts).place.id };
    }

    private carriedGroup(vpc: Vpc): string {
        const carried = this.network.snapshot.NetworkInterfaces.filter(
            ({ VpcId, InterfaceType }) => VpcId === vpc.id && InterfaceType === "interface",
        ).flatMap(({ Groups }) => (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []));
        return this.random.pick(carried);
    }

    private port(): NonNullable<Flow["port"]> {
        return this.random.chance(0.9)
            ? this.random.pick(PORTS)
            : this.random.pick([
                  { from: 6650, to: 6651 },
                  { from: 8080, to: 8443 },
                  { from: 442, to: 444 },
              ]);
    }

    private instanceOf(eni: string): FlowEnd | undefined {
        const instance = this.network.snapshot.Instances.find(({ NetworkInterfaces }) =>
            NetworkInterfaces?.some(({ NetworkInterfaceId }) => NetworkInterfaceId === eni),
        );
        return instance?.InstanceId === undefined ? undefined : { instance: instance.InstanceId };
    }

    /** The address outside that this host alone asks for: its NAT gateway takes the same port for each host. */
    private outside(host: number): string {
        const block = this.random.pick(OUTSIDE);
        const [last = "0", ...rest] = block.split(".").reverse();
        return [...rest.reverse(), String(Number(last) + 1 + host)].join(".");
    }

    /** A gateway endpoint that is not there takes addresses out of "the internet"; that is a matter of words, not of packets. */
    private canSayInternet(vpc: Vpc): boolean {
        const endpoint = this.network.snapshot.VpcEndpoints.find(
            ({ VpcEndpointId }) => VpcEndpointId === vpc.s3,
        );
        return vpc.s3 === undefined || endpoint?.State === ("available" as string);
    }

    private destination(vpc: Vpc, source: string, protocol: FlowProtocol, all: Vpc["hosts"]): FlowEnd {
        const { random } = this;
        const number = all.findIndex(({ id }) => id === source);
        const near = vpc.hosts.filter(({ id }) => id !== source);
        const far = all.filter(({ id }) => id !== source);
        const other = random.pick(random.chance(0.6) ? near : far);
        return random.weighted<FlowEnd>([
            [9, { eni: other.id }],
            [1.5, { ip: other.address }],
            [1, this.instanceOf(other.id) ?? { eni: other.id }],
            [5, { ip: this.outside(number) }],
            [0.3, { ip: `${random.pick(vpc.places).prefix}.99` }],
            [0.5, this.many(random.pick(this.vpcs))],
            [0.05, { eni: "eni-gone" }],
            [0.7, { service: "s3" }],
            [protocol === "tcp" && this.canSayInternet(vpc) ? 0.4 : 0, { service: "ssm" }],
            [protocol === "tcp" && this.canSayInternet(vpc) ? 0.2 : 0, { service: "internet" }],
            [
                this.publicOnes.length === 0 ? 0 : 0.3,
                { ip: this.publicOnes[random.integer(0, this.publicOnes.length - 1)] ?? "" },
            ],
            [
                vpc.endpointInterfaces.length === 0 ? 0 : 1,
                { eni: random.pick([...vpc.endpointInterfaces, other.id]) },
            ],
        ]);
    }
}
