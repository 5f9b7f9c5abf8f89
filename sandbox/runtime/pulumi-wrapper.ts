import * as fs from "node:fs";
import * as path from "node:path";
import { SANDBOX_BIN_MARKER } from "../engine/on-path";
import { REPOSITORY, TYPESCRIPT } from "./plugins";
import { ENGINE_PROCESS_VARIABLE } from "./processes";
import { quote, writeScript } from "../system/shell-script";
import type { StatePaths } from "./state";

/**
 * Puts `pulumi` and this same `node` into the folder that goes first on the sandbox's PATH.
 *
 * `pulumi` is a wrapper around the engine: where the nearest Pulumi.yaml is the project's, it works in the mirror
 * (see project.ts) as if the user had said `--cwd`, after having brought that up to date. Elsewhere, or when the user
 * says `--cwd` himself, the command is left as it is. It also marks the engine's processes (see processes.ts).
 */
export function writePulumiWrapper(
    paths: StatePaths,
    project: string,
    engine: string,
    node: string = process.execPath,
): void {
    fs.mkdirSync(paths.bin, { recursive: true });
    fs.writeFileSync(path.join(paths.bin, SANDBOX_BIN_MARKER), "");
    const nodeLink = path.join(paths.bin, "node");
    if (!fs.existsSync(nodeLink) || fs.readlinkSync(nodeLink) !== node) {
        fs.rmSync(nodeLink, { force: true });
        fs.symlinkSync(node, nodeLink);
    }
    const refresh = [
        node,
        ...TYPESCRIPT,
        path.join(REPOSITORY, "sandbox", "runtime", "refresh-project.ts"),
        paths.folder,
        project,
    ];
    writeScript(path.join(paths.bin, "pulumi"), [
        `engine=${quote(engine)}`,
        `project=${quote(project)}`,
        `mirror=${quote(paths.project)}`,
        `sources=${quote(paths.projectSources)}`,
        "",
        `export ${ENGINE_PROCESS_VARIABLE}=${quote(paths.folder)}":$$"`,
        "",
        'for argument in "$@"; do',
        "    case $argument in",
        '    -C* | --cwd | --cwd=*) exec "$engine" "$@" ;;',
        "    --) break ;;",
        "    esac",
        "done",
        "",
        "directory=$(pwd -P)",
        'while [ -n "$directory" ] && ! [ -e "$directory/Pulumi.yaml" ] && ! [ -e "$directory/Pulumi.yml" ]; do',
        "    directory=${directory%/*}",
        "done",
        'if [ "$directory" != "$project" ]; then',
        '    exec "$engine" "$@"',
        "fi",
        "",
        "stale=",
        'for source in "$project"/Pulumi*.y*ml; do',
        '    cmp -s "$source" "$sources/${source##*/}" || stale=1',
        "done",
        'for entry in "$project"/*; do',
        '    [ -e "$mirror/${entry##*/}" ] || stale=1',
        "done",
        'if [ -n "$stale" ]; then',
        `    TS_NODE_PROJECT=${quote(path.join(REPOSITORY, "tsconfig.json"))} ${refresh.map(quote).join(" ")} || exit 1`,
        "fi",
        'exec "$engine" --cwd "$mirror" "$@"',
    ]);
}
