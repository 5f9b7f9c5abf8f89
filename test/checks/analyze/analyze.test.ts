import assert from "node:assert/strict";

import { analyze } from "../../../checks/analyze";
import type { Flow, FlowEnd } from "../../../checks/flow";
import type { Verdict } from "../../../checks/matrix";
import type { Snapshot } from "../../../checks/snapshot/types";
import { entry, network } from "./support/network";

const CLIENT: FlowEnd = { eni: "eni-client" };
const SERVER: FlowEnd = { eni: "eni-server" };
const PEER: FlowEnd = { eni: "eni-peer" };
const INTERNET: FlowEnd = { service: "internet" };

function judge(
    source: FlowEnd,
    destination: FlowEnd,
    port: number,
    change: (snapshot: Snapshot) => void = () => undefined,
    protocol: Flow["protocol"] = "tcp",
) {
    const snapshot = network();
    change(snapshot);
    return analyze(snapshot, { id: "flow", source, destination, protocol, port });
}

/** The blocking set as short texts: code, component, direction, leg, rule. */
function texts({ explanations }: ReturnType<typeof analyze>): string[] {
    return explanations.map(({ code, component, direction, leg, rule }) =>
        [code, component, leg, direction, rule].filter((part) => part !== undefined).join(" "),
    );
}

function routes(snapshot: Snapshot, tableId: string) {
    const table = snapshot.RouteTables?.find(({ RouteTableId }) => RouteTableId === tableId);
    assert.ok(table?.Routes);
    return table.Routes;
}

function acl(snapshot: Snapshot, id: string) {
    const found = snapshot.NetworkAcls?.find(({ NetworkAclId }) => NetworkAclId === id);
    assert.ok(found?.Entries);
    return found.Entries;
}

function group(snapshot: Snapshot, id: string) {
    const found = snapshot.SecurityGroups?.find(({ GroupId }) => GroupId === id);
    assert.ok(found);
    return found;
}

describe("analysis of a sound network", () => {
    const cases: [string, FlowEnd, FlowEnd, number, Verdict][] = [
        ["between subnets with network ACLs that allow all", CLIENT, SERVER, 6650, "REACHABLE"],
        ["within a subnet", CLIENT, { eni: "eni-neighbour" }, 6650, "REACHABLE"],
        ["on a port without a rule", CLIENT, SERVER, 6651, "UNREACHABLE"],
        ["across a peering connection, by reference", CLIENT, PEER, 6650, "REACHABLE"],
        ["to the internet through a NAT gateway", CLIENT, INTERNET, 443, "REACHABLE"],
        ["to the internet with a public address", { eni: "eni-web" }, INTERNET, 443, "REACHABLE"],
        ["to the internet from an isolated subnet", { eni: "eni-lonely" }, INTERNET, 443, "UNREACHABLE"],
        ["from the internet to a public address", INTERNET, { eni: "eni-web" }, 443, "REACHABLE"],
        ["from one address of the internet", { ip: "8.8.8.8" }, { eni: "eni-web" }, 443, "REACHABLE"],
        ["from the internet to a private address", INTERNET, SERVER, 6650, "UNREACHABLE"],
        ["to S3 through its gateway endpoint", CLIENT, { service: "s3" }, 443, "REACHABLE"],
        ["to SSM through its interface endpoint", CLIENT, { service: "ssm" }, 443, "REACHABLE"],
        ["to SSM from another subnet", { eni: "eni-lonely" }, { service: "ssm" }, 443, "REACHABLE"],
        ["by address", CLIENT, { ip: "10.0.2.10" }, 6650, "REACHABLE"],
        ["to an address that nobody has", CLIENT, { ip: "10.0.2.99" }, 6650, "UNREACHABLE"],
        ["to Amazon's resolver", CLIENT, { ip: "10.0.0.2" }, 53, "REACHABLE"],
        [
            "from a group to a group",
            { securityGroup: "sg-client" },
            { securityGroup: "sg-server" },
            6650,
            "REACHABLE",
        ],
        ["from a subnet", { subnet: "subnet-one" }, INTERNET, 443, "REACHABLE"],
        ["from an id that is not there", { eni: "eni-gone" }, SERVER, 6650, "UNKNOWN"],
    ];
    for (const [what, source, destination, port, verdict] of cases)
        it(`${verdict}: ${what}`, () => assert.equal(judge(source, destination, port).verdict, verdict));

    it("leaves no UNREACHABLE without an explanation, and no REACHABLE with one", () => {
        for (const [, source, destination, port] of cases) {
            const { verdict, explanations } = judge(source, destination, port);
            assert.equal(explanations.length === 0, verdict === "REACHABLE");
        }
    });

    it("names every hop and the rule that let the flow pass", () => {
        const { path } = judge(CLIENT, SERVER, 6650);
        assert.deepEqual(
            path.map(({ component, rule }) => [component, rule]),
            [
                ["eni-client", undefined],
                ["sg-client", "IpPermissionsEgress[0]"],
                ["acl-one", 100],
                ["rtb-private", "10.0.0.0/16"],
                ["acl-two", 100],
                ["sg-server", "IpPermissions[0]"],
                ["eni-server", undefined],
            ],
        );
    });
});

describe("analysis of network ACLs", () => {
    it("is not stopped by a denial of another protocol", () => {
        const { verdict } = judge(CLIENT, SERVER, 6650, (snapshot) =>
            acl(snapshot, "acl-two").push(entry(50, false, "deny", { protocol: "17", ports: [0, 65_535] })),
        );
        assert.equal(verdict, "REACHABLE");
    });

    it("names a lower denial that shadows an allowance, by its number", () => {
        const verdict = judge(CLIENT, SERVER, 6650, (snapshot) =>
            acl(snapshot, "acl-two").push(entry(50, false, "deny", { protocol: "6", ports: [6000, 7000] })),
        );
        assert.deepEqual(texts(verdict), ["SUBNET_ACL_RESTRICTION acl-two ingress 50"]);
    });

    it("asks for the answers too, on both sides", () => {
        const verdict = judge(CLIENT, SERVER, 6650, (snapshot) => {
            acl(snapshot, "acl-two").push(entry(50, true, "deny", {}));
            acl(snapshot, "acl-one").push(entry(60, false, "deny", { protocol: "6" }));
        });
        assert.deepEqual(texts(verdict), [
            "SUBNET_ACL_RESTRICTION acl-two return egress 50",
            "SUBNET_ACL_RESTRICTION acl-one return ingress 60",
        ]);
    });

    it("says when only a part of the ephemeral ports is let through, and adds up what several entries allow", () => {
        const allowing = (...ranges: [number, number][]) =>
            judge(CLIENT, SERVER, 6650, (snapshot) => {
                const entries = acl(snapshot, "acl-two");
                entries.splice(
                    0,
                    1,
                    ...ranges.map((ports, index) =>
                        entry(100 + index, true, "allow", { protocol: "6", ports }),
                    ),
                );
            });
        assert.deepEqual(texts(allowing([32_768, 40_000])), [
            "X_NACL_EPHEMERAL_PARTIAL acl-two return egress 32767",
        ]);
        assert.equal(allowing([32_768, 40_000], [40_001, 60_999]).verdict, "REACHABLE");
    });

    it("never applies within a subnet", () => {
        const { verdict } = judge(CLIENT, { eni: "eni-neighbour" }, 6650, (snapshot) => {
            acl(snapshot, "acl-one").length = 0;
        });
        assert.equal(verdict, "REACHABLE");
    });

    it("counts those of the NAT gateway's subnet, with the NAT gateway's own ports", () => {
        const verdict = judge(CLIENT, INTERNET, 443, (snapshot) => {
            const entries = acl(snapshot, "acl-public");
            const inbound = entries.findIndex((one) => one.Egress === false && one.RuleNumber === 100);
            entries.splice(
                inbound,
                1,
                entry(100, false, "allow", { protocol: "6", ports: [32_768, 60_999] }),
                entry(110, false, "allow", { cidr: "10.0.0.0/16" }),
            );
        });
        assert.deepEqual(texts(verdict), ["X_NACL_EPHEMERAL_PARTIAL acl-public return ingress 32767"]);
        assert.deepEqual(
            verdict.warnings.map(({ code }) => code),
            ["REMAP_EPHEMERAL_PORT"],
        );
    });
});

describe("analysis of the complete blocking set", () => {
    it("names both groups, all four network ACLs and the missing route, not the first alone", () => {
        const verdict = judge(CLIENT, PEER, 6650, (snapshot) => {
            group(snapshot, "sg-client").IpPermissionsEgress = [];
            group(snapshot, "sg-peer").IpPermissions = [];
            for (const id of ["acl-one", "acl-peer"])
                for (const egress of [true, false]) acl(snapshot, id).push(entry(1, egress, "deny", {}));
            routes(snapshot, "rtb-private").splice(3, 1);
            routes(snapshot, "rtb-peer").splice(1, 1);
        });
        assert.deepEqual(texts(verdict), [
            "ENI_SG_RULES_MISMATCH sg-client egress",
            "SG_HAS_NO_RULES sg-client egress",
            "SUBNET_ACL_RESTRICTION acl-one egress 1",
            "NO_ROUTE_TO_DESTINATION rtb-private",
            "SUBNET_ACL_RESTRICTION acl-peer ingress 1",
            "ENI_SG_RULES_MISMATCH sg-peer ingress",
            "SG_HAS_NO_RULES sg-peer ingress",
            "SUBNET_ACL_RESTRICTION acl-peer return egress 1",
            "NO_ROUTE_TO_DESTINATION rtb-peer return",
            "SUBNET_ACL_RESTRICTION acl-one return ingress 1",
        ]);
    });
});
