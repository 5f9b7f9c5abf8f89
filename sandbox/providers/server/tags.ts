import { UNKNOWN, type PropertyMap } from "./values";

/** Tags of a resource: key to value. */
export type Tags = Record<string, string>;

/** What a provider instance does with tags of every resource. */
export interface TagSettings {
    /** Put on every resource that does not set the same key itself. */
    readonly defaults: Tags;
    /** Keys that other tools own: neither shown nor touched. */
    readonly ignoredKeys: readonly string[];
    /** Beginnings of such keys. */
    readonly ignoredPrefixes: readonly string[];
}

/** What must be done to get from some tags to others. */
export interface TagChange {
    put: Tags;
    remove: string[];
}

/** All tags that a resource is to have: its own over the defaults. Unknown where its own are. */
export function wantedTags(settings: TagSettings, own: unknown): Tags | typeof UNKNOWN {
    if (own === UNKNOWN) return UNKNOWN;
    return visible(settings, { ...settings.defaults, ...(own as Tags | undefined) });
}

/**
 * How tags read from AWS show up: `tagsAll` has all of them, `tags` those that are not there by default. A tag that the
 * program gives itself with the default's value counts as its own.
 */
export function splitTags(settings: TagSettings, actual: Tags, own: unknown): PropertyMap {
    const tagsAll = visible(settings, actual);
    const given = (own ?? {}) as Tags;
    const tags = Object.fromEntries(
        Object.entries(tagsAll).filter(
            ([key, value]) => Object.hasOwn(given, key) || settings.defaults[key] !== value,
        ),
    );
    return { tags: Object.keys(tags).length > 0 || own !== undefined ? tags : undefined, tagsAll };
}

/** What to put and to remove. */
export function tagChange(from: Tags, to: Tags): TagChange {
    return {
        put: Object.fromEntries(Object.entries(to).filter(([key, value]) => from[key] !== value)),
        remove: Object.keys(from).filter((key) => !Object.hasOwn(to, key)),
    };
}

function visible({ ignoredKeys, ignoredPrefixes }: TagSettings, tags: Tags): Tags {
    const hidden = (key: string) =>
        key.startsWith("aws:") ||
        ignoredKeys.includes(key) ||
        ignoredPrefixes.some((prefix) => key.startsWith(prefix));
    return Object.fromEntries(Object.entries(tags).filter(([key]) => !hidden(key)));
}
