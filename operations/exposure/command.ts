import { createRequire } from "node:module";
import { Command, Option } from "commander";

import { json, print, region, snapshotFile, vpc } from "../options";
import type * as implementation from ".";

/** The analysis and the AWS SDK load only when the command runs. */
const load = createRequire(__filename);

export const exposureCommand = () =>
    new Command("exposure")
        .description("list what is reachable and not intended, and check that what is intended is reachable")
        .addOption(
            new Option(
                "--stack <stack>",
                "take the intended flows, the region and the VPC from this stack's state",
            ).conflicts("intents"),
        )
        .option("--intents <file>", "take the intended flows from a JSON file")
        .addOption(snapshotFile())
        .addOption(region())
        .addOption(vpc())
        .addOption(json())
        .action(async (options: implementation.ExposureOptions) => {
            const { exposure } = load(".") as typeof implementation;
            await exposure(options, print);
        });
