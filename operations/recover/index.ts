import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import type { Print } from "../options";
import { runPulumi } from "../pulumi";
import { awsOf } from "../../lib/aws/clients";
import { findCreated } from "./find-created";
import { type Found, importFile } from "./import-file";
import { readStackState } from "./pending-creates";

/**
 * Repairs the state of a stack after an update was killed. Resources that the update created are imported into the state; pending
 * ones that do not exist are dropped. Then the next `pulumi up` goes on, and `pulumi destroy` leaves nothing behind.
 */
export async function recover(stack: string, print: Print): Promise<void> {
    const pulumi = (...args: string[]) => runPulumi([...args, "--stack", stack, "--non-interactive"]);
    const { pendingCreates, knownIds } = readStackState(await pulumi("stack", "export"));
    if (pendingCreates.length === 0) {
        print(`The state of ${stack} is complete: no update was killed while it created a resource.`);
        return;
    }
    const region = (await pulumi("config", "get", "aws:region")).trim();
    const aws = awsOf({ region });
    const findAll = (): Promise<(string | undefined)[]> =>
        Promise.all(pendingCreates.map((pending) => findCreated(pending, aws, knownIds.get(pending.type))));
    const ids = await settled(findAll);
    const created = pendingCreates.flatMap((pending, index): Found[] => {
        const id = ids[index];
        // An earlier recovery has already imported it.
        if (id !== undefined && knownIds.get(pending.type)?.has(id)) return [];
        print(
            `${pending.type} ${pending.name}: ${id === undefined ? "was not created" : `was created, ${id}`}`,
        );
        return id === undefined ? [] : [{ ...pending, id }];
    });
    const [replacements, found] = [true, false].map((isInState) =>
        created.filter((one) => one.isInState === isInState),
    ) as [Found[], Found[]];
    // Import first: if this is killed before the refresh, it can run again.
    if (found.length > 0) await importInto(pulumi, found);
    if (replacements.length > 0) throw new Error(unfinishedReplacements(replacements));
    await pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    // AWS does not have every input of a resource, such as a cluster's skipFinalSnapshot; the next up sets those.
    print(
        `The state of ${stack} is complete again. Next, run pulumi up --stack ${stack}. After that, pulumi destroy works as usual.`,
    );
}

/** The state has one place for each name, so it cannot hold a replacement and the resource that it replaces. */
function unfinishedReplacements(replacements: readonly Found[]): string {
    const lines = replacements.map(({ type, name, id }) => `  - ${type} ${name}: ${id}`);
    return [
        "an update was killed after it created replacements and before it deleted the resources that they replace:",
        ...lines,
        "The state keeps the old resources. Delete the ones listed here in AWS, then run this again; the next pulumi up creates the replacements again.",
    ].join("\n");
}

/** A provider can outlive its killed engine by a call or two. What these calls create appears within this time. */
const SETTLE_MS = 3000;

/** Repeats a search until two results in a row are equal. */
async function settled<T>(search: () => Promise<T>): Promise<T> {
    let last = await search();
    for (;;) {
        await sleep(SETTLE_MS);
        const next = await search();
        if (isDeepStrictEqual(last, next)) return next;
        last = next;
    }
}

/**
 * The command for this would be `pulumi refresh --import-pending-creates`, but Pulumi 3.250 drops the resources that it is given
 * (measured). So this is an ordinary import.
 */
async function importInto(
    pulumi: (...args: string[]) => Promise<string>,
    found: readonly Found[],
): Promise<void> {
    const folder = await mkdtemp(path.join(tmpdir(), "pulsar-lab-import-"));
    try {
        const file = path.join(folder, "import.json");
        await writeFile(file, JSON.stringify(importFile(found)));
        const options = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
        await pulumi("import", "--file", file, ...options);
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
