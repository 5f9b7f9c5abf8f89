import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { renderSurvivors, renderTable } from "./report";
import { MutationRun } from "./run";
import { select } from "./selection";
import { Workspace } from "./workspace";

const FOLDERS = ["lib", "checks", "components", "stacks", "operations"];
const SAMPLE = 50;

/**
 * `npm run bench -- mutants [PATH...] [--sample N|all] [--seed S] [--json FILE]`: changes sources a little and sees whether the fast tests
 * notice. A path is a folder, a file, or `file:line`.
 */
export async function benchMutants(args: readonly string[]): Promise<void> {
    const { values, positionals } = parseArgs({
        args: [...args],
        allowPositionals: true,
        options: {
            sample: { type: "string", default: String(SAMPLE) },
            seed: { type: "string", default: "1" },
            json: { type: "string" },
        },
    });
    const sample = values.sample === "all" ? Infinity : wholeNumber("--sample", values.sample);
    const seed = wholeNumber("--seed", values.seed);
    const paths = positionals.length === 0 ? FOLDERS : positionals;
    const workspace = await Workspace.create();
    const stop = () => {
        void workspace.remove().then(() => process.exit(130));
    };
    process.once("SIGINT", stop).once("SIGTERM", stop);
    try {
        const { root, files } = workspace;
        const selections = paths.map((each) => select(root, files, each, { sample, seed }));
        const results = await new MutationRun(workspace, console.log).run(selections);
        console.log(`\nNot noticed:\n${renderSurvivors(results)}\n\nSeed ${seed}\n\n${renderTable(results)}`);
        if (values.json !== undefined)
            await writeFile(path.resolve(values.json), JSON.stringify(results, undefined, 2));
    } finally {
        process.off("SIGINT", stop).off("SIGTERM", stop);
        await workspace.remove();
    }
}

function wholeNumber(name: string, text: string): number {
    const number = Number(text);
    if (!Number.isInteger(number) || number < 0) throw new Error(`${name} ${text} is no whole number`);
    return number;
}
