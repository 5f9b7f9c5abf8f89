import type { ObservedNetwork } from "../observations";
import { type Edit, kindOf } from "./edits";
import type { Applied, Current, EditServices } from "./edits/kind";

/** The setting is not as the plan saw it: what the edit would overwrite is newer than the plan. */
export class ChangedMeanwhileError extends Error {
    constructor(before: string, now: string) {
        super(`it was changed meanwhile, from ${before} to ${now}`);
        this.name = "ChangedMeanwhileError";
    }
}

/**
 * Reads again what an edit overwrites or removes, right before it does. EC2 has no conditional write, so that a moment remains in
 * which it can change.
 *
 * @param planned The network that the plan was made for.
 * @throws {ChangedMeanwhileError} when it is no longer what the plan was made for.
 */
export async function assertUnchanged(
    edit: Edit,
    services: EditServices,
    planned: ObservedNetwork,
): Promise<void> {
    const kind = kindOf(edit);
    await kind.assertAllowed?.(edit, services);
    const { guarded: before } = kind.current(edit, planned);
    if (before === undefined) return;
    const { guarded: now = "nothing" } = kind.current(edit, await kind.read(edit, services, planned.region));
    if (before !== now) throw new ChangedMeanwhileError(before, now);
}

/**
 * Reads again what a repair wrote, right before it is undone: the undo would remove what somebody has put in its place.
 *
 * @param edit The edit of the repair, not the one that undoes it.
 * @param made What AWS created for it.
 * @throws {ChangedMeanwhileError} when it is no longer what the repair wrote.
 */
export async function assertInEffect(
    edit: Edit,
    services: EditServices,
    { associationId }: Applied,
    region: string,
): Promise<void> {
    const kind = kindOf(edit);
    const wanted = textOf({
        text: kind.wanted(edit),
        ...(associationId === undefined ? {} : { associationId }),
    });
    const now = textOf(kind.current(edit, await kind.read(edit, services, region)));
    if (now !== wanted) throw new ChangedMeanwhileError(wanted, now);
}

/**
 * Whether an edit that was begun is in effect in the network. A run that was stopped between the call and its answer does not know.
 *
 * @returns what AWS created for it; nothing when the edit is not in effect.
 */
export function appliedEarlier(edit: Edit, network: ObservedNetwork): Applied | undefined {
    const kind = kindOf(edit);
    const { text, associationId } = kind.current(edit, network);
    if (text !== kind.wanted(edit)) return undefined;
    return associationId === undefined ? {} : { associationId };
}

function textOf({ text, associationId }: Current): string {
    return associationId === undefined ? text : `${text} (${associationId})`;
}
