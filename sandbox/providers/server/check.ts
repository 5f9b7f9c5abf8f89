import { makeName } from "./autoname";
import { notImplemented } from "./errors";
import { valueProblem, type Property } from "./property";
import type { AnyResource } from "./resource";
import type { SdkType } from "./sdk-schema";
import { hasUnknowns, isObject, ownProperties, UNKNOWN, type PropertyMap } from "./values";

/** A resource's inputs as the program gives them. */
export interface CheckRequest {
    /** The package, as in `pulumi-resource-<name>`. */
    packageName: string;
    /** The logical name. */
    name: string;
    news: PropertyMap;
    /** The inputs that were remembered; none for a new resource and for a replacement. */
    olds: PropertyMap;
    /** Where random digits come from. */
    randomSeed: Uint8Array;
}

/** The inputs to go on with, and what is wrong with them. */
export interface CheckResult {
    inputs: PropertyMap;
    failures: string[];
}

/** Inputs that every type of the table has by its traits. */
export function allProperties<C>(spec: AnyResource<C>): Record<string, Property> {
    const properties = { ...spec.properties } as Record<string, Property>;
    if (spec.regional !== false) properties.region = { kind: "string", computed: true, forceNew: true };
    if (spec.tag) properties.tags = { kind: "map", validate: tagsProblem };
    return properties;
}

/** Names of inputs that were filled in, not given by the program. */
export function defaultedNames(inputs: PropertyMap): readonly string[] {
    return Array.isArray(inputs.__defaults) ? (inputs.__defaults as string[]) : [];
}

/**
 * Fills in names and defaults and refuses what cannot work. Nothing is ignored: an input that the SDK has and the table
 * has not is refused by name.
 */
export function checkInputs<C>(
    spec: AnyResource<C>,
    sdk: SdkType | undefined,
    { packageName, name, news, olds, randomSeed }: CheckRequest,
): CheckResult {
    const properties = allProperties(spec);
    const inputs = ownProperties(news);
    const failures: string[] = [];
    const fail = (problem: string, key: string) =>
        failures.push(`${problem}. Examine values at '${name}.${key}'.`);

    for (const key of Object.keys(inputs)) {
        if (Object.hasOwn(properties, key)) continue;
        fail(
            sdk?.inputs.has(key)
                ? notImplemented(packageName, `the property "${key}"`)
                : `Invalid or unknown key "${key}"`,
            key,
        );
        delete inputs[key];
    }

    const defaults: string[] = [];
    const autoname = spec.autoname;
    if (autoname && inputs[autoname.property] === undefined) {
        inputs[autoname.property] = keptName(autoname.property, olds) ?? makeName(autoname, name, randomSeed);
        defaults.push(autoname.property);
    }
    for (const [key, definition] of Object.entries(properties)) {
        if (inputs[key] === undefined && definition.default !== undefined) {
            inputs[key] = definition.default;
            defaults.push(key);
        }
        if (definition.kind === "json" && isObject(inputs[key])) inputs[key] = documentText(inputs[key]);
        for (const problem of valueProblems(definition, key, inputs[key], packageName)) fail(problem, key);
    }
    if (spec.check && failures.length === 0) {
        const known = Object.fromEntries(Object.entries(inputs).filter(([, value]) => !hasUnknowns(value)));
        const problems = spec.check(known, (key) => hasUnknowns(inputs[key]));
        failures.push(...problems.map((problem) => `${problem}. Examine values at '${name}'.`));
    }
    return { inputs: { ...inputs, __defaults: defaults.sort() }, failures };
}

/** What is wrong with an input and, where it has members, with each of them. */
function valueProblems(definition: Property, path: string, value: unknown, packageName: string): string[] {
    if (value === undefined)
        return definition.required
            ? [`Missing required argument: "${path}" is required, but was not set`]
            : [];
    if (definition.members && isObject(value)) {
        const { members } = definition;
        const given = ownProperties(value);
        const more = Object.keys(given).filter((key) => !Object.hasOwn(members, key));
        return [
            ...more.map((key) => notImplemented(packageName, `the property "${path}.${key}"`)),
            ...Object.entries(members).flatMap(([key, member]) =>
                valueProblems(member, `${path}.${key}`, given[key], packageName),
            ),
        ];
    }
    if (hasUnknowns(value)) return [];
    const problem = valueProblem(definition, path, value);
    return problem ? [problem] : [];
}

/** A policy document given as an object is sent as text; its text is unknown where a part of it is. */
function documentText(document: PropertyMap): string {
    return hasUnknowns(document) ? UNKNOWN : JSON.stringify(document);
}

/** A name that was made up stays; one that the program gave and gives no more does not. An import has no defaults. */
function keptName(property: string, olds: PropertyMap): unknown {
    const madeUp = olds.__defaults === undefined || defaultedNames(olds).includes(property);
    return madeUp ? olds[property] : undefined;
}

function tagsProblem(tags: unknown, name: string): string | undefined {
    if (!isObject(tags)) return `expected ${name} to be a map`;
    for (const [key, value] of Object.entries(tags)) {
        if (typeof value !== "string")
            return `expected ${name}["${key}"] to be a string, got ${JSON.stringify(value)}`;
        if (key.startsWith("aws:"))
            return `${name}: the key "${key}" is reserved: AWS owns tags that begin with "aws:"`;
        // Limits of the AWS tagging reference: 128 characters a key, 256 a value.
        if (key.length > 128 || (value !== UNKNOWN && value.length > 256))
            return `${name}["${key}"] is too long`;
    }
    return undefined;
}
