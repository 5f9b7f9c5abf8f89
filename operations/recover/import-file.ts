import type { PendingCreate } from "./pending-creates";

/** A resource that exists, with the id by which Pulumi imports it. */
export interface Found extends PendingCreate {
    readonly id: string;
}

/** The form of `pulumi import --file`. */
export interface ImportFile {
    /** URNs of the state by the names that `resources` use for them. */
    readonly nameTable: Readonly<Record<string, string>>;
    readonly resources: readonly {
        readonly type: string;
        readonly name: string;
        readonly id: string;
        readonly parent?: string;
    }[];
}

/** What Pulumi is to import, and under which parents. Parents are in the state, since a child begins after its parent. */
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
