import { allProperties, defaultedNames } from "./check";
import { sameValue, type Property } from "./property";
import { isWithin, memberPath } from "./property-path";
import type { AnyResource } from "./resource";
import { wantedTags, type TagSettings } from "./tags";
import { hasUnknowns, isObject, isZero, ownProperties, UNKNOWN, type PropertyMap } from "./values";

/** What is remembered of a resource, and what the program wants of it now. */
export interface DiffRequest {
    /** The inputs of the last operation or refresh. */
    oldInputs: PropertyMap;
    /** The outputs of the last operation or refresh. */
    oldState: PropertyMap;
    /** Checked inputs. */
    news: PropertyMap;
    /** Property paths of the resource option `ignoreChanges`. */
    ignoreChanges: readonly string[];
    /** Where the provider instance puts resources that do not say so. */
    region: string;
    tagSettings: TagSettings;
}

/** A difference at one property path. */
export interface Difference {
    path: string;
    kind: "add" | "delete" | "update";
    /** Whether it forces a replacement. */
    replace: boolean;
    /** Whether it is between inputs; else it is between an output and what it is going to be. */
    input: boolean;
}

/** All differences of a resource. */
export interface ResourceDiff {
    differences: Difference[];
    /** Top-level properties that differ. */
    changed: string[];
    /** Those of them that force a replacement. */
    replaces: string[];
    deleteBeforeReplace: boolean;
}

/** Compares what is remembered with what is wanted. */
export function diffResource<C>(spec: AnyResource<C>, request: DiffRequest): ResourceDiff {
    const properties = allProperties(spec);
    const { oldState } = request;
    const oldInputs = ownProperties(request.oldInputs);
    const news = ownProperties(request.news);

    const differing = Object.entries(properties).flatMap(([name, definition]) => {
        const old = remembered(definition, oldInputs[name], oldState[name]);
        const paths = differingPaths(name, definition, old, news[name]);
        return paths
            .filter(({ path }) => !isWithin(path, request.ignoreChanges))
            .map((difference) => ({ name, ...difference, input: true }));
    });
    const changedInputs = new Set(differing.map(({ name }) => name));
    const replaces = new Set([...changedInputs].filter((name) => properties[name]?.forceNew));
    for (const name of spec.replaces?.(changedInputs, oldInputs, news) ?? []) replaces.add(name);
    // Of an object a member alone may force it.
    const wholly = new Set(replaces);
    for (const { name, forceNew } of differing) if (forceNew) replaces.add(name);

    const implied = impliedDifferences(spec, request, changedInputs);
    if (implied.some(({ name }) => name === "region")) replaces.add("region");

    return {
        differences: [...differing, ...implied].map(({ name, path, kind, input, forceNew }) => ({
            path,
            kind,
            input,
            replace: forceNew === true || wholly.has(name) || (!input && replaces.has(name)),
        })),
        changed: [...new Set([...differing, ...implied].map(({ name }) => name))],
        replaces: [...replaces],
        deleteBeforeReplace:
            replaces.size > 0 && (spec.deleteBeforeReplace === true || keepsGivenName(spec, request)),
    };
}

/** Inputs of an update that differ from what a resource is like. */
export function changedInputs<C>(spec: AnyResource<C>, state: PropertyMap, news: PropertyMap): Set<string> {
    const wanted = ownProperties(news);
    const names = Object.entries(allProperties(spec))
        .filter(
            ([name, definition]) => differingPaths(name, definition, state[name], wanted[name]).length > 0,
        )
        .map(([name]) => name);
    return new Set(names);
}

interface PathDifference {
    path: string;
    kind: Difference["kind"];
    /** Whether it is of a member that forces a replacement. */
    forceNew?: boolean;
}

/** What an input was: as the program gave it, or what AWS chose in its place. */
function remembered(definition: Property, input: unknown, state: unknown): unknown {
    if (definition.members && (isObject(input) || (definition.computed && isObject(state)))) {
        const [given, actual] = [input, state].map((value) => (isObject(value) ? value : {}));
        return Object.fromEntries(
            Object.entries(definition.members).map(([key, member]) => [
                key,
                remembered(member, given?.[key], actual?.[key]),
            ]),
        );
    }
    return input ?? (definition.computed ? state : undefined);
}

/** Where two values of a property differ; the members of maps are told apart. */
function differingPaths(name: string, definition: Property, old: unknown, wanted: unknown): PathDifference[] {
    if (wanted === undefined && definition.computed) return [];
    if (
        definition.members &&
        wanted !== UNKNOWN &&
        (isObject(old) || isObject(wanted)) &&
        (wanted === undefined || isObject(wanted))
    ) {
        const [from, to] = [old, wanted].map((value) => (isObject(value) ? ownProperties(value) : {}));
        return Object.entries(definition.members).flatMap(([key, member]) =>
            differingPaths(memberPath(name, key), member, from?.[key], to?.[key]).map((difference) =>
                member.forceNew ? { ...difference, forceNew: true } : difference,
            ),
        );
    }
    if (
        definition.kind === "map" &&
        (isObject(old) || isObject(wanted)) &&
        old !== UNKNOWN &&
        wanted !== UNKNOWN
    ) {
        const from = new Map(Object.entries((old ?? {}) as PropertyMap));
        const to = new Map(Object.entries((wanted ?? {}) as PropertyMap));
        return [...new Set([...from.keys(), ...to.keys()])]
            .filter((key) => from.get(key) !== to.get(key))
            .map((key) => ({ path: memberPath(name, key), kind: kindOf(from.get(key), to.get(key)) }));
    }
    if (!hasUnknowns(wanted) && sameValue(definition, old, wanted)) return [];
    return [{ path: name, kind: kindOf(old, wanted) }];
}

function kindOf(old: unknown, wanted: unknown): Difference["kind"] {
    if (old === undefined) return "add";
    return wanted === undefined ? "delete" : "update";
}

/**
 * Differences that come from the provider instance, not from the program's inputs: another region, other default tags, or
 * tags that a refresh found changed.
 */
function impliedDifferences<C>(
    spec: AnyResource<C>,
    { oldState, news, region, tagSettings, ignoreChanges }: DiffRequest,
    changed: ReadonlySet<string>,
): (Difference & PathDifference & { name: string })[] {
    const implied: (Difference & PathDifference & { name: string })[] = [];
    if (spec.regional !== false && !changed.has("region")) {
        const wanted = news.region ?? region;
        if (
            oldState.region !== undefined &&
            oldState.region !== wanted &&
            !isWithin("region", ignoreChanges)
        ) {
            implied.push({ name: "region", path: "region", kind: "update", replace: true, input: false });
        }
    }
    if (
        spec.tag &&
        !changed.has("tags") &&
        isObject(oldState.tagsAll) &&
        ignoreChanges.every((p) => !isTags(p))
    ) {
        const wanted = wantedTags(tagSettings, news.tags);
        const paths = differingPaths(
            "tagsAll",
            { kind: "map" },
            oldState.tagsAll,
            isZero(wanted) ? {} : wanted,
        );
        implied.push(...paths.map((path) => ({ ...path, name: "tagsAll", replace: false, input: false })));
    }
    return implied;
}

const isTags = (path: string): boolean => /^tags(All)?\b/.test(path);

/** A name that the program gives cannot be held by the old resource and its replacement at once. */
function keepsGivenName<C>(spec: AnyResource<C>, { oldInputs, news }: DiffRequest): boolean {
    const property = spec.autoname?.property;
    if (!property || defaultedNames(news).includes(property)) return false;
    return news[property] !== undefined && news[property] === oldInputs[property];
}
