import type { Tagging } from "../resource";

/** Tags of a thing by its ARN; Neptune's ARNs are those of RDS. */
export const neptuneTags: Tagging = {
    read: async ({ arn: ResourceName }, { aws }) =>
        (await aws.neptune.listTagsForResource({ ResourceName })).TagList,
    put: ({ arn: ResourceName }, Tags, { aws }) => aws.neptune.addTagsToResource({ ResourceName, Tags }),
    remove: ({ arn: ResourceName }, TagKeys, { aws }) =>
        aws.neptune.removeTagsFromResource({ ResourceName, TagKeys }),
};

/** Identifiers of clusters and instances. */
export function identifier(value: unknown, name: string): string | undefined {
    const given = String(value);
    if (/^[a-z](-?[0-9a-z])*$/.test(given) && given.length <= 63) return undefined;
    return `invalid value for ${name} (1 to 63 lower-case letters, digits and single hyphens, a letter first): ${given}`;
}

/** Why a cluster or instance needs its identifier given. */
export const needsIdentifier =
    <Name extends string>(name: Name) =>
    (_inputs: unknown, isGiven: (input: Name) => boolean): string[] =>
        isGiven(name) ? [] : [`"${name}" is required: the stand-in makes no identifier up`];

/** How long a cluster or instance may be busy with another change, in seconds; the official provider's. */
export const BUSY_SECONDS = 300;
