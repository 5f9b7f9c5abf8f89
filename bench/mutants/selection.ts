import { readFileSync } from "node:fs";
import path from "node:path";

import { Random } from "../../test/kernel/random";
import { type Mutant, mutantsOf } from "./mutations";

/** The mutants that were asked for by one argument. */
export interface Selection {
    /** A folder, a file, or `file:line`. */
    readonly name: string;
    /** How many mutants there are, of which `mutants` is a sample. */
    readonly total: number;
    readonly mutants: readonly Mutant[];
}

/**
 * Draws a sample of the mutants of a folder, a file or a line; the same seed over the same sources draws the same.
 *
 * @param files all files of the repository, relative to its root.
 * @throws when the name stands for no source.
 */
export function select(
    root: string,
    files: readonly string[],
    name: string,
    { sample, seed }: { sample: number; seed: number },
): Selection {
    const [, given = name, line] = /^(.*):(\d+)$/.exec(name) ?? [];
    const wanted = path.normalize(given).replace(/\/$/, "");
    const sources = files.filter(
        (file) => file.endsWith(".ts") && (file === wanted || file.startsWith(`${wanted}/`)),
    );
    if (sources.length === 0)
        throw new Error(`${name}: there is no such source; give a folder, a file or file:line`);
    const all = sources
        .sort()
        .flatMap((file) => mutantsOf(file, readFileSync(path.join(root, file), "utf8")))
        .filter((mutant) => line === undefined || mutant.line === Number(line));
    return { name, total: all.length, mutants: draw(all, sample, new Random(seed)) };
}

/** Some of the values, in their order. */
function draw<T>(values: readonly T[], count: number, random: Random): T[] {
    const left = values.map((_, index) => index);
    const drawn: number[] = [];
    while (drawn.length < count && left.length > 0)
        drawn.push(...left.splice(random.integer(0, left.length - 1), 1));
    return drawn.sort((one, other) => one - other).flatMap((index) => values[index] ?? []);
}
