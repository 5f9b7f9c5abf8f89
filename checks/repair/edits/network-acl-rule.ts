import {
    CreateNetworkAclEntryCommand,
    DeleteNetworkAclEntryCommand,
    DescribeNetworkAclsCommand,
    type NetworkAclEntry,
} from "@aws-sdk/client-ec2";

import { type PortRange, rangeText } from "../../flow";
import type { Snapshot } from "../../snapshot/types";
import type { EditKind } from "./kind";

/** A rule of a network ACL. */
export interface NetworkAclRuleEdit {
    action: "CreateNetworkAclEntry" | "DeleteNetworkAclEntry";
    networkAclId: string;
    entry: NetworkAclRule;
}

export interface NetworkAclRule {
    ruleNumber: number;
    egress: boolean;
    ruleAction: "allow" | "deny";
    /** A protocol's number; "-1" is all of them. */
    protocol: string;
    cidr: string;
    ports?: PortRange;
}

const NO_RULE = "no rule";

export const networkAclRule: EditKind<NetworkAclRuleEdit> = {
    costs: { CreateNetworkAclEntry: 10, DeleteNetworkAclEntry: 12 },

    describe: ({ entry, networkAclId }) => `${ruleText(entry)} of ${networkAclId}`,

    touches: ({ networkAclId }) => [networkAclId],

    async read({ networkAclId }, { ec2 }, region) {
        const NetworkAclIds = [networkAclId];
        const { NetworkAcls = [] } = await ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds }));
        return { region, NetworkAcls };
    },

    current(edit, network) {
        const found = entryOf(edit, network);
        const [content, own] = [contentOf(found ?? {}), contentOf(input(edit.entry))];
        // The same number with another content is another rule.
        const text = found === undefined ? NO_RULE : content === own ? edit.entry.ruleAction : content;
        // AWS refuses to create a rule with a number that is taken.
        return edit.action === "CreateNetworkAclEntry" ? { text } : { text, guarded: content };
    },

    wanted: ({ action, entry }) => (action === "CreateNetworkAclEntry" ? entry.ruleAction : NO_RULE),

    async apply({ action, networkAclId: NetworkAclId, entry }, { ec2 }) {
        const { RuleNumber, Egress, ...content } = input(entry);
        const key = { NetworkAclId, RuleNumber, Egress };
        await (action === "CreateNetworkAclEntry"
            ? ec2.send(new CreateNetworkAclEntryCommand({ ...key, ...content }))
            : ec2.send(new DeleteNetworkAclEntryCommand(key)));
        return {};
    },

    undo: (edit) => ({
        ...edit,
        action: edit.action === "CreateNetworkAclEntry" ? "DeleteNetworkAclEntry" : "CreateNetworkAclEntry",
    }),
};

function entryOf(
    { networkAclId, entry: { ruleNumber, egress } }: NetworkAclRuleEdit,
    { NetworkAcls = [] }: Snapshot,
): NetworkAclEntry | undefined {
    return NetworkAcls.find((acl) => acl.NetworkAclId === networkAclId)?.Entries?.find(
        (one) => one.RuleNumber === ruleNumber && one.Egress === egress,
    );
}

function contentOf({ RuleAction, Protocol, CidrBlock, PortRange }: NetworkAclEntry): string {
    return JSON.stringify([RuleAction, Protocol, CidrBlock, PortRange?.From, PortRange?.To]);
}

function input({ ruleNumber, egress, ruleAction, protocol, cidr, ports }: NetworkAclRule) {
    return {
        RuleNumber: ruleNumber,
        Egress: egress,
        RuleAction: ruleAction,
        Protocol: protocol,
        CidrBlock: cidr,
        ...(ports === undefined ? {} : { PortRange: { From: ports.from, To: ports.to } }),
    };
}

/** "rule 50 (deny TCP 443 in from 10.0.0.0/16)" */
function ruleText({ ruleNumber, egress, ruleAction, protocol, cidr, ports }: NetworkAclRule): string {
    const names: Record<string, string> = { "-1": "everything", "6": "TCP", "17": "UDP" };
    const what = `${names[protocol] ?? protocol}${ports === undefined ? "" : ` ${rangeText(ports)}`}`;
    return `rule ${ruleNumber} (${ruleAction} ${what} ${egress ? "out to" : "in from"} ${cidr})`;
}
