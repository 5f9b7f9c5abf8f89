import { SandboxError } from "../system/errors";

/** The options that a command takes: with a value, or alone. */
export type OptionKinds = Readonly<Record<string, "value" | "flag">>;

/** Options by their name without dashes; a flag that was given has the value "". */
export type Options = Readonly<Record<string, string | undefined>>;

/**
 * Reads the arguments of a command that takes only options, `--name value` or `--name=value`.
 *
 * @throws SandboxError for anything that the command does not know.
 */
export function parseOptions(command: string, args: readonly string[], kinds: OptionKinds): Options {
    const allowed = Object.entries(kinds).map(([name, kind]) =>
        kind === "flag" ? `--${name}` : `--${name} <${name}>`,
    );
    const takes = allowed.length === 0 ? "no arguments" : `only ${allowed.join(", ")}`;
    const options: Record<string, string> = {};
    for (let index = 0; index < args.length; index += 1) {
        const argument = args[index] ?? "";
        const [, name = "", attached] = /^--([^=]+)(?:=(.*))?$/.exec(argument) ?? [];
        const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
        if (kind === undefined || (kind === "flag" && attached !== undefined)) {
            throw new SandboxError(
                `npm ${command} does not know ${JSON.stringify(argument)}: it takes ${takes}.`,
            );
        }
        const value = kind === "flag" ? "" : (attached ?? args[(index += 1)]);
        if (value === undefined || (kind === "value" && value === "")) {
            throw new SandboxError(`npm ${command}: --${name} needs a value; it takes ${takes}.`);
        }
        options[name] = value;
    }
    return options;
}
