import { exitWithEngine } from "../exit-with-engine";
import { serve } from "../server/grpc";
import { awsPackage } from "./package";

// Known and pinned; the notice would show up among the deployment's messages.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

exitWithEngine();
serve(awsPackage).then(
    // The handshake: the engine reads the port from the first line.
    ({ port }) => console.log(port),
    (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
    },
);
