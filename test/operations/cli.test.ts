import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { create } from "ts-node";

import { version } from "../../package.json";

const LAB = path.join(__dirname, "../../operations/lab.js");

const lab = (...args: string[]) => spawnSync(process.execPath, [LAB, ...args], { encoding: "utf8" });

describe("the lab command", function () {
    this.timeout(30_000);

    const misuses: [string[], string][] = [
        [[], "no command"],
        [["destroy-everything"], "unknown command 'destroy-everything'"],
        [["diagnos"], "unknown command 'diagnos'\n(Did you mean diagnose?)"],
        [["recover"], "required option '--stack <stack>' not specified"],
        [
            ["recover", "--stack", "dev", "dev"],
            "too many arguments for 'recover'. Expected 0 arguments but got 1.",
        ],
        [["recover", "--stack", "dev", "--force"], "unknown option '--force'"],
        [["diagnose", "--form", "eni-1"], "unknown option '--form'\n(Did you mean --from?)"],
        [["diagnose", "--from", "eni-1"], "give --from and --to, or --flows with a file"],
        [
            ["diagnose", "--from", "eni-1", "--to", "eni-2", "--flows", "flows.json"],
            "give either --flows, or --from and --to",
        ],
        [
            ["exposure", "--stack", "dev", "--intents", "intents.json"],
            "option '--stack <stack>' cannot be used with option '--intents <file>'",
        ],
    ];
    for (const [args, message] of misuses) {
        it(`refuses ${JSON.stringify(args)} with one error and the help`, () => {
            const { status, stdout, stderr } = lab(...args);
            assert.equal(status, 2);
            assert.equal(stdout, "");
            const command = ["recover", "diagnose", "exposure"].find((name) => name === args[0]);
            const usage = command === undefined ? "lab [options] [command]" : `lab ${command} [options]`;
            assert.ok(stderr.startsWith(`lab: ${message}\n\nUsage: ${usage}\n`), stderr);
        });
    }

    for (const args of [["help"], ["--help"]])
        it(`lists its commands for ${args.join(" ")}`, () => {
            const { status, stdout, stderr } = lab(...args);
            assert.deepEqual([status, stderr], [0, ""]);
            for (const name of ["recover", "snapshot", "diagnose", "exposure"])
                assert.match(stdout, new RegExp(`^  ${name} \\[options\\]`, "m"));
        });

    for (const args of [
        ["diagnose", "--help"],
        ["help", "diagnose"],
    ])
        it(`prints the options of a command for ${args.join(" ")}`, () => {
            const { status, stdout, stderr } = lab(...args);
            assert.deepEqual([status, stderr], [0, ""]);
            assert.match(stdout, /^Usage: lab diagnose \[options\]\n/);
            assert.match(stdout, /^ {2}--from <end> /m);
        });

    it("prints the version of the project", () => {
        const { status, stdout } = lab("--version");
        assert.deepEqual([status, stdout], [0, `${version}\n`]);
    });

    it("loads no SDK and no TypeScript compiler for its help, so that it answers at once", () => {
        const script = `process.on("exit", () => console.log(JSON.stringify(Object.keys(require.cache))));
            process.argv[1] = ${JSON.stringify(LAB)}; require("node:module").runMain();`;
        const { stdout } = spawnSync(process.execPath, ["-e", script, "--", "--version"], {
            encoding: "utf8",
        });
        const modules = JSON.parse(stdout.slice(stdout.indexOf("["))) as string[];
        assert.ok(modules.some((file) => file.endsWith("operations/cli.ts")));
        for (const heavy of ["typescript", "ts-node", "@aws-sdk", "@pulumi", "zod"])
            assert.deepEqual(
                modules.filter((file) => file.includes(`/node_modules/${heavy}/`)),
                [],
            );
        assert.ok(!modules.some((file) => file.includes("/checks/")));
    });
});

describe("the loader of the lab command", () => {
    it("compiles as ts-node does", async () => {
        const { compile } = (await import(LAB)) as { compile: (source: string, file: string) => string };
        const tsNode = create({ transpileOnly: true, project: path.join(__dirname, "../../tsconfig.json") });
        const bare = (code: string) => code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "").trim();
        const files = [
            "operations/cli.ts",
            "operations/recover/index.ts",
            "checks/analyze/model.ts",
            "lib/clock.ts",
            "lib/aws/errors.ts",
        ];
        for (const file of files) {
            const absolute = path.join(__dirname, "../..", file);
            const source = readFileSync(absolute, "utf8");
            assert.equal(bare(compile(source, absolute)), bare(tsNode.compile(source, absolute)), file);
        }
    });
});
