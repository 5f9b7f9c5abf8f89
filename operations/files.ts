import { readFile } from "node:fs/promises";
import path from "node:path";

import { InputError } from "../checks/analyze";
import { BadInputError } from "./errors";

/** `npm run` changes to the repository's folder and gives the user's folder in the environment. */
export function userPath(file: string): string {
    const folder = process.env.npm_lifecycle_event === "lab" ? process.env.INIT_CWD : undefined;
    return path.resolve(folder ?? process.cwd(), file);
}

/** Reads and parses a file. @throws {BadInputError} with the file's name when either fails. */
export async function readInput<T>(file: string, parse: (text: string) => T): Promise<T> {
    let text: string;
    try {
        text = await readFile(userPath(file), "utf8");
    } catch (error) {
        throw new BadInputError(`${file} cannot be read: ${(error as Error).message}`);
    }
    return about(file, () => parse(text));
}

/** Runs a function over a file's content, so that its errors name the file. */
export function about<T>(file: string, run: () => T): T {
    try {
        return run();
    } catch (error) {
        if (error instanceof InputError) throw new BadInputError(`${file}: ${error.message}`);
        throw error;
    }
}

/** Indexing a snapshot parses its addresses and blocks; an invalid one is an error of the file. */
export function asInput<T>(run: () => T): T {
    try {
        return run();
    } catch (error) {
        throw new InputError((error as Error).message);
    }
}
