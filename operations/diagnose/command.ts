import { createRequire } from "node:module";
import { Command, Option } from "commander";

import { json, print, region, snapshotFile, vpc } from "../options";
import type * as implementation from ".";

/** The analysis and the AWS SDK load only when the command runs. */
const load = createRequire(__filename);

export const diagnoseCommand = () =>
    new Command("diagnose")
        .description("say whether one end reaches another, and what prevents it")
        .option("--from <end>", "source: an id, an address or internet")
        .option("--to <end>", "destination: an id, an address, internet or a service such as s3")
        .option("--port <port>", "port of the destination")
        .addOption(
            new Option("--protocol <protocol>", "protocol").choices(["tcp", "udp", "icmp"]).default("tcp"),
        )
        .option("--flows <file>", "several flows, in a JSON file, instead of --from and --to")
        .addOption(snapshotFile())
        .addOption(region())
        .addOption(vpc())
        .addOption(json())
        .action(async (options: implementation.DiagnoseOptions) => {
            const { diagnose } = load(".") as typeof implementation;
            await diagnose(options, print);
        });
