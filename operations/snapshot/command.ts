import { createRequire } from "node:module";
import { Command } from "commander";

import { print, region, vpc } from "../options";
import type * as implementation from ".";

/** The AWS SDK loads only when the command runs. */
const load = createRequire(__filename);

export const snapshotCommand = () =>
    new Command("snapshot")
        .description("write the network of a region, or of one VPC, to a file")
        .requiredOption("--out <file>", "the file")
        .addOption(region())
        .addOption(vpc())
        .action(async (options: implementation.SnapshotOptions) => {
            const { snapshot } = load(".") as typeof implementation;
            await snapshot(options, print);
        });
