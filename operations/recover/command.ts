import { createRequire } from "node:module";
import { Command } from "commander";

import { print } from "../options";
import type * as implementation from ".";

/** The AWS SDK loads only when the command runs. */
const load = createRequire(__filename);

export const recoverCommand = () =>
    new Command("recover")
        .description(
            "import into the state what a killed update has created, so that the next update can go on",
        )
        .requiredOption("--stack <stack>", "name of the stack")
        .action(async ({ stack }: { stack: string }) => {
            const { recover } = load(".") as typeof implementation;
            await recover(stack, print);
        });
