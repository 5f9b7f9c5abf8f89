import type { PendingCreate } from "./pending-creates";

/** A resource that was created, with the id by which Pulumi imports it. */
export interface Found extends PendingCreate {
    readonly id: string;
}

/** The form of `pulumi import --file`. */
export interface ImportFile {
    /** Names that stand for URNs of the state. */
    readonly nameTable: Readonly<Record<string, string>>;
    readonly resources: readonly {
        readonly type: string;
        readonly name: string;
        readonly id: string;
        readonly parent?: string;
    }[];
}

/** Says to Pulumi what to import, and under which parents: those are in the state, or their children had not begun. */
export function importFile(found: readonly Found[]): ImportFile {
    const parents = [...new Set(found.flatMap(({ parent }) => (parent === undefined ? [] : [parent])))];
    const alias = (urn: string) => `parent${parents.indexOf(urn)}`;
    return {
        nameTable: Object.fromEntries(parents.map((urn) => [alias(urn), urn])),
        resources: found.map(({ type, name, id, parent }) => ({
            type,
            name,
            id,
            ...(parent !== undefined && { parent: alias(parent) }),
        })),
    };
}
