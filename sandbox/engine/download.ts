import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Log } from "../system/cache";
import type { CommandRunner } from "../system/command";
import { messageOf, SandboxError } from "../system/errors";
import { platform } from "./version";

/** Where Pulumi publishes its releases. */
export const OFFICIAL_DOWNLOADS = "https://get.pulumi.com/releases/sdk";

export interface DownloadOptions {
    /** @default {@link OFFICIAL_DOWNLOADS} */
    readonly baseUrl?: string;
    /**
     * How long the server may take to begin an answer, in milliseconds: a machine that cannot reach it loses no more.
     *
     * @default 4000
     */
    readonly firstByteMs?: number;
    /**
     * How long the data may pause, in milliseconds.
     *
     * @default 20000
     */
    readonly idleMs?: number;
    readonly signal?: AbortSignal;
}

/** The two files of the archive that the sandbox needs: its own scripts start the rest. */
const MEMBERS = ["pulumi", "pulumi-language-nodejs"];

/** fetch says only "fetch failed"; the reason is in the cause. */
function reasonOf(error: unknown): string {
    return error instanceof Error && error.cause !== undefined ? messageOf(error.cause) : messageOf(error);
}

/** Fetches `url` and gives its data piece by piece; every wait has its limit. */
async function* fetchPieces(url: string, options: DownloadOptions): AsyncGenerator<Uint8Array> {
    const controller = new AbortController();
    const stop = (): void => controller.abort(options.signal?.reason);
    options.signal?.addEventListener("abort", stop);
    let timer: NodeJS.Timeout | undefined;
    const allow = (milliseconds: number): void => {
        clearTimeout(timer);
        timer = setTimeout(
            () => controller.abort(new Error(`no answer within ${String(milliseconds / 1000)} s`)),
            milliseconds,
        );
    };
    try {
        options.signal?.throwIfAborted();
        allow(options.firstByteMs ?? 4_000);
        const response = await fetch(url, { signal: controller.signal });
        if (!response.ok || response.body === null) {
            throw new Error(`HTTP status ${String(response.status)}`);
        }
        const idleMs = options.idleMs ?? 20_000;
        allow(idleMs);
        for await (const piece of response.body) {
            allow(idleMs);
            yield piece as Uint8Array;
        }
    } catch (error) {
        options.signal?.throwIfAborted();
        throw new SandboxError(`${url}: ${reasonOf(error)}`);
    } finally {
        clearTimeout(timer);
        options.signal?.removeEventListener("abort", stop);
        controller.abort();
    }
}

/** The checksum of `archive` in a file of lines `<SHA-256 in hex>  <file>`. */
export function findChecksum(checksums: string, archive: string): string | undefined {
    const line = checksums.split("\n").find((candidate) => candidate.trim().split(/\s+\*?/)[1] === archive);
    const checksum = line?.trim().split(/\s+/)[0];
    return checksum !== undefined && /^[0-9a-f]{64}$/i.test(checksum) ? checksum.toLowerCase() : undefined;
}

async function fetchText(url: string, options: DownloadOptions): Promise<string> {
    const pieces: Uint8Array[] = [];
    for await (const piece of fetchPieces(url, options)) {
        pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
}

async function fetchFile(url: string, file: string, options: DownloadOptions): Promise<string> {
    const hash = createHash("sha256");
    const handle = await fs.promises.open(file, "w");
    try {
        for await (const piece of fetchPieces(url, options)) {
            hash.update(piece);
            await handle.writeFile(piece);
        }
    } finally {
        await handle.close();
    }
    return hash.digest("hex");
}

/**
 * Downloads the official engine into the existing `folder`. Nothing of an archive is used before its SHA-256 has been
 * compared with the one that Pulumi publishes.
 *
 * @throws SandboxError that says what could not be had, and why.
 */
export async function downloadEngine(
    version: string,
    folder: string,
    run: CommandRunner,
    log: Log,
    options: DownloadOptions = {},
): Promise<void> {
    const baseUrl = options.baseUrl ?? OFFICIAL_DOWNLOADS;
    const archive = `pulumi-v${version}-${platform()}.tar.gz`;
    const checksums = await fetchText(`${baseUrl}/pulumi-${version}-checksums.txt`, options);
    const expected = findChecksum(checksums, archive);
    if (expected === undefined) {
        throw new SandboxError(`${baseUrl} publishes no SHA-256 checksum of ${archive}`);
    }
    log(`Downloading Pulumi ${version} (about 100 MB) from ${baseUrl} ...`);
    const file = path.join(folder, archive);
    const actual = await fetchFile(`${baseUrl}/${archive}`, file, options);
    if (actual !== expected) {
        throw new SandboxError(
            `${archive} has the SHA-256 checksum ${actual}, but Pulumi publishes ${expected}`,
        );
    }
    const members = MEMBERS.map((member) => `pulumi/${member}`);
    const unpacked = await run("tar", ["-xzf", file, "-C", folder, "--strip-components=1", ...members]);
    if (unpacked.code !== 0) {
        throw new SandboxError(`${archive} cannot be unpacked: ${unpacked.stderr.trim()}`);
    }
    fs.rmSync(file);
}
