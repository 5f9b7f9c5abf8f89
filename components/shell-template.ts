import { readFileSync } from "node:fs";

/** What a template is filled with: text by name. `undefined` leaves out the parts that are for this name. */
export type ShellValues = Readonly<Record<string, string | undefined>>;

/**
 * A shell script in a file, a part of which differs from one rendering to the next. The file is a script itself, so that ShellCheck
 * reads it:
 *
 * - `@NAME@` stands for a value.
 * - Lines from `#if NAME` to `#end` are only there if the value is given, from `#unless NAME` to `#end` only if it is not.
 * - `##` begins a note for readers of the template, `# shellcheck` a directive; neither is in the rendered script.
 *
 * Values are inserted as they are: the caller quotes what is one word of the shell (see {@link shellWord}).
 */
export class ShellTemplate {
    private readonly text: string;

    /** @param file Path of the template. */
    constructor(private readonly file: string) {
        this.text = readFileSync(file, "utf8");
    }

    /**
     * The script with its values.
     *
     * @throws when the template uses a value that is not given, or its parts do not end.
     */
    render(values: ShellValues): string {
        return this.linesFor(values)
            .join("\n")
            .replace(/@([A-Z][A-Z_]*)@/g, (_, name: string) => this.valueOf(name, values));
    }

    private linesFor(values: ShellValues): string[] {
        const conditions: boolean[] = [];
        const lines = this.text.split("\n").filter((line) => {
            const [, keyword, name = ""] = /^\s*#(if|unless|end)\b ?(\w*)$/.exec(line) ?? [];
            if (keyword === "end") {
                if (conditions.pop() === undefined) throw new Error(`${this.file}: #end without a beginning`);
            } else if (keyword !== undefined) {
                conditions.push((values[name] !== undefined) === (keyword === "if"));
            }
            return keyword === undefined && !/^\s*(##|# shellcheck )/.test(line) && conditions.every(Boolean);
        });
        if (conditions.length > 0) throw new Error(`${this.file}: #if or #unless without #end`);
        return lines;
    }

    private valueOf(name: string, values: ShellValues): string {
        const value = values[name];
        if (value === undefined) throw new Error(`${this.file}: there is no value for @${name}@`);
        return value;
    }
}

/** A text as one word of the shell, whatever characters it has. */
export function shellWord(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
