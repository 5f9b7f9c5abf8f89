import * as fs from "node:fs";
import * as path from "node:path";
import { contentKey } from "../system/cache";

/** The two Go modules, checked in, that say which engine the sandbox uses. */
const MODULES = { cli: path.join(__dirname, "cli"), languageHost: path.join(__dirname, "language-nodejs") };

/** One Go module of the engine. */
export interface EngineModule {
    /** The folder of its go.mod. */
    readonly folder: string;
    /** The package that is built, as the module's `tool` directive names it. */
    readonly package: string;
    /** The version of Pulumi, like `3.250.0`. */
    readonly version: string;
    /** The Go version that the module asks for, like `1.25.11`. */
    readonly go: string;
}

function field(goMod: string, pattern: RegExp, what: string): string {
    const value = pattern.exec(goMod)?.[1];
    if (value === undefined) {
        throw new Error(`a go.mod of the engine has no ${what}`);
    }
    return value;
}

function readModule(folder: string): EngineModule {
    const goMod = fs.readFileSync(path.join(folder, "go.mod"), "utf8");
    return {
        folder,
        package: field(goMod, /^tool (\S+)$/m, "tool directive"),
        version: field(goMod, /^\s*github\.com\/pulumi\/pulumi\/sdk\/v3 v(\S+)/m, "version of Pulumi"),
        go: field(goMod, /^go (\S+)$/m, "Go version"),
    };
}

/** The Pulumi CLI. */
export const cliModule = (): EngineModule => readModule(MODULES.cli);
/** The Node language host. Older than the CLI: newer ones are not on the Go module proxy, and the CLI works with it. */
export const languageHostModule = (): EngineModule => readModule(MODULES.languageHost);

/** `linux-x64` and the like, in the words of both Node and Pulumi's downloads. */
export function platform(): string {
    return `${process.platform}-${process.arch}`;
}

/** The name of this engine in the cache: another for each version and platform. */
export function engineKey(): string {
    const files = Object.values(MODULES).flatMap((folder) =>
        ["go.mod", "go.sum"].map((file) => fs.readFileSync(path.join(folder, file), "utf8")),
    );
    return `${cliModule().version}-${contentKey([platform(), ...files])}`;
}

/** A version as numbers; `undefined` if `text` holds none. */
export function parseVersion(text: string): readonly [number, number, number] | undefined {
    const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
    return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Whether version `a` is `b` or newer. */
export function atLeast(a: readonly [number, number, number], b: readonly [number, number, number]): boolean {
    const difference = a.map((part, index) => part - (b[index] ?? 0)).find((part) => part !== 0) ?? 0;
    return difference >= 0;
}

/**
 * The oldest engine on PATH that is used. The sandbox is proven with the version in `cli/go.mod` (3.250); it relies on
 * how that finds plugins and on its flags, which have changed during 3.x. Ten minor versions, a few months of releases,
 * is the distance that we trust; a new major version may change anything.
 */
export const OLDEST_FITTING = [3, 240, 0] as const;
const FIRST_UNFIT_MAJOR = 4;

export function fits(version: readonly [number, number, number]): boolean {
    return atLeast(version, OLDEST_FITTING) && version[0] < FIRST_UNFIT_MAJOR;
}
