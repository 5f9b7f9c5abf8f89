import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import type { FlowVerdict } from "../../checks/analyze";
import { network } from "../checks/analyze/support/network";

const CLI = path.join(__dirname, "../../operations/lab.js");

describe("lab diagnose and exposure", function () {
    this.timeout(60_000);
    let folder: string;
    const file = (name: string) => path.join(folder, name);
    const write = (name: string, content: unknown) =>
        writeFileSync(file(name), typeof content === "string" ? content : JSON.stringify(content));
    const lab = (...args: string[]) =>
        spawnSync(process.execPath, [CLI, ...args], {
            encoding: "utf8",
            // As `npm run lab` does: in the repository, with the user's folder in the environment.
            env: { ...process.env, npm_lifecycle_event: "lab", INIT_CWD: folder },
        });

    before(() => {
        folder = mkdtempSync(path.join(tmpdir(), "pulsar-lab-diagnose-"));
        write("network.json", network());
        const server = { eni: "eni-server" };
        write("flows.json", [
            { id: "open", source: { eni: "eni-client" }, destination: server, protocol: "tcp", port: 6650 },
            { id: "closed", source: { eni: "eni-client" }, destination: server, protocol: "tcp", port: 6651 },
            { id: "gone", source: { eni: "eni-gone" }, destination: server, protocol: "tcp", port: 6650 },
        ]);
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("analyzes the flows of a file in their order and exits with 0, whatever the verdicts", () => {
        const { status, stdout, stderr } = lab(
            "diagnose",
            "--snapshot",
            "network.json",
            "--flows",
            "flows.json",
            "--json",
        );
        assert.equal(stderr, "");
        assert.equal(status, 0);
        const verdicts = JSON.parse(stdout) as (FlowVerdict & { reason?: string })[];
        assert.deepEqual(
            verdicts.map(({ id, verdict, explanations }) => [
                id,
                verdict,
                explanations.map(({ code }) => code),
            ]),
            [
                ["open", "REACHABLE", []],
                ["closed", "UNREACHABLE", ["ENI_SG_RULES_MISMATCH"]],
                ["gone", "UNKNOWN", ["UNKNOWN_RESOURCE"]],
            ],
        );
        assert.equal(verdicts[2]?.reason, "eni-gone is not in the snapshot");
    });

    it("prints the path, each cause and its remedy", () => {
        const asked = ["--from", "eni-client", "--to", "10.0.2.10", "--port", "6651"];
        const { status, stdout } = lab("diagnose", "--snapshot", "network.json", ...asked);
        assert.equal(status, 0);
        assert.match(
            stdout,
            /^UNREACHABLE {2}eni-client to 10\.0\.2\.10, tcp 6651\n {2}path: eni-client > sg-client/,
        );
        assert.match(
            stdout,
            /blocked by \[ENI_SG_RULES_MISMATCH\]: No inbound rule of sg-server on eni-server admits TCP 6651\.\n {4}remedy: /,
        );
    });

    it("lists what is reachable but not intended", () => {
        write("intents.json", [
            {
                id: "client to server",
                sourceGroupId: "sg-client",
                destination: { securityGroupId: "sg-server" },
                protocol: "tcp",
                ports: { from: 6650, to: 6650 },
            },
        ]);
        const { status, stdout } = lab("exposure", "--snapshot", "network.json", "--intents", "intents.json");
        assert.equal(status, 0);
        assert.match(stdout, /internet reaches sg-web on tcp 443/);
        assert.match(
            stdout,
            /\[X_WORLD_OPEN\] Rule IpPermissions\[0\] of sg-web admits TCP 443 from the whole internet/,
        );
        assert.doesNotMatch(stdout, /sg-client reaches sg-server/);
        assert.match(stdout, /1 of 1 intents reachable/);
    });

    it("names a file that is wrong", () => {
        write("bad.json", { region: "us-east-1", Vpcs: {} });
        const { status, stdout, stderr } = lab("diagnose", "--snapshot", "bad.json", "--flows", "flows.json");
        assert.deepEqual([status, stdout], [2, ""]);
        assert.equal(stderr, "lab: bad.json: Vpcs must be an array, not an object\n");
    });

    it("refuses an id that does not exist, and unknown options", () => {
        const asked = ["--snapshot", "network.json", "--to", "eni-server", "--port", "1"];
        const gone = lab("diagnose", ...asked, "--from", "eni-gone");
        assert.deepEqual([gone.status, gone.stderr], [2, "lab: eni-gone is not in network.json\n"]);
        assert.equal(lab("diagnose", ...asked, "--from", "eni-client", "--loud").status, 2);
        assert.equal(lab("diagnose", "--snapshot", "none.json", "--flows", "flows.json").status, 2);
    });
});
