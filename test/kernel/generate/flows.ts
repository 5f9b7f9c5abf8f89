/** The flows that a generated network is asked about. */
import type { Flow, FlowEnd, FlowProtocol } from "../../../checks/flow";
import { OUTSIDE, PORTS } from "./addresses";
import type { Draft, Vpc } from "./draft";

/** The flows of one network. */
const FLOWS = 70;

export function flowsIn(draft: Draft): Flow[] {
    const flows = new Map<string, Flow>();
    for (let tries = 0; tries < FLOWS * 2 && flows.size < FLOWS; tries += 1) {
        const flow = flowIn(draft, `f${flows.size}`);
        const { source, destination, protocol, port } = flow;
        // What one interface has to say to itself is no matter of a network.
        if ("eni" in source && JSON.stringify(source) === JSON.stringify(destination)) continue;
        flows.set(JSON.stringify([source, destination, protocol, port]), flow);
    }
    return [...flows.values()].map((flow, number) => ({ ...flow, id: `f${number}` }));
}

function flowIn(draft: Draft, id: string): Flow {
    const { random } = draft;
    const protocol = random.weighted<FlowProtocol>([
        [8, "tcp"],
        [2, "udp"],
        [1, "icmp"],
    ]);
    const vpc = random.pick(draft.vpcs);
    const all = draft.vpcs.flatMap(({ hosts }) => hosts);
    const host = random.pick(vpc.hosts);
    const source = random.weighted<FlowEnd>([
        [8, { eni: host.id }],
        [2, instanceOf(draft, host.id) ?? { eni: host.id }],
        [0.5, { eni: random.pick([host.id, ...vpc.endpointInterfaces]) }],
        [1, { ip: outside(draft, 60) }],
        [0.5, many(draft, vpc)],
    ]);
    const port = protocol === "icmp" ? {} : { port: portOf(draft) };
    const destination =
        "ip" in source
            ? { eni: host.id }
            : "eni" in source || "instance" in source
              ? destinationIn(draft, vpc, host.id, protocol, all)
              : many(draft, random.pick(draft.vpcs));
    return { id, source, destination, protocol, ...port };
}

/** An end of several interfaces. */
function many(draft: Draft, vpc: Vpc): FlowEnd {
    return draft.random.chance(0.5)
        ? {
              securityGroup: draft.random.chance(0.1)
                  ? draft.random.pick(vpc.groups)
                  : carriedGroup(draft, vpc),
          }
        : { subnet: draft.random.pick(vpc.hosts).place.id };
}

function carriedGroup(draft: Draft, vpc: Vpc): string {
    const carried = draft.network.snapshot.NetworkInterfaces.filter(
        ({ VpcId, InterfaceType }) => VpcId === vpc.id && InterfaceType === "interface",
    ).flatMap(({ Groups }) => (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []));
    return draft.random.pick(carried);
}

function portOf(draft: Draft): NonNullable<Flow["port"]> {
    return draft.random.chance(0.9)
        ? draft.random.pick(PORTS)
        : draft.random.pick([
              { from: 6650, to: 6651 },
              { from: 8080, to: 8443 },
              { from: 442, to: 444 },
          ]);
}

function instanceOf(draft: Draft, eni: string): FlowEnd | undefined {
    const instance = draft.network.snapshot.Instances.find(({ NetworkInterfaces }) =>
        NetworkInterfaces?.some(({ NetworkInterfaceId }) => NetworkInterfaceId === eni),
    );
    return instance?.InstanceId === undefined ? undefined : { instance: instance.InstanceId };
}

/** The address outside that this host alone asks for: its NAT gateway takes the same port for each host. */
function outside(draft: Draft, host: number): string {
    const block = draft.random.pick(OUTSIDE);
    const [last = "0", ...rest] = block.split(".").reverse();
    return [...rest.reverse(), String(Number(last) + 1 + host)].join(".");
}

/** A gateway endpoint that is not there takes addresses out of "the internet"; that is a matter of words, not of packets. */
function canSayInternet(draft: Draft, vpc: Vpc): boolean {
    const endpoint = draft.network.snapshot.VpcEndpoints.find(
        ({ VpcEndpointId }) => VpcEndpointId === vpc.s3,
    );
    return vpc.s3 === undefined || endpoint?.State === ("available" as string);
}

function destinationIn(
    draft: Draft,
    vpc: Vpc,
    source: string,
    protocol: FlowProtocol,
    all: Vpc["hosts"],
): FlowEnd {
    const { random } = draft;
    const number = all.findIndex(({ id }) => id === source);
    const near = vpc.hosts.filter(({ id }) => id !== source);
    const far = all.filter(({ id }) => id !== source);
    const other = random.pick(random.chance(0.6) ? near : far);
    return random.weighted<FlowEnd>([
        [9, { eni: other.id }],
        [1.5, { ip: other.address }],
        [1, instanceOf(draft, other.id) ?? { eni: other.id }],
        [5, { ip: outside(draft, number) }],
        [0.3, { ip: `${random.pick(vpc.places).prefix}.99` }],
        [0.5, many(draft, random.pick(draft.vpcs))],
        [0.05, { eni: "eni-gone" }],
        [0.7, { service: "s3" }],
        [protocol === "tcp" && canSayInternet(draft, vpc) ? 0.4 : 0, { service: "ssm" }],
        [protocol === "tcp" && canSayInternet(draft, vpc) ? 0.2 : 0, { service: "internet" }],
        [
            draft.publicOnes.length === 0 ? 0 : 0.3,
            { ip: draft.publicOnes[random.integer(0, draft.publicOnes.length - 1)] ?? "" },
        ],
        [
            vpc.endpointInterfaces.length === 0 ? 0 : 1,
            { eni: random.pick([...vpc.endpointInterfaces, other.id]) },
        ],
    ]);
}
