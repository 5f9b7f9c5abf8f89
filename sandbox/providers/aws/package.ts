import { createRequire } from "node:module";

import type { Package } from "../server/resource";
import { sdkVersion } from "../server/sdk-schema";
import type * as configuration from "./config";
import type { AwsContext } from "./context";
import { findFunction, findResource } from "./table";

/** The configuration brings the STS client along; the engine waits for the handshake, not for that. */
const load = createRequire(__filename);
const config = () => load("./config") as typeof configuration;

/** The stand-in for the `aws` package. */
export const awsPackage: Package<AwsContext> = {
    name: "aws",
    version: sdkVersion("@pulumi/aws"),
    resource: findResource,
    function: findFunction,
    checkConfig: (settings) => config().checkConfig(settings),
    configure: (settings) => config().configure(settings, process.env),
};
