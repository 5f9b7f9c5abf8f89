import type { Aws } from "../../lib/aws/clients";

/** What the program had asked for. */
export type Inputs = Readonly<Record<string, unknown>>;

/**
 * Finds the id by which Pulumi imports a resource of one type; `undefined` when it was not created, or when creating it again
 * changes nothing.
 *
 * @param known ids that the state has, so that another thing like it is not taken for the lost one.
 */
export type Finder = (inputs: Inputs, aws: Aws, known: ReadonlySet<string>) => Promise<string | undefined>;

/** The finders of a service, by Pulumi's type token. */
export type Finders = Readonly<Record<string, Finder>>;

/** A tag as most services write it. */
interface KeyAndValue {
    readonly Key?: string;
    readonly Value?: string;
}

export const text = (value: unknown): string => String(value);

/** The answer; `undefined` when AWS says that there is no such thing. Every other error is one. */
export async function unlessMissing<T>(
    answer: Promise<T>,
    saysMissing: (error: Error) => boolean = ({ name }) =>
        /NotFound|NoSuchEntity|NoSuchHostedZone/.test(name),
): Promise<T | undefined> {
    try {
        return await answer;
    } catch (error) {
        if (error instanceof Error && saysMissing(error)) return undefined;
        throw error;
    }
}

/** @throws when there are several: which of them is the lost one, nobody can tell. */
export function onlyOne(ids: readonly string[]): string | undefined {
    if (ids.length > 1)
        throw new Error(`${ids.join(" and ")} both fit: delete the one that is not in use, then run again`);
    return ids[0];
}

/**
 * The tags that the program had asked for.
 *
 * @throws when there are none: then nothing tells the lost thing from others.
 */
export function wantedTags({ tags }: Inputs): [key: string, value: string][] {
    const wanted = Object.entries((tags ?? {}) as Record<string, string>);
    if (wanted.length === 0)
        throw new Error("it was to have no tags, so what was created cannot be told from what others made");
    return wanted;
}

/**
 * Whether something has all the tags that the program had asked for, which every service attaches as it creates. A name alone
 * does not make a thing the program's: an update may have been killed while AWS refused it, because the name was taken.
 */
export function isTagged(
    inputs: Inputs,
    tags: readonly KeyAndValue[] | Record<string, string> = [],
): boolean {
    const found = Array.isArray(tags)
        ? new Map((tags as readonly KeyAndValue[]).map(({ Key, Value }) => [Key, Value]))
        : new Map(Object.entries(tags as Record<string, string>));
    return wantedTags(inputs).every(([key, value]) => found.get(key) === value);
}
