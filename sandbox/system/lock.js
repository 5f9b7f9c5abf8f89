"use strict";

/**
 * A lock between processes: a file that names its holder. A holder that ended without releasing it (a crash,
 * SIGKILL) is noticed by its process identity, and the lock is taken over. Plain JavaScript, because bootstrap.js
 * needs it before TypeScript can be loaded.
 */
const { randomBytes } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { isAlive, processIdentity } = require("./process-identity");

const POLL_MS = 100;
/** Taking over takes a millisecond: a takeover this old belongs to a process that died in it. */
const TAKEOVER_STALE_MS = 10_000;

function readHolder(file) {
    try {
        return JSON.parse(fs.readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
}

function holderIsGone(file) {
    const holder = readHolder(file);
    // The file appears with its content in one step, so a file that cannot be parsed was damaged.
    return holder === undefined ? fs.existsSync(file) : !isAlive(holder);
}

/** Hard-links `own` to `target`: it appears with its whole content or, when the target exists, not at all. */
function tryLink(own, target) {
    try {
        fs.linkSync(own, target);
        return true;
    } catch (error) {
        if (error.code === "EEXIST") {
            return false;
        }
        throw error;
    }
}

function unlinkQuietly(file) {
    fs.rmSync(file, { force: true });
}

/** Removes the lock of a dead holder. Under a second lock, or two takers could remove each other's new lock. */
function removeStale(file, own) {
    const takeover = `${file}.takeover`;
    if (!tryLink(own, takeover)) {
        const age = Date.now() - (fs.statSync(takeover, { throwIfNoEntry: false })?.ctimeMs ?? Date.now());
        if (age > TAKEOVER_STALE_MS) {
            unlinkQuietly(takeover);
        }
        return;
    }
    try {
        if (holderIsGone(file)) {
            unlinkQuietly(file);
        }
    } finally {
        unlinkQuietly(takeover);
    }
}

async function acquire(file, options) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const own = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
    fs.writeFileSync(own, JSON.stringify(processIdentity(process.pid)));
    try {
        let waiting = false;
        while (!tryLink(own, file)) {
            options.signal?.throwIfAborted();
            if (holderIsGone(file)) {
                removeStale(file, own);
                continue;
            }
            if (!waiting) {
                waiting = true;
                options.onWait?.(readHolder(file)?.pid);
            }
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        }
    } finally {
        unlinkQuietly(own);
    }
}

async function withLock(file, options, action) {
    await acquire(file, options);
    try {
        return await action();
    } finally {
        unlinkQuietly(file);
    }
}

module.exports = { withLock };
