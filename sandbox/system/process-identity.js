"use strict";

/**
 * Which process a number means. A process id alone is not enough: the kernel gives the number of a dead process
 * to a new one. The id and the start time together name one process. Plain JavaScript, because bootstrap.js
 * needs it before TypeScript can be loaded.
 */
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");

let bootId;

/** Times in /proc count from the boot, so they mean nothing without it. */
function currentBoot() {
    if (bootId === undefined) {
        try {
            bootId = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
        } catch {
            bootId = "";
        }
    }
    return bootId;
}

function startTimeFromProc(pid) {
    let stat;
    try {
        stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    } catch {
        return undefined;
    }
    // The second field is the name in brackets and may hold anything, so count from its end: state is the third
    // field, the start time the twenty-second.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    // A zombie has ended: only its parent has not asked for the exit code yet.
    return state === "Z" || state === "X" ? undefined : `${currentBoot()}:${startTime}`;
}

function startTimeFromPs(pid) {
    try {
        const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
            encoding: "utf8",
            env: { ...process.env, LC_ALL: "C" },
            stdio: ["ignore", "pipe", "ignore"],
        }).trim();
        const [, state, startTime] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
        return state === undefined || state.startsWith("Z") ? undefined : startTime;
    } catch {
        return undefined;
    }
}

function processStartTime(pid) {
    return fs.existsSync("/proc/self/stat") ? startTimeFromProc(pid) : startTimeFromPs(pid);
}

function processIdentity(pid) {
    const startTime = processStartTime(pid);
    return startTime === undefined ? undefined : { pid, startTime };
}

function isAlive(identity) {
    return processStartTime(identity.pid) === identity.startTime;
}

module.exports = { processIdentity, isAlive };
