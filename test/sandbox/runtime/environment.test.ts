import assert from "node:assert/strict";
import * as fs from "node:fs";
import { sandboxEnvironment, scrub, writeEnvironmentFiles } from "../../../sandbox/runtime/environment";
import { statePaths } from "../../../sandbox/runtime/state";
import { removeTemporaryFolders, temporaryFolder } from "./support";

const ENDPOINT = "http://127.0.0.1:4566";

describe("sandbox environment", () => {
    after(removeTemporaryFolders);

    it("drops the user's own Pulumi, AWS and npm script settings, and nothing else", () => {
        const kept = {
            HOME: "/home/me",
            LANG: "C",
            npm_config_registry: "https://registry.example",
            GOPROXY: "direct",
        };
        const dropped = {
            PULUMI_ACCESS_TOKEN: "t",
            PULUMI_BACKEND_URL: "s3://ours",
            AWS_PROFILE: "prod",
            AWS_SESSION_TOKEN: "s",
            AWS_ENDPOINT_URL_S3: "https://s3.example",
            AWS_ROLE_ARN: "arn",
            TS_NODE_PROJECT: "x",
            INIT_CWD: "/",
            npm_lifecycle_event: "sandbox",
            PULSAR_LAB_ENGINE_PROCESS: "/other:1",
        };
        assert.deepEqual(scrub({ ...kept, ...dropped }), kept);
    });

    it("leads to the sandbox alone", () => {
        const paths = statePaths("/state");
        const env = sandboxEnvironment(
            {
                PATH: "/usr/bin",
                AWS_PROFILE: "prod",
                AWS_ENDPOINT_URL_EC2: "x",
                PULUMI_CONFIG_PASSPHRASE: "p",
            },
            paths,
            ENDPOINT,
        );
        assert.equal(env.PATH, "/state/bin:/usr/bin");
        assert.equal(env.PULUMI_BACKEND_URL, "file:///state/backend?metadata=skip");
        assert.equal(env.PULUMI_HOME, "/state/pulumi-home");
        assert.equal(env.AWS_ENDPOINT_URL, ENDPOINT);
        assert.equal(env.PULSAR_LAB_SANDBOX_DIR, "/state");
        const aws = Object.keys(env).filter((name) => /^(AWS|PULUMI)_/.test(name));
        assert.ok(
            !aws.some((name) =>
                ["AWS_PROFILE", "AWS_ENDPOINT_URL_EC2", "PULUMI_CONFIG_PASSPHRASE"].includes(name),
            ),
        );
    });

    it("uses no proxy for this machine, and keeps the hosts that had none", () => {
        const paths = statePaths("/state");
        const env = sandboxEnvironment(
            { HTTP_PROXY: "http://proxy", no_proxy: "intranet,localhost" },
            paths,
            ENDPOINT,
        );
        assert.equal(env.NO_PROXY, "intranet,localhost,127.0.0.1");
        assert.equal(env.no_proxy, env.NO_PROXY);
        assert.equal(env.HTTP_PROXY, "http://proxy");
    });

    it("has a passphrase that only its user can read, the same each time", () => {
        const paths = statePaths(temporaryFolder());
        writeEnvironmentFiles(paths);
        const passphrase = fs.readFileSync(paths.passphrase, "utf8");
        assert.ok(passphrase.length >= 32);
        assert.equal(fs.statSync(paths.passphrase).mode & 0o777, 0o600);
        writeEnvironmentFiles(paths);
        assert.equal(fs.readFileSync(paths.passphrase, "utf8"), passphrase);
        assert.equal(fs.readFileSync(paths.empty, "utf8"), "");
    });
});
