import "../deferred";
import "../../../lib/promise-traces";

import { main } from "@pulumi/pulumi/provider";
import { exitWithEngine } from "../exit-with-engine";
import { awsxProvider } from "./provider";

exitWithEngine();
// It prints the port that the engine waits for.
main(awsxProvider, process.argv.slice(2)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
