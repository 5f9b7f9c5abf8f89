import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { bringVenv } from "../../../sandbox/runtime/venv";
import {
    type FakeCommands,
    fakeRunner,
    recordingLog,
    removeTemporaryFolders,
    temporaryFolder,
} from "./support";

/** A Python whose venv module makes the one file that matters. */
function fakePython(version = "3.11.7", command = "python3"): FakeCommands {
    return {
        [`${command} -c`]: () => ({ stdout: `${version} /usr/bin/${command}\n` }),
        [`${command} -m venv`]: (args) => {
            const bin = path.join(args[2] ?? "", "bin");
            fs.mkdirSync(bin, { recursive: true });
            fs.writeFileSync(path.join(bin, "python"), "");
            return {};
        },
        "python -m pip install": () => ({}),
    };
}

function attempt(commands: FakeCommands, cache = temporaryFolder(), requirements = "moto==1\n") {
    const file = path.join(temporaryFolder(), "requirements.txt");
    fs.writeFileSync(file, requirements);
    const { calls, run } = fakeRunner(commands);
    const { lines, log } = recordingLog();
    return {
        python: bringVenv({ log, run, env: { XDG_CACHE_HOME: cache }, requirements: file }),
        calls,
        lines,
        cache,
    };
}

describe("venv", () => {
    after(removeTemporaryFolders);

    it("is made once, in the cache, and says what it does", async () => {
        const first = attempt(fakePython());
        const python = await first.python;
        assert.ok(python.startsWith(path.join(first.cache, "pulsar-lab", "venv")), python);
        assert.match(first.lines.join("\n"), /Installing the AWS stand-in \(moto\) .* \(usually /);
        assert.equal(first.calls.filter((call) => call.includes("pip install")).length, 1);

        const second = attempt(fakePython(), first.cache);
        assert.equal(await second.python, python);
        assert.deepEqual(
            second.calls.map((call) => call.split(" ")[1]),
            ["-c"],
        );
    });

    it("is another one for other requirements and for another Python", async () => {
        const cache = temporaryFolder();
        const pythons = [
            await attempt(fakePython(), cache).python,
            await attempt(fakePython(), cache, "moto==2\n").python,
            await attempt(fakePython("3.12.1"), cache).python,
        ];
        assert.equal(new Set(pythons).size, 3);
    });

    it("is made again when it was not finished, and when its Python has gone", async () => {
        const first = attempt(fakePython());
        const python = await first.python;
        fs.rmSync(path.join(path.dirname(python), "..", ".pulsar-lab-finished"));
        const second = attempt(fakePython(), first.cache);
        await second.python;
        assert.ok(second.calls.some((call) => call.includes("pip install")));
        fs.rmSync(python);
        const third = attempt(fakePython(), first.cache);
        await third.python;
        assert.ok(third.calls.some((call) => call.includes("pip install")));
    });

    it("takes the next command when the first is too old", async () => {
        const commands = {
            "python3 -c": () => ({ stdout: "3.9.2 /usr/bin/python3\n" }),
            ...fakePython("3.12.0", "python3.12"),
        };
        const { python, calls } = attempt(commands);
        await python;
        assert.ok(calls.some((call) => call.startsWith("python3.12 -m venv")));
    });

    it("takes a tested Python before a newer one", async () => {
        const commands = {
            "python3 -c": () => ({ stdout: "3.99.0 /usr/bin/python3\n" }),
            ...fakePython("3.15.1", "python3.15"),
        };
        const { python, calls, lines } = attempt(commands);
        await python;
        assert.ok(calls.some((call) => call.startsWith("python3.15 -m venv")));
        assert.doesNotMatch(lines.join("\n"), /newer than/);
    });

    for (const version of ["3.16.0", "4.0.1"]) {
        it(`uses Python ${version} with a note when no tested one is there`, async () => {
            const { python, lines } = attempt(fakePython(version));
            await python;
            const note = `Python ${version} is newer than the tested versions (3.11 to 3.15)`;
            assert.ok(
                lines.some((line) => line.startsWith(note)),
                lines.join("\n"),
            );
        });
    }

    const failures: [string, FakeCommands, RegExp][] = [
        ["no Python", {}, /Python is not installed: install Python 3\.11 or newer/],
        [
            "an old Python",
            { "python3 -c": () => ({ stdout: "3.10.1 /usr/bin/python3\n" }) },
            /No Python that fits \(python3 is 3\.10\.1\): install Python 3\.11 or newer/,
        ],
        [
            "a shim without a Python behind it",
            { "python3 -c": () => ({ code: 127, stderr: "pyenv: python3: command not found" }) },
            /Python is not installed/,
        ],
        [
            "no venv module",
            { ...fakePython(), "python3 -m venv": () => ({ code: 1, stdout: "ensurepip is not available" }) },
            /python3 has no working venv module: install it .*apt install python3-venv/,
        ],
        [
            "no network",
            {
                ...fakePython(),
                "python -m pip install": () => ({
                    code: 1,
                    stderr: "NewConnectionError: Temporary failure in name resolution",
                }),
            },
            /package index cannot be reached.*PIP_INDEX_URL/,
        ],
        [
            "a package that is not there",
            {
                ...fakePython(),
                "python -m pip install": () => ({
                    code: 1,
                    stderr: "No matching distribution found for moto==1",
                }),
            },
            /pip failed\.\nNo matching distribution found for moto==1/,
        ],
    ];
    for (const [what, commands, expected] of failures) {
        it(`is one clear error: ${what}`, async () => {
            await assert.rejects(attempt(commands).python, expected);
        });
    }
});
