import { recover } from "./recover";

/** What `npm run lab -- COMMAND` does. */
interface Command {
    readonly usage: string;
    readonly about: string;
    run(args: readonly string[]): Promise<void>;
}

/** A mistake in the command line: it exits with 2 and shows the usage. */
class UsageError extends Error {}

const COMMANDS: Readonly<Record<string, Command>> = {
    recover: {
        usage: "recover --stack STACK",
        about: "takes what a killed update created into the state, so that the next one goes on",
        run: (args) => recover(option(args, "--stack"), (line) => console.log(line)),
    },
};

function option(args: readonly string[], name: string): string {
    const [given, value, ...rest] = args;
    if (given !== name || value === undefined || rest.length > 0) {
        throw new UsageError(`${JSON.stringify(args.join(" "))} is not understood`);
    }
    return value;
}

function usage(): string {
    const lines = Object.values(COMMANDS).map(
        ({ usage: how, about }) => `  npm run lab -- ${how}\n      ${about}`,
    );
    return ["Usage:", ...lines].join("\n");
}

async function main([name, ...args]: string[]): Promise<void> {
    const command = name === undefined ? undefined : COMMANDS[name];
    if (!command)
        throw new UsageError(
            name === undefined ? "no command" : `there is no command ${JSON.stringify(name)}`,
        );
    await command.run(args);
}

main(process.argv.slice(2)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(error instanceof UsageError ? `lab: ${message}\n${usage()}` : `lab: ${message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
});
