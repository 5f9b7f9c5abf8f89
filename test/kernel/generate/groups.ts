/** The rules of security groups. */
import type { Ports, RulePeer } from "../builder";
import { block, PORTS, RANGES } from "./addresses";
import type { Draft, Vpc } from "./draft";

export function addRules(draft: Draft, vpc: Vpc): void {
    const { random, network } = draft;
    for (const group of vpc.groups) {
        if (draft.theme === "appliance" && random.chance(0.8)) {
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
        if (egress === "some") addSomeRules(draft, vpc, group, true);
        if (random.chance(0.3))
            network.groupRule(group, false, "-1", -1, { cidr: random.pick(["0.0.0.0/0", "10.0.0.0/8"]) });
        else if (!draft.isFaulty(0.3)) addSomeRules(draft, vpc, group, false);
    }
}

function addSomeRules(draft: Draft, vpc: Vpc, group: string, egress: boolean): void {
    const { random, network } = draft;
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
        network.groupRule(group, egress, protocol, ports, peer(draft, vpc));
    }
}

function peer(draft: Draft, vpc: Vpc): RulePeer {
    const { random } = draft;
    return random.weighted<RulePeer>([
        [5, { group: random.pick(vpc.groups) }],
        [1, { group: random.pick(random.pick(draft.vpcs).groups.concat(vpc.groups)) }],
        [3, { cidr: block(draft, vpc) }],
        [2, { cidr: "0.0.0.0/0" }],
        [1, { list: random.pick([...draft.lists, "pl-s3", "pl-subnets", "pl-subnets"]) }],
    ]);
}
