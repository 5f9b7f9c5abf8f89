import * as fs from "node:fs";
import * as path from "node:path";
import { writeAtomically } from "../runtime/state";

/** `text` as one word of a shell. */
export function quote(text: string): string {
    return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Writes an executable `sh` script, unless it is there already: a running shell may be reading it. */
export function writeScript(file: string, lines: readonly string[]): void {
    const content = ["#!/bin/sh", ...lines, ""].join("\n");
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === content) {
        return;
    }
    fs.mkdirSync(path.dirname(file), { recursive: true });
    writeAtomically(file, content, 0o755);
}
