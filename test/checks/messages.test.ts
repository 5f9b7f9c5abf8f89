import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { PAGE, withCatalogue } from "../../checks/catalogue-page";
import {
    distinct,
    finding,
    findingKey,
    type MessageId,
    MESSAGES,
    renderFinding,
} from "../../checks/messages";

/** The codes of AWS VPC Reachability Analyzer that the catalogue uses. */
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

const IDS = Object.keys(MESSAGES) as MessageId[];

describe("message catalogue", () => {
    it("uses AWS's codes, or codes of its own that say so", () => {
        for (const id of IDS) {
            const { code } = MESSAGES[id];
            assert.ok(AWS_CODES.includes(code) || code.startsWith("X_"), code);
        }
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
            const messages = IDS.map((id) => MESSAGES[id]).filter((message) => message.row === row);
            assert.ok(messages.length > 0, `row ${row}`);
            for (const message of messages) assert.equal(message.code, code, `row ${row}`);
        }
    });

    it("says of each message what is broken, how it was seen and what to do", () => {
        for (const id of IDS) {
            const message = MESSAGES[id];
            for (const text of [message.template, message.seenBy, message.remedy])
                assert.ok(text.length > 10, id);
            assert.match(
                renderFinding(finding(id, "thing-1")),
                /^(Error|Warning) \[\w+\] .+\.\n {4}seen by: .+\n {4}what to do: .+\n {4}more: docs\/checks\.md#\w+$/,
            );
        }
    });

    it("names the permission and the setting of the stack in the remedy", () => {
        const text = renderFinding(finding("DNS_SUPPORT_OFF", "vpc-1"));
        assert.match(text, /aws ec2 modify-vpc-attribute --vpc-id vpc-1 --enable-dns-support/);
    });

    it("has its page up to date", () => {
        const page = readFileSync(PAGE, "utf8");
        assert.equal(page, withCatalogue(page), "run: npx ts-node checks/catalogue-page.ts");
        for (const id of IDS) assert.ok(page.includes(`#### ${id}\n`), id);
    });

    it("documents every action that the checks call", () => {
        const page = readFileSync(PAGE, "utf8");
        const sources = ["snapshot/take.ts", "repair/apply.ts", "repair/unchanged.ts"].map((path) =>
            readFileSync(join(__dirname, "../../checks", path), "utf8"),
        );
        const actions = new Set(sources.join("").match(/\b[A-Z]\w+(?=Command\b)/g));
        assert.ok(actions.size > 15);
        for (const action of actions) assert.ok(page.includes(`ec2:${action}\``), action);
    });

    it("tells findings apart by message, component and arguments, whatever their order", () => {
        const one = finding("IGW_DETACHED", "igw-1", { a: "1", b: "2" });
        const same = finding("IGW_DETACHED", "igw-1", { b: "2", a: "1" });
        assert.equal(findingKey(one), findingKey(same));
        assert.equal(distinct([one, same, finding("IGW_DETACHED", "igw-2")]).length, 2);
    });
});
