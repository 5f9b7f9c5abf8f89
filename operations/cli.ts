import { Command, CommanderError } from "commander";

import { version } from "../package.json";
import { diagnoseCommand } from "./diagnose/command";
import { BadInputError, UsageError } from "./errors";
import { exposureCommand } from "./exposure/command";
import { recoverCommand } from "./recover/command";
import { snapshotCommand } from "./snapshot/command";

const EXIT_FAILURE = 1;
/** The command line, or something that it names, is wrong. */
const EXIT_USAGE = 2;

/** Runs the command that the arguments name and sets the exit code of the process. */
export async function main(args: readonly string[]): Promise<void> {
    const lab = program();
    let running = lab;
    lab.hook("preAction", (_, command) => void (running = command));
    try {
        if (args.length === 0) throw new UsageError("no command");
        await lab.parseAsync(args, { from: "user" });
    } catch (error) {
        process.exitCode = exitCode(error);
        // The library has printed its own errors.
        if (error instanceof CommanderError) return;
        const message = error instanceof Error ? error.message : String(error);
        console.error(`lab: ${message}`);
        if (error instanceof UsageError) console.error(`\n${running.helpInformation()}`);
    }
}

function program(): Command {
    const lab = new Command("lab")
        .description(
            "Commands for the networks and stacks of pulsar-lab. Run them as: npm run lab -- COMMAND",
        )
        .version(version, "-V, --version", "print the version")
        .helpOption("-h, --help", "print help")
        .helpCommand("help [command]", "print the help of a command")
        .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "lab: ")) })
        .showHelpAfterError()
        .exitOverride();
    for (const command of [recoverCommand(), snapshotCommand(), diagnoseCommand(), exposureCommand()])
        lab.addCommand(command.copyInheritedSettings(lab));
    return lab;
}

function exitCode(error: unknown): number {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
    return error instanceof UsageError || error instanceof BadInputError ? EXIT_USAGE : EXIT_FAILURE;
}
