import assert from "node:assert/strict";

import type { IpPermission, NetworkAclEntry, Route } from "@aws-sdk/client-ec2";
import fc from "fast-check";

import { analyze } from "../../../checks/analyze";
import type { Snapshot } from "../../../checks/snapshot/types";
import { aclEntries, groupOf, itemOf, routesOf } from "./support/edit";
import { entry, from, network, tcp } from "./support/network";

const rule: fc.Arbitrary<IpPermission> = fc.oneof(
    fc.constantFrom(from("sg-client", 6650), from("sg-web", 6650), from("sg-client", 443)),
    fc
        .tuple(
            fc.constantFrom("10.0.1.0/24", "10.0.0.0/16", "10.0.1.0/25", "10.0.2.0/24"),
            fc.constantFrom(6000, 6650),
        )
        .map(([cidr, port]) => tcp(cidr, port, 6650)),
);
const aclEntry: fc.Arbitrary<NetworkAclEntry> = fc
    .record({
        number: fc.integer({ min: 1, max: 200 }),
        egress: fc.boolean(),
        action: fc.constantFrom("allow" as const, "deny" as const),
        protocol: fc.constantFrom("-1", "6", "17"),
        ports: fc.constantFrom<[number, number]>(
            [0, 65_535],
            [6650, 6650],
            [32_768, 60_999],
            [32_768, 50_000],
        ),
        cidr: fc.constantFrom("0.0.0.0/0", "10.0.1.0/24", "10.0.1.0/25", "10.0.2.0/24"),
    })
    .map(({ number, egress, action, protocol, ports, cidr }) =>
        entry(number, egress, action, protocol === "-1" ? { cidr } : { protocol, ports, cidr }),
    );
/** AWS takes no two entries of one number and direction. */
const entries = fc.uniqueArray(aclEntry, {
    maxLength: 6,
    selector: ({ RuleNumber, Egress }) => `${RuleNumber} ${Egress}`,
});
const route: fc.Arbitrary<Route> = fc
    .tuple(
        fc.constantFrom("10.0.2.0/24", "10.1.0.0/16", "10.0.0.0/8", "0.0.0.0/0", "10.1.1.0/24"),
        fc.constantFrom<Route>(
            { NatGatewayId: "nat-a" },
            { VpcPeeringConnectionId: "pcx-ab" },
            { VpcPeeringConnectionId: "pcx-x", State: "blackhole" },
            { NetworkInterfaceId: "eni-web" },
        ),
    )
    .map(([DestinationCidrBlock, target]) => ({ DestinationCidrBlock, State: "active", ...target }));
const routes = fc.uniqueArray(route, { maxLength: 5, selector: (one) => one.DestinationCidrBlock });

function judge(change: (snapshot: Snapshot) => void, destination = "eni-server") {
    const snapshot = network();
    change(snapshot);
    return analyze(snapshot, {
        id: "flow",
        source: { eni: "eni-client" },
        destination: { eni: destination },
        protocol: "tcp",
        port: 6650,
    });
}

/** What an answer says, but for the names of the rules that let the flow pass. */
function said({ verdict, explanations }: ReturnType<typeof analyze>) {
    const texts = explanations.map(
        ({ code, component, leg, direction }) => `${code} ${component} ${leg} ${direction}`,
    );
    return { verdict, explanations: texts.sort() };
}

const withRules = (rules: IpPermission[]) =>
    judge((snapshot) => void (groupOf(snapshot, "sg-server").IpPermissions = rules));
const withEntries = (list: NetworkAclEntry[]) =>
    judge(
        (snapshot) =>
            void (itemOf(snapshot.NetworkAcls, (one) => one.NetworkAclId === "acl-two").Entries = list),
    );
const withRoutes = (list: Route[]) =>
    judge((snapshot) => void routesOf(snapshot, "rtb-private").splice(1, 3, ...list), "eni-peer");

/** The two halves of an IPv4 block. */
function halves(cidr: string): [string, string] {
    const [address = "", length = ""] = cidr.split("/");
    const octets = address.split(".").map(Number);
    const at = Math.floor(Number(length) / 8);
    const upper = octets.map((octet, index) =>
        index === at ? octet + 2 ** (7 - (Number(length) % 8)) : octet,
    );
    return [`${address}/${Number(length) + 1}`, `${upper.join(".")}/${Number(length) + 1}`];
}

function holds<T>(property: fc.IProperty<T>): void {
    fc.assert(property, { numRuns: 400 });
}

describe("properties of the analysis", function () {
    this.timeout(60_000);

    it("never loses reachability by another rule of a group", () => {
        holds(
            fc.property(fc.array(rule, { maxLength: 4 }), rule, (rules, added) => {
                if (withRules(rules).verdict === "REACHABLE")
                    assert.equal(withRules([...rules, added]).verdict, "REACHABLE");
            }),
        );
    });

    it("takes the rules of a group in any order", () => {
        holds(
            fc.property(fc.array(rule, { maxLength: 5 }), (rules) =>
                assert.deepEqual(said(withRules([...rules].reverse())), said(withRules(rules))),
            ),
        );
    });

    it("takes routes in any order", () => {
        holds(
            fc.property(routes, (list) =>
                assert.deepEqual(said(withRoutes([...list].reverse())), said(withRoutes(list))),
            ),
        );
    });

    it("takes the entries of a network ACL by their numbers alone", () => {
        holds(
            fc.property(entries, (list) =>
                assert.deepEqual(withEntries([...list].reverse()), withEntries(list)),
            ),
        );
    });

    it("is not changed by splitting a block into its halves", () => {
        holds(
            fc.property(fc.array(rule, { maxLength: 4 }), (rules) => {
                const split = rules.flatMap((one) => {
                    const [range] = one.IpRanges ?? [];
                    if (range?.CidrIp === undefined) return [one];
                    return halves(range.CidrIp).map((CidrIp) => ({ ...one, IpRanges: [{ CidrIp }] }));
                });
                assert.deepEqual(said(withRules(split)), said(withRules(rules)));
            }),
        );
        holds(
            fc.property(entries, (list) => {
                // Twice the numbers, so that both halves stand where the whole one stood.
                const split = list.flatMap((one) =>
                    halves(one.CidrBlock ?? "").map((CidrBlock, index) => ({
                        ...one,
                        CidrBlock,
                        RuleNumber: 2 * (one.RuleNumber ?? 0) + index,
                    })),
                );
                assert.deepEqual(said(withEntries(split)), said(withEntries(list)));
            }),
        );
        holds(
            fc.property(routes, (list) => {
                const written = new Set(list.map((one) => one.DestinationCidrBlock));
                const split = list.flatMap((one) => {
                    const parts = halves(one.DestinationCidrBlock ?? "");
                    if (parts.some((part) => written.has(part))) return [one];
                    return parts.map((DestinationCidrBlock) => ({ ...one, DestinationCidrBlock }));
                });
                assert.equal(withRoutes(split).verdict, withRoutes(list).verdict);
            }),
        );
    });

    it("does without an entry that a lower one shadows", () => {
        holds(
            fc.property(entries, aclEntry, (list, shadow) => {
                const top = { ...shadow, RuleNumber: 0 };
                const shadowed = { ...shadow, RuleNumber: 500, RuleAction: "deny" as const };
                assert.deepEqual(withEntries([top, ...list, shadowed]), withEntries([top, ...list]));
            }),
        );
    });

    it("changes nothing in the snapshot", () => {
        const snapshot = network();
        const before = structuredClone(snapshot);
        analyze(snapshot, {
            id: "flow",
            source: { subnet: "subnet-one" },
            destination: { service: "internet" },
            protocol: "tcp",
            port: 443,
        });
        assert.deepEqual(snapshot, before);
        assert.ok(aclEntries(snapshot, "acl-one").length > 0);
    });
});
