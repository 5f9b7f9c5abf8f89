import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { CODES } from "../../checks/catalogue/codes";
import type { ArgumentKind, CheckMessage, Message } from "../../checks/catalogue/message";
import { EXPLANATIONS_PAGE, renderExplanationsPage } from "../../checks/explanations-page";
import {
    type ArgumentTypes,
    distinct,
    type Finding,
    finding,
    FINDING_IDS,
    findingKey,
    MESSAGES,
    PROPOSED_REPAIRS,
    TOPICS,
} from "../../checks/messages";
import { findingText, renderFinding, renderFixed } from "../../checks/render";

/** The codes of AWS VPC Reachability Analyzer that the checks use. */
const AWS_CODES = [
    "AVAILABILITY_ZONE_CROSSED",
    "BAD_STATE",
    "BAD_STATE_ATTACHMENT",
    "BAD_STATE_ROUTE",
    "CANNOT_ROUTE",
    "ENI_SG_RULES_MISMATCH",
    // An error code of the EC2 API.
    "InsufficientFreeAddressesInSubnet",
    "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS",
    "MORE_SPECIFIC_ROUTE",
    "NO_ROUTE_TO_DESTINATION",
    "SG_REFERENCES_NOT_PRESERVED",
    "SUBNET_ACL_RESTRICTION",
    "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
    "UNKNOWN_RESOURCE",
    "VPC_BLOCK_PUBLIC_ACCESS_ENABLED",
];

const ALL: readonly [string, Message][] = Object.values(TOPICS).flatMap((topic) => Object.entries(topic));

/** A value of each kind. */
const VALUES: { readonly [Kind in ArgumentKind]: ArgumentTypes[Kind] } = {
    absence: {},
    aclRule: "*",
    aclTraffic: { egress: true, protocol: "tcp", ports: { from: 443, to: 443 }, cidr: "10.0.0.0/16" },
    consequence: { of: "check" },
    explanation: {
        id: "NO_INTERNET_GATEWAY",
        code: "BAD_STATE_ATTACHMENT",
        component: "vpc-1",
        related: [],
        args: {},
    },
    failure: { code: "InternalError" },
    gateways: "nat",
    id: "id-1",
    ids: ["id-1", "id-2"],
    names: ["one", "two", "three", "four"],
    number: 3,
    payload: { of: "IPv4" },
    policyProblem: "denies",
    ports: { from: 1, to: 2 },
    rule: { direction: "ingress", groupId: "sg-1", protocol: "tcp", peer: { securityGroupId: "sg-2" } },
    target: "nat-1",
    text: "text",
    traffic: { protocol: 6, from: 443, to: 443 },
    vpcId: "vpc-1",
};

function sampleOf(id: Finding["id"]): Finding {
    const kinds = Object.entries(MESSAGES[id].args ?? {});
    const args = Object.fromEntries(kinds.map(([name, kind]) => [name, VALUES[kind]]));
    return { id, code: MESSAGES[id].code, component: "thing-1", args } as unknown as Finding;
}

/** The names in braces, without those of present and past. */
function namesIn(text: string): Set<string> {
    const inner = [...text.matchAll(/\{([^{}|]+)\}/g)].map(([, found = ""]) => found);
    return new Set(inner.map((found) => found.split(":")[0] ?? ""));
}

describe("message catalogue", () => {
    it("uses AWS's codes, or codes of its own that say so", () => {
        for (const id of FINDING_IDS) {
            const { code } = MESSAGES[id];
            assert.ok(AWS_CODES.includes(code) || code.startsWith("X_"), code);
        }
    });

    it("has each message once, and uses each code", () => {
        const ids = ALL.map(([id]) => id);
        assert.equal(new Set(ids).size, ids.length);
        const used = new Set(ALL.map(([, { code }]) => code));
        assert.deepEqual([...used].sort(), Object.keys(CODES).sort());
    });

    it("has the code of the fault catalogue for each row", () => {
        const codes: [number, string][] = [
            [1, "X_DNS_SUPPORT_OFF"],
            [2, "X_DNS_HOSTNAMES_OFF"],
            [5, "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"],
            [7, "NO_ROUTE_TO_DESTINATION"],
            [8, "CANNOT_ROUTE"],
            [9, "NO_ROUTE_TO_DESTINATION"],
            [10, "BAD_STATE_ROUTE"],
            [12, "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"],
            [13, "NO_ROUTE_TO_DESTINATION"],
            [14, "X_NAT_SELF_LOOP"],
            [15, "BAD_STATE"],
            [16, "X_NAT_NOT_PUBLIC"],
            [17, "BAD_STATE_ATTACHMENT"],
            [19, "AVAILABILITY_ZONE_CROSSED"],
            [26, "ENI_SG_RULES_MISMATCH"],
            [30, "X_ENDPOINT_MISSING"],
            [31, "BAD_STATE"],
            [32, "X_ENDPOINT_PRIVATE_DNS_OFF"],
            [34, "ENI_SG_RULES_MISMATCH"],
            [37, "NO_ROUTE_TO_DESTINATION"],
        ];
        for (const [row, code] of codes) {
            const messages = FINDING_IDS.map((id): CheckMessage => MESSAGES[id]).filter(
                (message) => message.row === row,
            );
            assert.ok(messages.length > 0, `row ${row}`);
            for (const message of messages) assert.equal(message.code, code, `row ${row}`);
        }
    });

    it("says of each message what is wrong, how it was seen and what to do", () => {
        for (const id of FINDING_IDS) {
            const message: CheckMessage = MESSAGES[id];
            for (const text of [message.template, message.seenBy, message.remedy])
                assert.ok(text.length > 10, id);
            const text = renderFinding(sampleOf(id));
            assert.match(
                text,
                /^(Error|Warning) \[\w+\] .+\.\n {4}seen by: .+\n {4}what to do: .+\n {4}more: docs\/explanations\.md#\w+$/,
            );
            assert.doesNotMatch(text, /\{[a-z]+[^=]*\}|[|]|undefined|\[object/, id);
        }
    });

    it("declares exactly the values that template and remedy name", () => {
        for (const [id, message] of ALL) {
            const own = "seenBy" in message ? ["component"] : ["component", "rule", "direction", "leg"];
            const named = namesIn(message.template + message.remedy);
            const declared = Object.keys(message.args ?? {});
            for (const name of own) if (!declared.includes(name)) named.delete(name);
            assert.deepEqual([...named].sort(), [...declared].sort(), id);
        }
    });

    it("begins a remedy in lower case where the text says first how the check makes it, and only there", () => {
        for (const [id, message] of ALL) {
            const isAutomatic = "repairer" in message && message.repairer === "automatic";
            assert.equal(
                /^[a-z]/.test(message.remedy) && !message.remedy.startsWith("aws "),
                isAutomatic,
                id,
            );
        }
    });

    it("says of a repaired finding what was wrong, and nothing about what to do", () => {
        const missing = finding("PRIVATE_NO_DEFAULT_ROUTE", "rtb-1", { target: "nat-1" });
        assert.equal(
            findingText(missing),
            "Route table rtb-1 of private subnets has no route to 0.0.0.0/0 (expected: nat-1)",
        );
        assert.equal(
            renderFixed(missing),
            "Fixed [NO_ROUTE_TO_DESTINATION] Route table rtb-1 of private subnets had no route to 0.0.0.0/0 (expected: nat-1).\n" +
                "    seen by: DescribeRouteTables: Routes[] lacks 0.0.0.0/0",
        );
        // Each finding that a repair can cure has a past of its own.
        for (const id of FINDING_IDS.filter((one) =>
            ["automatic", "proposed"].includes(MESSAGES[one].repairer),
        ))
            assert.notEqual(findingText(sampleOf(id), "past"), findingText(sampleOf(id)), id);
    });

    it("says how to let the check make a repair, and how to make it by hand", () => {
        const off = renderFinding(finding("DNS_SUPPORT_OFF", "vpc-1"));
        assert.match(
            off,
            /Run `pulumi up` with checks\.mode fix, or turn it on: aws ec2 modify-vpc-attribute/,
        );
        assert.match(off, /--vpc-id vpc-1 --enable-dns-support/);
        for (const id of PROPOSED_REPAIRS)
            assert.match(
                renderFinding(sampleOf(id)),
                new RegExp(`set checks.mode to fix-proposed and name ${id} in checks.allowedRepairs`),
            );
    });

    it("shortens long lists of flows", () => {
        const by = VALUES.explanation;
        const text = findingText(finding("FLOW_BLOCKED", "vpc-1", { flows: ["a", "b", "c", "d", "e"], by }));
        assert.equal(text, "a, b, c and 2 more cannot connect. vpc-1 has no internet gateway");
    });

    it("has its page up to date", () => {
        const page = readFileSync(EXPLANATIONS_PAGE, "utf8");
        assert.equal(page, renderExplanationsPage(), "run: npx ts-node checks/explanations-page.ts");
        for (const [id] of ALL) assert.ok(page.includes(`### ${id}\n`), id);
    });

    it("documents every action that the checks call", () => {
        const page = readFileSync(join(__dirname, "../../docs/checks.md"), "utf8");
        const checks = join(__dirname, "../../checks");
        const kinds = readdirSync(join(checks, "repair/edits")).map((file) => join("repair/edits", file));
        const sources = ["snapshot/take.ts", "repair/leftover.ts", ...kinds].map((path) =>
            readFileSync(join(checks, path), "utf8"),
        );
        const actions = new Set(sources.join("").match(/\b[A-Z]\w+(?=Command\b)/g));
        assert.ok(actions.size > 15);
        for (const action of actions) assert.ok(page.includes(`ec2:${action}\``), action);
    });

    it("tells findings apart by message, component and values, whatever their order", () => {
        const one = finding("IGW_ELSEWHERE", "igw-1", { vpcId: "1", otherVpcId: "2" });
        const same = finding("IGW_ELSEWHERE", "igw-1", { otherVpcId: "2", vpcId: "1" });
        assert.equal(findingKey(one), findingKey(same));
        const other = finding("IGW_ELSEWHERE", "igw-2", { vpcId: "1", otherVpcId: "2" });
        assert.equal(distinct([one, same, other]).length, 2);
    });
});
