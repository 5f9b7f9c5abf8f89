import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { ENGINE_PROCESS_VARIABLE } from "./processes";
import type { StatePaths } from "./state";

/** The region that the sandbox's commands use unless they name another. */
export const REGION = "us-east-1";

/** The variable that moves the sandbox's state to another folder than `.sandbox` in the repository. */
export const SANDBOX_FOLDER_VARIABLE = "PULSAR_LAB_SANDBOX_DIR";

/**
 * What a user's shell may hold and the sandbox must not see: his own Pulumi and AWS set-up (a single AWS_ENDPOINT_URL_S3
 * or AWS_PROFILE would lead to the real AWS); settings of a ts-node around us; what `npm run` says of its own script; and the
 * mark of an engine around us, or what we start would count as that one's.
 */
const SCRUBBED = new RegExp(
    `^(PULUMI_|AWS_|TS_NODE_|npm_lifecycle_|npm_package_|INIT_CWD$|${ENGINE_PROCESS_VARIABLE}$)`,
);

/** The environment of `base` without the user's own Pulumi and AWS set-up. */
export function scrub(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    return Object.fromEntries(Object.entries(base).filter(([name]) => !SCRUBBED.test(name)));
}

const LOCAL = ["127.0.0.1", "localhost"];

/** The hosts that no proxy is used for, with this machine among them. */
function withoutProxy(current: string | undefined): string {
    const hosts = (current ?? "").split(",").filter((host) => host !== "");
    return [...hosts, ...LOCAL.filter((host) => !hosts.includes(host))].join(",");
}

/** The environment of the control plane: its Python sees its own packages alone, and it may call itself. */
export function controlPlaneEnvironment(base: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const proxies = withoutProxy(base.NO_PROXY ?? base.no_proxy);
    return {
        ...scrub(base),
        PYTHONPATH: undefined,
        PYTHONHOME: undefined,
        NO_PROXY: proxies,
        no_proxy: proxies,
    };
}

/** Makes the files that the environment points to: a random passphrase that only this user can read, and nothing. */
export function writeEnvironmentFiles(paths: StatePaths): void {
    fs.mkdirSync(paths.backend, { recursive: true });
    fs.mkdirSync(paths.pulumiHome, { recursive: true });
    if (!fs.existsSync(paths.passphrase)) {
        fs.writeFileSync(paths.passphrase, randomBytes(24).toString("base64url"), { mode: 0o600 });
    }
    if (!fs.existsSync(paths.empty)) {
        fs.writeFileSync(paths.empty, "");
    }
}

/**
 * The environment of every command in the sandbox: its engine first on PATH, its own Pulumi home, file backend and
 * passphrase, and an AWS that is the sandbox's endpoint alone.
 */
export function sandboxEnvironment(
    base: NodeJS.ProcessEnv,
    paths: StatePaths,
    endpoint: string,
): NodeJS.ProcessEnv {
    const proxies = withoutProxy(base.NO_PROXY ?? base.no_proxy);
    return {
        ...scrub(base),
        PATH: [paths.bin, base.PATH].filter((part) => part !== undefined && part !== "").join(path.delimiter),
        // A sandbox command within a sandbox command means the same sandbox.
        [SANDBOX_FOLDER_VARIABLE]: paths.folder,
        NO_PROXY: proxies,
        no_proxy: proxies,

        PULUMI_HOME: paths.pulumiHome,
        // Without it each state file has a companion with its metadata, which is not written in one piece: an engine that is
        // killed just then leaves a state that no command can read ("failed to load checkpoint: EOF").
        PULUMI_BACKEND_URL: `file://${paths.backend}?metadata=skip`,
        PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // A plugin that the sandbox does not have is an error at once, not a download.
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // A real AWS provider on the user's PATH would go before the sandbox's.
        PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
        // Types are checked once, by `npm run check`.
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",

        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "sandbox",
        AWS_SECRET_ACCESS_KEY: "sandbox",
        AWS_REGION: REGION,
        AWS_DEFAULT_REGION: REGION,
        AWS_CONFIG_FILE: paths.empty,
        AWS_SHARED_CREDENTIALS_FILE: paths.empty,
        AWS_EC2_METADATA_DISABLED: "true",
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    };
}
