import type { Aws } from "../../lib/aws/clients";

/** The inputs that the program gave to the resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/**
 * Finds the id by which Pulumi imports a resource of one type; `undefined` when it was not created, or when creating it again
 * changes nothing.
 *
 * @param known ids that are in the state, so that another resource like it is not taken for the lost one.
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

/** The items of all pages of a list. */
export async function collect<Page, Item>(
    pages: AsyncIterable<Page>,
    items: (page: Page) => readonly Item[] | undefined,
): Promise<Item[]> {
    const all: Item[] = [];
    for await (const page of pages) all.push(...(items(page) ?? []));
    return all;
}

/** The answer; `undefined` when AWS answers that the resource does not exist. Other errors are thrown. */
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

/** @throws when there are several, because nothing tells which of them is the lost one. */
export function onlyOne(ids: readonly string[]): string | undefined {
    if (ids.length > 1)
        throw new Error(`${ids.join(" and ")} both fit: delete the one that is not in use, then run again`);
    return ids[0];
}

/**
 * The tags that the program gave to the resource.
 *
 * @throws when there are none, because then nothing tells the resource from others.
 */
export function wantedTags({ tags }: Inputs): [key: string, value: string][] {
    const wanted = Object.entries((tags ?? {}) as Record<string, string>);
    if (wanted.length === 0)
        throw new Error("the program gives it no tags, so it cannot be told from resources of others");
    return wanted;
}

/**
 * Whether a resource has all the tags that the program gave it; every service attaches them on creation. A name alone proves nothing:
 * the update may have been killed while AWS refused the name because it was taken.
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
