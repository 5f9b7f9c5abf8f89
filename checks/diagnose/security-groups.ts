import type { SecurityGroup } from "@aws-sdk/client-ec2";

import type { Model } from "../analyze/model";
import { admission, type Group, type Peer } from "../analyze/security-groups";
import { requestOf } from "../analyze/traffic";
import type { PortRange } from "../flow";
import type { Snapshot } from "../snapshot/types";

export interface PortUse {
    protocol: "tcp" | "udp";
    ports: PortRange;
}

export function securityGroupById(snapshot: Snapshot, groupId: string): SecurityGroup | undefined {
    return snapshot.SecurityGroups?.find((group) => group.GroupId === groupId);
}

/**
 * Whether these groups together admit a connection, in or out, whoever will carry them. Replies need no rule. A rule that lets the whole
 * internet in does not count: on a port that somebody serves it is a fault and goes, and what it hides has to be there before.
 */
export function groupsAdmit(
    { groups, follows }: Pick<Model, "groups" | "follows">,
    groupIds: readonly string[],
    direction: "ingress" | "egress",
    peer: Peer,
    { protocol, ports }: PortUse,
): boolean {
    const carried = groupIds.flatMap((id) => groups.get(id) ?? []).map(withoutWorld);
    return admission(carried, direction, requestOf(protocol, ports, 4), peer, follows).admitted;
}

function withoutWorld(group: Group): Group {
    const ingress = group.ingress.map((rule) => ({
        ...rule,
        blocks: rule.blocks.filter(({ length }) => length > 0),
    }));
    return { ...group, ingress };
}
