/** Network ACLs. */
import type { NetworkAclEntry } from "@aws-sdk/client-ec2";

import { allowAll, entry, type Ports } from "../builder";
import { block, EPHEMERAL, PORTS, RANGES } from "./addresses";
import type { Draft, Vpc } from "./draft";

export function addAcls(draft: Draft, vpc: Vpc): void {
    const { random, network } = draft;
    const custom = vpc.places.filter(() => random.chance(0.45));
    const rest = vpc.places.filter((place) => !custom.includes(place));
    network.networkAcl(
        `${vpc.number}-default`,
        vpc.id,
        rest.map(({ id }) => id),
        allowAll(),
    );
    for (const place of custom) {
        network.networkAcl(`${vpc.number}-${place.number}`, vpc.id, [place.id], aclEntries(draft, vpc));
    }
}

function aclEntries(draft: Draft, vpc: Vpc): NetworkAclEntry[] {
    const { random } = draft;
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
                if (!draft.isFaulty(0.7)) {
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
            if (!draft.isFaulty(1.2)) continue;
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
                block(draft, vpc),
                protocol === "-1" ? undefined : ports,
            );
        }
    }
    return entries;
}
