/** Peering connections and the routes over them, and the appliances that routes lead to. */
import type { Route } from "@aws-sdk/client-ec2";

import type { Draft, Vpc } from "./draft";

export function addPeerings(draft: Draft): void {
    for (let a = 0; a < draft.vpcs.length; a += 1) {
        for (let b = a + 1; b < draft.vpcs.length; b += 1) {
            if (!draft.random.chance(0.8)) continue;
            const [requester, accepter] = [draft.vpcs[a]?.id, draft.vpcs[b]?.id];
            if (requester === undefined || accepter === undefined) continue;
            const state = draft.isFaulty(0.5)
                ? draft.random.pick(["pending-acceptance", "deleted", "rejected"])
                : "active";
            draft.peerings.push({
                id: draft.network.peering(`${a}${b}`, requester, accepter, state),
                a,
                b,
            });
        }
    }
}

export function peerRoutes(draft: Draft, vpc: Vpc): Route[] {
    return draft.peerings
        .filter(({ a, b }) => a === vpc.number || b === vpc.number)
        .flatMap(({ id, a, b }) => {
            const peer = a === vpc.number ? b : a;
            return (draft.vpcs[peer]?.blocks ?? []).flatMap((whole): Route[] => {
                if (draft.isFaulty()) return [];
                const [start] = whole.split(".0.0/");
                const block = draft.isFaulty(0.7)
                    ? draft.random.pick([`${start}.0.0/24`, `${start}.1.0/24`, `${start}.0.0/23`])
                    : whole;
                const route = { DestinationCidrBlock: block, VpcPeeringConnectionId: id };
                return [draft.isFaulty(0.3) ? { ...route, State: "blackhole" } : route];
            });
        });
}

export function peeringOf(draft: Draft, vpc: Vpc): string | undefined {
    return draft.peerings.find(({ a, b }) => a === vpc.number || b === vpc.number)?.id;
}

export function forwards(draft: Draft, id: string): boolean {
    return draft.network.snapshot.NetworkInterfaces.some(
        (one) => one.NetworkInterfaceId === id && one.SourceDestCheck === false,
    );
}
