import { readFileSync } from "node:fs";

/** What the generated SDK says about a resource type. */
export interface SdkType {
    /** Names of all inputs. */
    readonly inputs: ReadonlySet<string>;
    /** Names of the inputs that must be given. */
    readonly required: ReadonlySet<string>;
    /** Names of the properties that are outputs alone. */
    readonly outputs: ReadonlySet<string>;
}

/**
 * Reads off the installed SDK which properties a type has. The generated code lists them in a fixed form: inputs are
 * assigned from `args`, outputs are marked as out, required ones throw when they are missing.
 *
 * @param packageName The npm package of the SDK.
 * @param token Type token, for example `aws:ec2/vpc:Vpc`.
 * @returns undefined when the SDK has no such type.
 */
export function sdkType(packageName: string, token: string): SdkType | undefined {
    const source = sdkSource(packageName, token);
    if (source === undefined) return undefined;
    const names = (pattern: RegExp) => new Set([...source.matchAll(pattern)].map((match) => match[1] ?? ""));
    return {
        inputs: names(/resourceInputs\["(\w+)"\] = [^;\n]*\bargs\?\.\1\b/g),
        required: names(/Missing required property '(\w+)'/g),
        outputs: names(/resourceInputs\["(\w+)"\] = undefined \/\*out\*\//g),
    };
}

/** Names of the arguments of a function; undefined when the SDK has no such function. */
export function sdkFunctionArgs(packageName: string, token: string): ReadonlySet<string> | undefined {
    const source = sdkSource(packageName, token);
    return source === undefined
        ? undefined
        : new Set([...source.matchAll(/"(\w+)": args\.\1\b/g)].map((match) => match[1] ?? ""));
}

/** The version of the installed SDK. */
export function sdkVersion(packageName: string): string {
    const manifest = readFileSync(require.resolve(`${packageName}/package.json`), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
}

function sdkSource(packageName: string, token: string): string | undefined {
    const path = token.split(":")[1]?.replace(/^index\//, "");
    try {
        return readFileSync(require.resolve(`${packageName}/${path}.js`), "utf8");
    } catch {
        return undefined;
    }
}
