import { argumentIds, type ArgumentsOf, type Explanation, type ExplanationId, MESSAGES } from "../messages";
import type { Direction } from "../flow";

interface Place {
    readonly direction?: Direction;
    readonly leg?: "return" | undefined;
    readonly rule?: string | number;
    /** Ids of resources that are involved and that no argument names. */
    readonly related?: readonly string[];
}

/** Where the setting is, and the values of the message; the latter only for messages that have any. */
export type ExplanationDetails<Id extends ExplanationId> = Id extends ExplanationId
    ? keyof ArgumentsOf<Id> extends never
        ? [details?: Place]
        : [details: Place & { readonly args: ArgumentsOf<Id> }]
    : never;

export function explanation<Id extends ExplanationId>(
    id: Id,
    component: string,
    ...[details]: ExplanationDetails<Id>
): Explanation<Id> {
    const { direction, leg, rule, related = [], args = {} } = (details ?? {}) as Place & { args?: object };
    const ids = new Set([...related, ...argumentIds(id, args)]);
    ids.delete(component);
    return {
        id,
        code: MESSAGES[id].code,
        component,
        ...(direction === undefined ? {} : { direction }),
        ...(leg === undefined ? {} : { leg }),
        ...(rule === undefined ? {} : { rule }),
        related: [...ids],
        args,
    } as unknown as Explanation<Id>;
}

/** Equal for two explanations of one setting. */
export function explanationKey({ code, component, direction, leg, rule }: Explanation): string {
    return `${code} ${component} ${direction} ${leg} ${rule}`;
}
