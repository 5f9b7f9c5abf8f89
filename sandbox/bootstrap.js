#!/usr/bin/env node
"use strict";

/**
 * The one entry of the npm scripts: `node sandbox/bootstrap.js <command> [arguments]`. Plain JavaScript without
 * dependencies, because on a fresh clone there are none yet: it checks Node's version, brings the node modules and
 * then hands over to cli.ts in this same process, so that exit codes and signals need no passing on.
 */
const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { withLock } = require("./system/lock");

const ROOT = path.resolve(__dirname, "..");
const LOCKFILE = path.join(ROOT, "package-lock.json");
const MODULES = path.join(ROOT, "node_modules");
/** Holds the hash of the lockfile that the node modules were installed from. */
const INSTALLED = path.join(MODULES, ".pulsar-lab-lockfile");
/** Outside of node_modules, which `npm ci` removes. */
const INSTALL_LOCK = path.join(ROOT, ".sandbox", "npm-ci.lock");

// Node 20 is supported until the pinned SDK says otherwise; its notice would stand in the middle of a command's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

class BootstrapError extends Error {}

const say = (line) => process.stderr.write(`${line}\n`);

const parseVersion = (text) => text.split(".").map(Number);

/** The major versions that the tests run on. Newer ones are used all the same. */
const TESTED_NODE = [20, 22, 24, 26];

/** Whether `version` satisfies `range`, of the one form that package.json's engines use: `>=a.b.c`. */
function satisfies(version, range) {
    const found = parseVersion(version);
    const wanted = parseVersion(range.replace(/^>=/, ""));
    const at = wanted.findIndex((part, index) => part !== found[index]);
    return at === -1 || found[at] > wanted[at];
}

/** What is to be said of a version that fits and was not tested; nothing for one that was. */
function noteOn(version) {
    const [major] = parseVersion(version);
    if (TESTED_NODE.includes(major)) return undefined;
    return `Note: pulsar-lab is tested with Node ${TESTED_NODE.join(", ")}, and not with ${version}, which is used here.`;
}

function checkNode(version, range) {
    if (!satisfies(version, range)) {
        throw new BootstrapError(
            `Node ${version} does not fit: pulsar-lab needs Node ${range.replace(/^>=/, "")} or newer. ` +
                "Install one (https://nodejs.org/en/download) and run the command again.",
        );
    }
    const note = noteOn(version);
    if (note !== undefined) say(note);
}

/** Whether what npm has written about the installed modules agrees with the lockfile: someone ran npm themselves. */
function agrees(lockfile, installed) {
    return Object.entries(lockfile.packages).every(([name, wanted]) => {
        const found = installed.packages[name];
        // Optional packages are for other platforms as well, so they may be absent.
        return (
            name === "" || (found === undefined ? wanted.optional === true : found.version === wanted.version)
        );
    });
}

function modulesAreCurrent(hash) {
    try {
        return fs.readFileSync(INSTALLED, "utf8") === hash;
    } catch {
        // No record of ours: see what npm itself recorded.
    }
    try {
        const read = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
        if (!agrees(read(LOCKFILE), read(path.join(MODULES, ".package-lock.json")))) {
            return false;
        }
    } catch {
        return false;
    }
    fs.writeFileSync(INSTALLED, hash);
    return true;
}

function runNpmCi() {
    // Under `npm run` the running npm is known by its script; otherwise it is looked up on PATH.
    const script = process.env.npm_execpath;
    const isNpm = script !== undefined && path.basename(script).startsWith("npm");
    const [command, prefix] = isNpm ? [process.execPath, [script]] : ["npm", []];
    const flags = ["ci", "--prefer-offline", "--loglevel=error", "--fetch-retries=1"];
    return new Promise((resolve, reject) => {
        const child = spawn(command, [...prefix, ...flags], { cwd: ROOT, stdio: ["ignore", 2, "pipe"] });
        // A terminal's Ctrl-C reaches npm by itself; a signal to this process alone does not.
        const forward = (signal) => child.kill(signal);
        process.once("SIGINT", forward).once("SIGTERM", forward);
        let errors = "";
        child.stderr.on("data", (chunk) => (errors += chunk));
        child.on("error", (error) =>
            reject(
                new BootstrapError(
                    `npm could not be started (${error.message}): install npm, it comes with Node.`,
                ),
            ),
        );
        child.on("close", (code, signal) => {
            process.off("SIGINT", forward).off("SIGTERM", forward);
            if (signal !== null) {
                reject(new BootstrapError(`The installation of the node modules was ended by ${signal}.`));
                return;
            }
            if (code === 0) {
                resolve();
                return;
            }
            const offline =
                /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH/.test(errors);
            reject(
                new BootstrapError(
                    offline
                        ? "The node modules could not be installed: the npm registry cannot be reached. Connect to the " +
                              "network, or point npm to a registry that can be reached (npm config set registry <url>), " +
                              "and run the command again."
                        : `The node modules could not be installed: npm ci failed.\n${errors.trim()}`,
                ),
            );
        });
    });
}

async function bringModules() {
    const hash = createHash("sha256").update(fs.readFileSync(LOCKFILE)).digest("hex");
    if (modulesAreCurrent(hash)) {
        return;
    }
    const onWait = (pid) => say(`Waiting for process ${pid}, which installs the node modules ...`);
    await withLock(INSTALL_LOCK, { onWait }, async () => {
        if (modulesAreCurrent(hash)) {
            return;
        }
        say("Installing the node modules with npm ci (usually 15 to 60 seconds) ...");
        await runNpmCi();
        fs.writeFileSync(INSTALLED, hash);
    });
}

async function main() {
    const { engines } = JSON.parse(fs.readFileSync(path.join(ROOT, "package.json"), "utf8"));
    checkNode(process.versions.node, engines.node);
    await bringModules();
    require("ts-node").register({ transpileOnly: true, project: path.join(ROOT, "tsconfig.json") });
    const cli = require("./cli.ts");
    process.exitCode = await cli.main(process.argv.slice(2));
}

module.exports = { agrees, noteOn, satisfies };

if (require.main === module) {
    main().catch((error) => {
        say(error instanceof BootstrapError ? `Error: ${error.message}` : String(error.stack));
        process.exitCode = 1;
    });
}
