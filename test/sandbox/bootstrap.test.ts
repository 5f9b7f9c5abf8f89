import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { type CommandResult, runCommand } from "../../sandbox/system/command";
import { REPOSITORY } from "../../sandbox/runtime/plugins";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "./runtime/support";

/** What the bootstrap exports: plain JavaScript, because it runs before anything is installed. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it has no declarations
const { noteOn, satisfies } = require("../../sandbox/bootstrap") as {
    readonly noteOn: (version: string) => string | undefined;
    readonly satisfies: (version: string, range: string) => boolean;
};

interface Clone {
    readonly root: string;
    /** Runs the bootstrap, with a fake npm on PATH. */
    readonly run: () => Promise<CommandResult>;
    /** How often npm was asked to install. */
    readonly installs: () => number;
}

const lockfile = (version: string): string =>
    JSON.stringify({
        packages: {
            "": {},
            "node_modules/ts-node": { version },
            "node_modules/other": { version: "1", optional: true },
        },
    });

/** The bootstrap alone, as on a fresh clone: a ts-node and a cli.ts that only say that they were reached. */
function clone(npm: string, engines = ">=20.0.0"): Clone {
    const root = temporaryFolder();
    for (const file of ["bootstrap.js", "system/lock.js", "system/process-identity.js"]) {
        writeFiles(root, {
            [`sandbox/${file}`]: fs.readFileSync(path.join(REPOSITORY, "sandbox", file), "utf8"),
        });
    }
    writeFiles(root, {
        "package.json": JSON.stringify({ engines: { node: engines } }),
        "package-lock.json": lockfile("1.0.0"),
        "sandbox/cli.ts": "exports.main = async (args) => { console.log(args.join()); return 5; };",
        // What npm ci would bring.
        "module.js": "exports.register = () => {};",
        "bin/npm": `#!/bin/sh\necho x >> installs\n${npm}\n`,
    });
    fs.chmodSync(path.join(root, "bin", "npm"), 0o755);
    const env = {
        ...process.env,
        PATH: `${path.join(root, "bin")}:${process.env.PATH ?? ""}`,
        npm_execpath: undefined,
    };
    return {
        root,
        run: () =>
            runCommand(process.execPath, [path.join(root, "sandbox", "bootstrap.js"), "run", "x"], { env }),
        installs: () => {
            const log = path.join(root, "installs");
            return fs.existsSync(log) ? fs.readFileSync(log, "utf8").split("\n").length - 1 : 0;
        },
    };
}

const INSTALL =
    "sleep 0.3; rm -rf node_modules; mkdir -p node_modules/ts-node; cp module.js node_modules/ts-node/index.js";

describe("bootstrap", () => {
    after(removeTemporaryFolders);

    it("installs the node modules once, again when the lockfile has changed, and hands over", async () => {
        const { root, run, installs } = clone(INSTALL);
        const first = await run();
        assert.deepEqual([first.code, first.stdout], [5, "run,x\n"]);
        assert.match(first.stderr, /^Installing the node modules with npm ci \(usually /);
        assert.deepEqual(await run(), { code: 5, stdout: "run,x\n", stderr: "" });
        assert.equal(installs(), 1);
        fs.writeFileSync(path.join(root, "package-lock.json"), lockfile("2.0.0"));
        await run();
        assert.equal(installs(), 2);
    });

    it("installs once for two at the same time", async () => {
        // Long enough for the second to start on a busy machine too.
        const { run, installs } = clone(INSTALL.replace("0.3", "3"));
        const both = await Promise.all([run(), run()]);
        assert.deepEqual(
            both.map(({ code, stdout }) => [code, stdout]),
            [
                [5, "run,x\n"],
                [5, "run,x\n"],
            ],
        );
        assert.equal(installs(), 1);
        assert.match(
            both.map(({ stderr }) => stderr).join(""),
            /Waiting for process \d+, which installs the node modules/,
        );
    });

    it("takes what the user has installed himself, if it is what the lockfile says", async () => {
        const { root, run, installs } = clone(INSTALL);
        writeFiles(root, { "node_modules/ts-node/index.js": "exports.register = () => {};" });
        // As npm writes it; the optional package is one for another platform.
        const installed = (version: string) =>
            JSON.stringify({ packages: { "node_modules/ts-node": { version } } });
        writeFiles(root, { "node_modules/.package-lock.json": installed("1.0.0") });
        assert.equal((await run()).code, 5);
        assert.equal(installs(), 0);

        fs.rmSync(path.join(root, "node_modules", ".pulsar-lab-lockfile"));
        writeFiles(root, { "node_modules/.package-lock.json": installed("0.9.0") });
        await run();
        assert.equal(installs(), 1);
    });

    const failures: [string, string, RegExp][] = [
        [
            "no network",
            "echo 'npm error code ENOTFOUND' >&2; exit 1",
            /^Error: .*the npm registry cannot be reached\. Connect/m,
        ],
        [
            "another failure",
            "echo 'npm error code EUSAGE' >&2; exit 1",
            /npm ci failed\.\nnpm error code EUSAGE/,
        ],
    ];
    for (const [what, npm, expected] of failures) {
        it(`says what to do: ${what}`, async () => {
            const { run } = clone(npm);
            const { code, stdout, stderr } = await run();
            assert.deepEqual([code, stdout], [1, ""]);
            assert.match(stderr, expected);
            assert.doesNotMatch(stderr, /\n\s+at /, "no stack");
        });
    }

    it("refuses a Node that is older than the package asks for", async () => {
        const { run, installs } = clone(INSTALL, ">=99.1.0");
        const { code, stderr } = await run();
        assert.equal(code, 1);
        assert.match(
            stderr,
            /^Error: Node \d+\.\d+\.\d+ does not fit: pulsar-lab needs Node 99\.1\.0 or newer\./,
        );
        assert.equal(installs(), 0);
    });

    it("takes every newer Node, with a note where it was not tested", () => {
        const range = ">=20.19.0";
        const taken = ["20.19.0", "20.20.1", "21.0.0", "22.1.0", "24.22.0", "26.12.1", "31.0.0"];
        assert.deepEqual(
            taken.filter((version) => !satisfies(version, range)),
            [],
        );
        assert.deepEqual(
            ["18.20.9", "20.18.9", "20.9.0"].filter((version) => satisfies(version, range)),
            [],
        );
        assert.equal(noteOn("24.0.0"), undefined);
        assert.equal(
            noteOn("31.0.0"),
            "Note: pulsar-lab is tested with Node 20, 22, 24, 26, and not with 31.0.0, which is used here.",
        );
    });
});
