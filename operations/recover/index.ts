import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";

import { runPulumi } from "../pulumi";
import { awsOf } from "../../lib/aws/clients";
import { findCreated } from "./find-created";
import { type Found, importFile } from "./import-file";
import { readStackState } from "./pending-creates";

/**
 * Makes the state of a stack whole again after an update that was killed: what it had created unseen is imported into the
 * state, what it had not is forgotten, so that the next `pulumi up` goes on and `pulumi destroy` leaves nothing behind.
 *
 * @param stack name of the stack.
 * @param log takes a line for people.
 */
export async function recover(stack: string, log: (line: string) => void): Promise<void> {
    const pulumi = (...args: string[]) => runPulumi([...args, "--stack", stack, "--non-interactive"]);
    const { pendingCreates, knownIds } = readStackState(await pulumi("stack", "export"));
    if (pendingCreates.length === 0) {
        log(`The state of ${stack} is whole: no update was killed while it created something.`);
        return;
    }
    const region = (await pulumi("config", "get", "aws:region")).trim();
    const aws = awsOf({ region });
    const look = (): Promise<(string | undefined)[]> =>
        Promise.all(pendingCreates.map((pending) => findCreated(pending, aws, knownIds.get(pending.type))));
    const ids = await settled(look);
    const created = pendingCreates.flatMap((pending, index): Found[] => {
        const id = ids[index];
        // An earlier recovery has it in the state already.
        if (id !== undefined && knownIds.get(pending.type)?.has(id)) return [];
        log(
            `${pending.type} ${pending.name}: ${id === undefined ? "was not created" : `was created, ${id}`}`,
        );
        return id === undefined ? [] : [{ ...pending, id }];
    });
    const [replacements, found] = [true, false].map((isInState) =>
        created.filter((one) => one.isInState === isInState),
    ) as [Found[], Found[]];
    // First the import, then the forgetting: killed in between, this can be run again.
    if (found.length > 0) await importInto(pulumi, found);
    if (replacements.length > 0) throw new Error(twice(replacements));
    await pulumi("refresh", "--yes", "--skip-preview", "--clear-pending-creates");
    // AWS does not know all that a resource is given, such as that a cluster goes without a last snapshot: that comes with an up.
    log(
        `The state of ${stack} is whole again. Next: pulumi up --stack ${stack}; after that it can be destroyed as always`,
    );
}

/** What stands beside the thing that it was to replace: the state has room for one under a name, so that neither can be taken in. */
function twice(replacements: readonly Found[]): string {
    const lines = replacements.map(({ type, name, id }) => `  - ${type} ${name}: ${id}`);
    return [
        "an update was killed after it had made replacements, before it deleted what they replace:",
        ...lines,
        "The state goes on with the old ones. Delete these in AWS, then run this again; the next pulumi up replaces anew.",
    ].join("\n");
}

/** A provider may outlive its killed engine by a call or two: what it was about to create appears in this time. */
const SETTLE_MS = 3000;

/** The answer of `look` once it gives the same twice in a row. */
async function settled<T>(look: () => Promise<T>): Promise<T> {
    let last = await look();
    for (;;) {
        await sleep(SETTLE_MS);
        const next = await look();
        if (isDeepStrictEqual(last, next)) return next;
        last = next;
    }
}

/**
 * `pulumi refresh --import-pending-creates` would be the thing to use, but an engine of this version only drops what it is
 * given (measured with 3.250): so this is the ordinary import.
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
