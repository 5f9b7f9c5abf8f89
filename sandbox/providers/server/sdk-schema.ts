import { readFileSync } from "node:fs";

import type { PropertyKind } from "./property";

/** A property as the SDK's declarations give it. They do not tell a set from a list, nor a whole number from another. */
export interface SdkProperty {
    readonly kind: PropertyKind;
    /** Whether it may be undefined. An input that may not, although a program may leave it out, gets a value from AWS. */
    readonly optional: boolean;
    /** What an object, or each member of a list, is made of. */
    readonly members?: SdkProperties;
}
export type SdkProperties = Readonly<Record<string, SdkProperty>>;

/** What the generated SDK says about a resource type. */
export interface SdkType {
    /** Names of all inputs. */
    readonly inputs: ReadonlySet<string>;
    /** Names of the inputs that must be given. */
    readonly required: ReadonlySet<string>;
    /** Names of the properties that are outputs alone. */
    readonly outputs: ReadonlySet<string>;
    /** All that a resource has: inputs and outputs. */
    readonly properties: SdkProperties;
}

/**
 * Reads off the installed SDK which properties a type has. Its declarations are generated in a fixed form: the class has
 * a field for each property, and the interface of the arguments a question mark after each that may be left out.
 *
 * @param packageName The npm package of the SDK.
 * @param token Type token, for example `aws:ec2/vpc:Vpc`.
 * @returns undefined when the SDK has no such type.
 */
export const sdkType = cached((packageName, token): SdkType | undefined => {
    const source = declarations(packageName, token);
    const name = token.split(":")[2] ?? "";
    if (source === undefined) return undefined;
    const args = fields(blockAfter(source, `export interface ${name}Args {`));
    const all = fields(blockAfter(source, `export declare class ${name} `));
    const inputs = new Set(args.map((field) => field.name));
    return {
        inputs,
        required: new Set(args.filter((field) => !field.optional).map((field) => field.name)),
        outputs: new Set(all.map((field) => field.name).filter((property) => !inputs.has(property))),
        properties: properties(packageName, all, args),
    };
});

/** What a function answers; undefined when the SDK has no such function. */
export const sdkResult = cached((packageName, token): SdkProperties | undefined => {
    const source = declarations(packageName, token);
    return source === undefined ? undefined : properties(packageName, fields(blockAfter(source, "Result {")));
});

/** Names of the arguments of a function; undefined when the SDK has no such function. */
export const sdkFunctionArgs = cached((packageName, token): ReadonlySet<string> | undefined => {
    const source = declarations(packageName, token);
    return source === undefined
        ? undefined
        : new Set(fields(blockAfter(source, "Args {")).map((field) => field.name));
});

/** The version of the installed SDK. */
export function sdkVersion(packageName: string): string {
    return (JSON.parse(packageFile(packageName, "package.json")) as { version: string }).version;
}

interface Field {
    readonly name: string;
    readonly optional: boolean;
    /** Its type as it is written. */
    readonly type: string;
}

/** The fields of an interface or class, by its text. */
function fields(text: string): Field[] {
    const pattern = /^ *(?:readonly )?(\w+)(\?)?: ((?:[^;{]|\{[^}]*\})+);/gm;
    return [...text.matchAll(pattern)].map(([, name = "", mark, type = ""]) => ({
        name,
        type,
        optional: mark !== undefined,
    }));
}

/** The text between a line and the end of the block that it opens. */
function blockAfter(source: string, line: string): string {
    const start = source.indexOf(line);
    if (start < 0) return "";
    const indent = /^ */.exec(source.slice(source.lastIndexOf("\n", start) + 1))?.[0] ?? "";
    return source.slice(start, source.indexOf(`\n${indent}}`, start));
}

function properties(packageName: string, all: Field[], args: Field[] = []): SdkProperties {
    // The SDK takes a policy as a document too, but always gives it as text.
    const documents = new Set(args.filter(({ type }) => /PolicyDocument/.test(type)).map(({ name }) => name));
    return Object.fromEntries(
        all.map((field) => {
            const definition = property(packageName, field);
            return [field.name, documents.has(field.name) ? { ...definition, kind: "json" } : definition];
        }),
    );
}

function property(packageName: string, { type, optional }: Field): SdkProperty {
    const reference = /outputs\.(\w+)\.(\w+)/.exec(type);
    return {
        kind: kindOf(type),
        optional: optional || type.includes("undefined"),
        // Declarations of nested types are in one large file; it is read for those who ask.
        ...(reference && {
            get members() {
                return nestedType(packageName, `${reference[1]}.${reference[2]}`);
            },
        }),
    };
}

function kindOf(type: string): PropertyKind {
    if (type.includes("[]")) return "list";
    if (type.includes("[key: string]")) return "map";
    if (type.includes("outputs.")) return "object";
    return (["number", "boolean"] as const).find((kind) => type.includes(kind)) ?? "string";
}

const nestedType = cached((packageName, name): SdkProperties => {
    const [namespace = "", type = ""] = name.split(".");
    const source = packageFile(packageName, "types/output.d.ts");
    const start = source.indexOf(`export declare namespace ${namespace} {`);
    return properties(packageName, fields(blockAfter(source.slice(start), `interface ${type} {`)));
});

const packageFile = cached((packageName, path) =>
    readFileSync(require.resolve(`${packageName}/${path}`), "utf8"),
);

function declarations(packageName: string, token: string): string | undefined {
    const path = token.split(":")[1]?.replace(/^index\//, "");
    try {
        return packageFile(packageName, `${path}.d.ts`);
    } catch {
        return undefined;
    }
}

/** Remembers what a function of a package and a name answers. */
function cached<Answer>(read: (packageName: string, name: string) => Answer) {
    const known = new Map<string, Answer>();
    return (packageName: string, name: string): Answer => {
        const key = `${packageName} ${name}`;
        if (!known.has(key)) known.set(key, read(packageName, name));
        return known.get(key) as Answer;
    };
}
