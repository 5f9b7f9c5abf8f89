import type * as pulumi from "@pulumi/pulumi";

/** Tags of a resource. The keys are plain; a value may be made by a resource, as an experiment's id is. */
export type Tags = Readonly<Record<string, pulumi.Input<string>>>;

/**
 * The tags of one child resource: those of the caller, the part of the lab that it belongs to (`Component`) and the name
 * that people see in the console (`Name`). The caller's own `Name` and `Component` lose: they could not be right for
 * every child at once.
 */
export function childTags(
    tags: Tags | undefined,
    component: string,
    name: string,
): Record<string, pulumi.Input<string>> {
    return { ...tags, Component: component, Name: name };
}

/** The tags that say whose a resource is; a repair touches nothing that lacks one of those that the program sets. */
const IDENTITY_TAGS: readonly string[] = ["Project", "Stack", "ManagedBy", "ExperimentID"];

/** Those of `tags` that say whose a resource is. */
export function identityTags(tags: Tags | undefined): Record<string, pulumi.Input<string>> {
    return Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => IDENTITY_TAGS.includes(key)));
}
