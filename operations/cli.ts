import { diagnose } from "./diagnose";
import { BadInputError, UsageError } from "./errors";
import { exposure } from "./exposure";
import { recover } from "./recover";
import { snapshot } from "./snapshot";

/** What `npm run lab -- COMMAND` does. */
interface Command {
    readonly usage: string;
    readonly about: string;
    run(args: readonly string[]): Promise<void>;
}

const print = (text: string) => console.log(text);

const COMMANDS: Readonly<Record<string, Command>> = {
    recover: {
        usage: "recover --stack STACK",
        about: "takes what a killed update created into the state, so that the next one goes on",
        run: (args) => recover(option(args, "--stack"), print),
    },
    snapshot: {
        usage: "snapshot --out FILE [--region REGION] [--vpc VPC]",
        about: "writes the network of a region, or of one VPC of it, to a file",
        run: (args) => snapshot(args, print),
    },
    diagnose: {
        usage: "diagnose (--from A --to B --port P [--protocol tcp|udp|icmp] | --flows FILE) [--snapshot FILE] [--json]",
        about: "says whether A reaches B and what stands in the way; ends are ids, addresses, internet or a service",
        run: (args) => diagnose(args, print),
    },
    exposure: {
        usage: "exposure [--stack STACK | --intents FILE] [--snapshot FILE] [--json]",
        about: "says what is reachable and not intended, and whether what is intended is reachable",
        run: (args) => exposure(args, print),
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
    process.exitCode = error instanceof UsageError || error instanceof BadInputError ? 2 : 1;
});
