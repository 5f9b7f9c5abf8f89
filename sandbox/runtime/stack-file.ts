/**
 * The text of Pulumi's stack files (Pulumi.<stack>.yaml), as far as the sandbox must change it. By lines, so that
 * comments and order stay as their author wrote them; Pulumi itself writes these files in this simple form.
 */

/** Where and with what a stack's secrets are encrypted, each on one line: the sandbox has its own. */
const ENCRYPTION = /^(encryptionsalt|secretsprovider|encryptedkey):/;

const withoutEncryption = (text: string): string[] =>
    text.split("\n").filter((line) => !ENCRYPTION.test(line));

/** The value of `encryptionsalt`. */
export function encryptionSalt(text: string): string | undefined {
    return /^encryptionsalt:\s*(\S+)\s*$/m.exec(text)?.[1];
}

const indentation = (line: string): number => line.search(/\S/);

const isComment = (line: string): boolean => line.trimStart().startsWith("#");

/** The lines of the `config:` block, as a range of indices; empty if there is none. */
function configBlock(lines: readonly string[]): { readonly start: number; readonly end: number } {
    const start = lines.findIndex((line) => /^config:/.test(line)) + 1;
    const length = lines.slice(start).findIndex((line) => /^[^\s#]/.test(line));
    return start === 0 ? { start: 0, end: 0 } : { start, end: length < 0 ? lines.length : start + length };
}

/** Takes out the entries of a config block that hold an encrypted value; gives what stays and the keys taken out. */
function withoutSecrets(block: readonly string[]): { kept: string[]; keys: string[] } {
    const startsEntry = (line: string): boolean => indentation(line) === depth && !isComment(line);
    const depth = indentation(block.find((line) => indentation(line) > 0 && !isComment(line)) ?? "");
    const entries: string[][] = [[]];
    for (const line of block) {
        if (startsEntry(line)) {
            entries.push([]);
        }
        entries.at(-1)?.push(line);
    }
    const isSecret = (entry: readonly string[]): boolean =>
        startsEntry(entry[0] ?? "") && entry.some((line) => /(^|[\s{-])secure:\s/.test(line));
    return {
        kept: entries.filter((entry) => !isSecret(entry)).flat(),
        keys: entries.filter(isSecret).map((entry) => /^\s*(.*?):(\s|$)/.exec(entry[0] ?? "")?.[1] ?? "?"),
    };
}

export interface SandboxStackFile {
    readonly text: string;
    /** The config keys left out: encrypted for someone else, the sandbox could not read them. */
    readonly secrets: readonly string[];
}

/**
 * The sandbox's copy of a project's stack file: with the sandbox's own encryption, if there is one yet.
 *
 * @param salt the `encryptionsalt` of the sandbox's stack.
 */
export function toSandboxStackFile(source: string, salt: string | undefined): SandboxStackFile {
    const lines = withoutEncryption(source);
    const { start, end } = configBlock(lines);
    const { kept, keys } = withoutSecrets(lines.slice(start, end));
    const text = [...lines.slice(0, start), ...kept, ...lines.slice(end)].join("\n");
    const lineEnd = text === "" || text.endsWith("\n") ? "" : "\n";
    return { text: salt === undefined ? text : `${text}${lineEnd}encryptionsalt: ${salt}\n`, secrets: keys };
}

/** Whether two stack files say the same apart from their encryption. */
export function sameContent(a: string, b: string): boolean {
    const normal = (text: string): string => withoutEncryption(text).join("\n").trimEnd();
    return normal(a) === normal(b);
}
