/** A resource whose creation had begun when the update was killed: it may exist, but its id is not in the state. */
export interface PendingCreate {
    readonly urn: string;
    /** Pulumi's type token, such as `aws:ec2/subnet:Subnet`. */
    readonly type: string;
    /** The logical name. */
    readonly name: string;
    /** URN of the parent. @default the stack itself */
    readonly parent?: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    /**
     * Whether the state has a resource under its URN: the one that it replaces, which is deleted afterwards; or itself, imported by an
     * earlier recovery.
     */
    readonly isInState: boolean;
}

/** What recovery needs from a stack's state, as `pulumi stack export` prints it. */
export interface StackState {
    readonly pendingCreates: readonly PendingCreate[];
    /** The ids of all resources in the state, by type. */
    readonly knownIds: ReadonlyMap<string, ReadonlySet<string>>;
}

interface ExportedResource {
    readonly urn: string;
    readonly type: string;
    readonly id?: string;
    readonly parent?: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
}

/** @throws when the text is not what `pulumi stack export` prints. */
export function readStackState(exported: string): StackState {
    const { deployment } = JSON.parse(exported) as {
        deployment?: {
            resources?: ExportedResource[];
            pending_operations?: { type: string; resource: ExportedResource }[];
        };
    };
    if (!deployment)
        throw new Error("the exported stack has no deployment: is it the output of pulumi stack export?");
    const knownUrns = new Set((deployment.resources ?? []).map(({ urn }) => urn));
    const knownIds = new Map<string, Set<string>>();
    for (const { type, id } of deployment.resources ?? []) {
        if (id !== undefined) knownIds.set(type, (knownIds.get(type) ?? new Set()).add(id));
    }
    const pendingCreates = (deployment.pending_operations ?? [])
        .filter(({ type }) => type === "creating")
        .map(({ resource: { urn, type, parent, inputs } }) => ({
            urn,
            type,
            name: urn.slice(urn.lastIndexOf("::") + 2),
            parent,
            inputs: inputs ?? {},
            isInState: knownUrns.has(urn),
        }));
    return { pendingCreates, knownIds };
}
