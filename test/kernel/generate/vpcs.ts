/** VPCs with their subnets, groups, interfaces and names. */
import { REGION } from "../builder";
import { OUTSIDE_BLOCKS } from "./addresses";
import type { Draft, Vpc } from "./draft";
import { addGateways, addInterfaceEndpoint } from "./gateways";

export function addVpc(draft: Draft, number: number): void {
    const { random, network } = draft;
    const cidr = `10.${number}.0.0/16`;
    const secondary = random.chance(0.4)
        ? [{ cidr: `10.${10 + number}.0.0/20`, state: "associated" as const }]
        : [];
    // Not the VPC's, whatever the list of its blocks says.
    const lost = draft.isFaulty(0.4)
        ? [
              {
                  cidr: random.pick(OUTSIDE_BLOCKS.slice(0, 4)),
                  state: random.pick(["failed", "disassociated"] as const),
              },
          ]
        : [];
    const id = network.vpc(String(number), cidr, {}, [...secondary, ...lost]);
    const vpc: Vpc = {
        id,
        number,
        cidr,
        blocks: [cidr, ...secondary.map((block) => block.cidr)],
        places: [],
        groups: [],
        hosts: [],
        endpointInterfaces: [],
        nats: [],
    };
    draft.vpcs.push(vpc);
    if (draft.isFaulty(0.4)) {
        const described = network.snapshot.Vpcs.find(({ VpcId }) => VpcId === id);
        const mode = random.pick(["block-bidirectional", "block-ingress"] as const);
        if (described !== undefined) described.BlockPublicAccessStates = { InternetGatewayBlockMode: mode };
    }
    const subnets = random.integer(2, 4);
    for (let each = 0; each < subnets; each += 1) {
        const zone = `${REGION}${random.pick(["a", "b"])}`;
        const isElsewhere = secondary.length > 0 && each > 0 && random.chance(0.5);
        const prefix = `10.${isElsewhere ? 10 + number : number}.${each}`;
        const place = { number: each, cidr: `${prefix}.0/24`, prefix, zone, isPublic: each === 0 };
        vpc.places.push({ id: network.subnet(`${number}-${each}`, id, place.cidr, zone), ...place });
    }
    const groups = random.integer(2, 4);
    for (let each = 0; each < groups; each += 1)
        vpc.groups.push(network.securityGroup(`${number}-${each}`, id));
    addGateways(draft, vpc);
    for (let each = 0; each < random.integer(3, 5); each += 1) addHost(draft, vpc, each);
    const isAboutNames = ["names", "hostnames", "own name servers"].includes(draft.theme);
    if (isAboutNames || random.chance(0.5)) addInterfaceEndpoint(draft, vpc);
    addNameFaults(draft, vpc);
}

function addHost(draft: Draft, vpc: Vpc, number: number): void {
    const { random, network } = draft;
    const place = random.pick(vpc.places);
    const groups = random.some(vpc.groups, 0.4);
    const isPublic = place.isPublic ? !draft.isFaulty() : draft.isFaulty(0.3);
    const address = `${place.prefix}.${10 + number}`;
    const id = network.networkInterface(
        `${vpc.number}-${number}`,
        place.id,
        address,
        groups.length === 0 ? [random.pick(vpc.groups)] : groups,
        {
            SourceDestCheck: !random.chance(draft.theme === "appliance" ? 0.5 : 0.15),
            ...(isPublic ? { Association: { PublicIp: draft.publicAddress() } } : {}),
        },
    );
    vpc.hosts.push({ id, address, place });
    if (random.chance(0.5)) network.instance(`${vpc.number}-${number}`, id);
}

/** Names are not the kernel's; what follows from them is. */
function addNameFaults(draft: Draft, vpc: Vpc): void {
    const { VpcAttributes, Vpcs, DhcpOptions } = draft.network.snapshot;
    if (draft.isThemed("unread attributes", 0.03)) delete VpcAttributes[vpc.id];
    const attributes = VpcAttributes[vpc.id];
    if (attributes !== undefined && draft.isThemed("hostnames", 0.3)) attributes.enableDnsHostnames = false;
    if (attributes !== undefined && draft.isThemed("names", 0.1)) attributes.enableDnsSupport = false;
    if (!draft.isThemed("own name servers", 0.1)) return;
    const id = `dopt-${vpc.number}`;
    const values = [{ Value: "10.0.0.53" }];
    DhcpOptions.push({
        DhcpOptionsId: id,
        DhcpConfigurations: [{ Key: "domain-name-servers", Values: values }],
    });
    for (const each of Vpcs) if (each.VpcId === vpc.id) each.DhcpOptionsId = id;
}
