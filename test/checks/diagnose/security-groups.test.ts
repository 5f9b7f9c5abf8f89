import assert from "node:assert/strict";

import type { IpPermission } from "@aws-sdk/client-ec2";
import fc from "fast-check";

import { Model } from "../../../checks/analyze/model";
import { groupsAdmit, type PortUse } from "../../../checks/diagnose/security-groups";
import { parseBlock } from "../../../lib/addresses/ip";
import type { Snapshot } from "../../../checks/snapshot/types";

const HTTPS: PortUse = { protocol: "tcp", ports: { from: 443, to: 443 } };
const peer = { groups: ["sg-client"], ranges: [parseBlock("10.0.16.0/20")] };

function admits(rules: IpPermission[], use: PortUse = HTTPS): boolean {
    const snapshot: Snapshot = {
        region: "us-east-1",
        SecurityGroups: [{ GroupId: "sg-server", IpPermissions: rules }],
        ManagedPrefixLists: [{ PrefixListId: "pl-own", Entries: [{ Cidr: "10.0.0.0/16" }] }],
    };
    return groupsAdmit(new Model(snapshot, new Set()), ["sg-other", "sg-server"], "ingress", peer, use);
}

const from = (GroupId: string) => ({ UserIdGroupPairs: [{ GroupId }] });
const at = (...blocks: string[]) => ({ IpRanges: blocks.map((CidrIp) => ({ CidrIp })) });
const https = { IpProtocol: "tcp", FromPort: 443, ToPort: 443 };

describe("security groups", () => {
    const table: [string, IpPermission[], boolean][] = [
        ["no rule admits nothing", [], false],
        ["a reference to the peer's group", [{ ...https, ...from("sg-client") }], true],
        ["a reference to another group", [{ ...https, ...from("sg-stranger") }], false],
        ["a port range around it", [{ ...https, FromPort: 400, ToPort: 500, ...from("sg-client") }], true],
        ["a port range beside it", [{ ...https, FromPort: 444, ToPort: 500, ...from("sg-client") }], false],
        ["another protocol on the port", [{ ...https, IpProtocol: "udp", ...from("sg-client") }], false],
        ["the protocol by its number", [{ ...https, IpProtocol: "6", ...from("sg-client") }], true],
        ["every protocol", [{ IpProtocol: "-1", ...from("sg-client") }], true],
        ["a block around the peer's", [{ ...https, ...at("10.0.0.0/16") }], true],
        ["a block that holds half of the peer's", [{ ...https, ...at("10.0.16.0/21") }], false],
        [
            "two rules that hold a half each",
            [
                { ...https, ...at("10.0.16.0/21") },
                { ...https, ...at("10.0.24.0/21") },
            ],
            true,
        ],
        [
            "two halves, one of them for another port",
            [
                { ...https, ...at("10.0.16.0/21") },
                { ...https, FromPort: 80, ToPort: 80, ...at("10.0.24.0/21") },
            ],
            false,
        ],
        [
            "a prefix list around the peer's",
            [{ ...https, PrefixListIds: [{ PrefixListId: "pl-own" }] }],
            true,
        ],
        [
            "a prefix list that was not read",
            [{ ...https, PrefixListIds: [{ PrefixListId: "pl-unknown" }] }],
            false,
        ],
    ];
    for (const [name, rules, expected] of table)
        it(`${name}: ${expected ? "admitted" : "refused"}`, () => {
            assert.equal(admits(rules), expected);
            assert.equal(admits([...rules].reverse()), expected);
        });

    it("refuses peers whose addresses are not known by a rule that goes by address", () => {
        const snapshot: Snapshot = {
            region: "us-east-1",
            SecurityGroups: [{ GroupId: "sg", IpPermissions: [{ ...https, ...at("0.0.0.0/0") }] }],
        };
        assert.equal(
            groupsAdmit(new Model(snapshot, new Set()), ["sg"], "ingress", { groups: [], ranges: [] }, HTTPS),
            false,
        );
    });

    it("never loses an admission by another rule", () => {
        const rule: fc.Arbitrary<IpPermission> = fc.record({
            IpProtocol: fc.constantFrom("tcp", "udp", "-1", "6"),
            FromPort: fc.constantFrom(0, 80, 443, 444),
            ToPort: fc.constantFrom(80, 443, 65535),
            UserIdGroupPairs: fc.constantFrom([], [{ GroupId: "sg-client" }], [{ GroupId: "sg-stranger" }]),
            IpRanges: fc.constantFrom(
                [],
                [{ CidrIp: "10.0.0.0/16" }],
                [{ CidrIp: "10.0.16.0/21" }],
                [{ CidrIp: "10.0.24.0/21" }],
            ),
        });
        fc.assert(
            fc.property(fc.array(rule, { maxLength: 6 }), rule, (rules, added) => {
                if (admits(rules)) assert.ok(admits([...rules, added]));
            }),
        );
    });
});
