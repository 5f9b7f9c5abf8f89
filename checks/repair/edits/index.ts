/** Everything that is ever written to the network: repairs, and what undoes them, are edits of these kinds and nothing else. */

import type { Applied, EditKind, EditServices } from "./kind";
import { isAlreadyDone } from "../../../lib/aws/errors";
import { internetGateway } from "./internet-gateway";
import { networkAclAssociation } from "./network-acl-association";
import { networkAclRule } from "./network-acl-rule";
import { networkInterfaceGroups } from "./network-interface-groups";
import { route } from "./route";
import { routeTableAssociation } from "./route-table-association";
import { securityGroupRule } from "./security-group-rule";
import { studioDomain } from "./studio-domain";
import { vpcAttribute } from "./vpc-attribute";
import { vpcEndpoint } from "./vpc-endpoint";

const KINDS = [
    internetGateway,
    routeTableAssociation,
    route,
    vpcAttribute,
    vpcEndpoint,
    securityGroupRule,
    networkInterfaceGroups,
    networkAclAssociation,
    networkAclRule,
    studioDomain,
] as const;

type EditOf<Kind> = Kind extends EditKind<infer E> ? E : never;

/** One write to the network. It is kept as it is here in Pulumi's state and in the journal. */
export type Edit = EditOf<(typeof KINDS)[number]>;

export type EditAction = Edit["action"];

/** The edits of one action, or of several. */
export type EditBy<Action extends EditAction> = Edit & { action: Action };

const BY_ACTION = new Map(
    (KINDS as readonly EditKind<Edit>[]).flatMap((kind) =>
        Object.keys(kind.costs).map((action) => [action, kind] as const),
    ),
);

/** @throws when no kind has the action: the edit was stored by a later version of the program. */
export function kindOf({ action }: Edit): EditKind<Edit> {
    const kind = BY_ACTION.get(action);
    if (kind === undefined) throw new Error(`${action} is no edit that this version of the program knows`);
    return kind;
}

/** The edit in one line, as messages and the record of a repair show it. */
export function describeEdit(edit: Edit): string {
    return `${edit.action} ${kindOf(edit).describe(edit)}`;
}

/** See {@link EditKind.costs}. */
export function editCost(edit: Edit): number {
    const kind = kindOf(edit);
    return kind.costs[edit.action] + (kind.extraCost?.(edit) ?? 0);
}

/**
 * Makes one edit.
 *
 * @returns what AWS created; nothing when the edit was made already by something else, so that it is not ours to undo.
 */
export async function applyEdit(edit: Edit, services: EditServices): Promise<Applied | undefined> {
    try {
        return await kindOf(edit).apply(edit, services);
    } catch (error) {
        if (isAlreadyDone(error)) return undefined;
        throw error;
    }
}
