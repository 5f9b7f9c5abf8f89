/** Internet gateways, NAT gateways and endpoints. */
import type { Draft, Vpc } from "./draft";

export function addGateways(draft: Draft, vpc: Vpc): void {
    const { random, network } = draft;
    const name = String(vpc.number);
    if (!draft.isFaulty(0.4)) {
        const isDetached = draft.isFaulty(0.5);
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
        const place = draft.isFaulty() ? random.pick(vpc.places) : vpc.places[0];
        if (place === undefined) continue;
        const address = `${place.prefix}.${200 + each}`;
        const publicIp = draft.isFaulty(0.6) ? undefined : draft.publicAddress();
        const state = draft.isFaulty(0.6)
            ? random.pick(["failed", "pending", "deleting"] as const)
            : "available";
        vpc.nats.push(network.natGateway(`${name}-${each}`, place.id, address, publicIp, state));
    }
    if (random.chance(0.5)) {
        const state = draft.isFaulty(0.6) ? random.pick(["deleting", "pending"]) : "available";
        vpc.s3 = network.gatewayEndpoint(`s3-${name}`, vpc.id, "s3", [], state);
    }
}

export function addInterfaceEndpoint(draft: Draft, vpc: Vpc): void {
    const { random, network } = draft;
    const places = random.some(vpc.places, 0.6);
    if (places.length === 0) return;
    network.interfaceEndpoint(
        `ssm-${vpc.number}`,
        vpc.id,
        "ssm",
        places.map(({ id, prefix }) => ({ subnet: id, address: `${prefix}.150` })),
        [random.pick(vpc.groups)],
        {
            state: draft.isFaulty(0.5) ? "pending" : "available",
            privateDns: !draft.isFaulty(0.5),
        },
    );
    vpc.endpointInterfaces.push(...places.map((_, number) => `eni-ssm-${vpc.number}-${number}`));
}
