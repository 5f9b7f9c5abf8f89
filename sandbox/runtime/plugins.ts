import * as fs from "node:fs";
import * as path from "node:path";
import { quote, writeScript } from "../system/shell-script";
import type { StatePaths } from "./state";

/** The repository that this sandbox belongs to. */
export const REPOSITORY = path.resolve(__dirname, "..", "..");

/** The providers that the sandbox answers for, by package. */
export const STAND_INS = ["aws", "awsx"] as const;

/** The script arguments that have Node load TypeScript without checking types. */
export const TYPESCRIPT = ["-r", path.join(REPOSITORY, "lib", "typescript.js")];

/** The installed version of a node module. */
function installedVersion(name: string): string {
    const file = path.join(REPOSITORY, "node_modules", name, "package.json");
    const { version } = JSON.parse(fs.readFileSync(file, "utf8")) as { version: string };
    return version;
}

/**
 * Runs a script of `@pulumi/pulumi` as installed for the program in the working directory: that is what the official
 * packages' own scripts do, and what makes the serialized code meet the SDK that serialized it. Without a program (a
 * destroy from another folder) the repository's answers.
 */
function runSdkScript(node: string, script: string): string {
    const code =
        `const script = require.resolve(${JSON.stringify(script)}, { paths: [process.cwd(), ${JSON.stringify(REPOSITORY)}] });` +
        "process.argv.splice(1, 0, script); require(script);";
    return `exec ${quote(node)} -e ${quote(code)} -- "$@"`;
}

/** The SDK whose version a plugin of that name has. */
const sdkOf = (name: string): string => ((STAND_INS as readonly string[]).includes(name) ? name : "pulumi");

/** The executable of a plugin in the sandbox's plugin cache, under exactly the version that the program's SDK asks for. */
export function pluginFile(paths: StatePaths, kind: string, name: string): string {
    const version = installedVersion(`@pulumi/${sdkOf(name)}`);
    const folder = path.join(paths.pulumiHome, "plugins", `${kind}-${name}-v${version}`);
    return path.join(folder, `pulumi-${kind}-${name}`);
}

/** Puts the plugins of the sandbox into its own plugin cache, where the engine looks without a warning. */
export function writePlugins(paths: StatePaths, node: string = process.execPath): void {
    const plugin = (kind: string, name: string, lines: readonly string[]): void =>
        writeScript(pluginFile(paths, kind, name), lines);
    for (const name of STAND_INS) {
        const main = path.join(REPOSITORY, "sandbox", "providers", name, "main.ts");
        const command = [node, ...TYPESCRIPT, main].map(quote).join(" ");
        plugin("resource", name, [`exec ${command} "$@"`]);
    }
    plugin("resource", "pulumi-nodejs", [runSdkScript(node, "@pulumi/pulumi/cmd/dynamic-provider")]);
    plugin("analyzer", "policy", [runSdkScript(node, "@pulumi/pulumi/cmd/run-policy-pack")]);
}
