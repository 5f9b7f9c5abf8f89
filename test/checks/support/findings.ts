import type { Finding, FindingId } from "../../../checks/messages";

/** The first finding of a message, with the types of its values. */
export function firstOf<Id extends FindingId>(findings: readonly Finding[], id: Id): Finding<Id> | undefined {
    return findings.find((one): one is Finding<Id> => one.id === id);
}
