import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { runCommand } from "../../../sandbox/system/command";
import { downloadEngine, findChecksum } from "../../../sandbox/engine/download";
import { platform } from "../../../sandbox/engine/version";
import { removeTemporaryFolders, temporaryFolder, writeFiles } from "../runtime/support";

const VERSION = "3.250.0";
const ARCHIVE = `pulumi-v${VERSION}-${platform()}.tar.gz`;
const CHECKSUMS = `pulumi-${VERSION}-checksums.txt`;

describe("engine download", () => {
    const servers: Server[] = [];
    let archive: Buffer;
    let checksum: string;

    before(async () => {
        const folder = temporaryFolder();
        writeFiles(folder, {
            "pulumi/pulumi": "the CLI",
            "pulumi/pulumi-language-nodejs": "the host",
            "pulumi/pulumi-language-go": "",
        });
        const packed = await runCommand("tar", ["-czf", path.join(folder, ARCHIVE), "-C", folder, "pulumi"]);
        assert.equal(packed.code, 0, packed.stderr);
        archive = fs.readFileSync(path.join(folder, ARCHIVE));
        checksum = createHash("sha256").update(archive).digest("hex");
    });

    after(removeTemporaryFolders);

    afterEach(() => {
        for (const server of servers.splice(0)) {
            server.close();
            server.closeAllConnections();
        }
    });

    /** Serves files by name; a listener in place of content answers itself. */
    async function serve(
        files: Readonly<Record<string, string | Buffer | RequestListener>>,
    ): Promise<string> {
        const server = createServer((request, response) => {
            const content = files[(request.url ?? "").slice(1)];
            if (typeof content === "function") {
                content(request, response);
                return;
            }
            response.statusCode = content === undefined ? 404 : 200;
            response.end(content);
        }).listen(0, "127.0.0.1");
        servers.push(server);
        await once(server, "listening");
        return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    }

    async function download(baseUrl: string): Promise<string> {
        const folder = temporaryFolder();
        const limits = { firstByteMs: 150, idleMs: 150 };
        await downloadEngine(VERSION, folder, runCommand, () => undefined, { baseUrl, ...limits });
        return folder;
    }

    const good = (): string =>
        `${"0".repeat(64)}  pulumi-v${VERSION}-plan9-x64.tar.gz\n${checksum}  ${ARCHIVE}\n`;

    it("unpacks the CLI and the language host of an archive with the published checksum", async () => {
        const folder = await download(await serve({ [CHECKSUMS]: good(), [ARCHIVE]: archive }));
        assert.deepEqual(fs.readdirSync(folder).sort(), ["pulumi", "pulumi-language-nodejs"]);
        assert.equal(fs.readFileSync(path.join(folder, "pulumi"), "utf8"), "the CLI");
    });

    it("uses nothing of an archive with another checksum", async () => {
        const altered = Buffer.concat([archive, Buffer.from("x")]);
        const url = await serve({ [CHECKSUMS]: good(), [ARCHIVE]: altered });
        await assert.rejects(download(url), (error: Error) => {
            assert.ok(error.message.includes(`but Pulumi publishes ${checksum}`), error.message);
            return true;
        });
    });

    it("does not download what has no published checksum", async () => {
        const url = await serve({ [CHECKSUMS]: "nothing here\n", [ARCHIVE]: archive });
        await assert.rejects(download(url), /publishes no SHA-256 checksum of pulumi-v3\.250\.0/);
    });

    it("says when the version is not there", async () => {
        await assert.rejects(download(await serve({})), /checksums\.txt: HTTP status 404/);
        await assert.rejects(download(await serve({ [CHECKSUMS]: good() })), /\.tar\.gz: HTTP status 404/);
    });

    it("gives up on a server that accepts and says nothing", async () => {
        const start = Date.now();
        await assert.rejects(
            download(await serve({ [CHECKSUMS]: () => undefined })),
            /no answer within 0\.15 s/,
        );
        assert.ok(Date.now() - start < 2_000);
    });

    it("gives up on data that stops in the middle", async () => {
        const stalls: RequestListener = (_request, response) => response.write(archive.subarray(0, 20));
        const url = await serve({ [CHECKSUMS]: good(), [ARCHIVE]: stalls });
        await assert.rejects(download(url), /no answer within 0\.15 s/);
    });

    it("gives up on a connection that breaks", async () => {
        const breaks: RequestListener = (_request, response) => {
            response.writeHead(200, { "content-length": archive.length });
            response.write(archive.subarray(0, 20), () => response.destroy());
        };
        const url = await serve({ [CHECKSUMS]: good(), [ARCHIVE]: breaks });
        await assert.rejects(download(url), /\.tar\.gz: /);
    });

    it("says when nothing listens", async () => {
        const url = await serve({});
        servers[0]?.close();
        await assert.rejects(download(url), /ECONNREFUSED/);
    });

    it("reads checksum files", () => {
        const sum = "a".repeat(64);
        assert.equal(findChecksum(`${sum.toUpperCase()} *file.tar.gz\n`, "file.tar.gz"), sum);
        assert.equal(findChecksum(`${sum}  other-file.tar.gz\n`, "file.tar.gz"), undefined);
        assert.equal(findChecksum("abc  file.tar.gz\n", "file.tar.gz"), undefined);
    });
});
