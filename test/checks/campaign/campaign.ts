import { MESSAGES } from "../../../checks/messages";
import { PROPOSED_REPAIRS } from "../../../checks/repair/plan";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults, type Fault } from "../support/faults";
import { DEV, LAB, type NetworkOptions, soundNetwork } from "../support/network";
import { comparable, runAll } from "../support/world";

/** The networks that faults are put into; the last one has a network ACL of the program's own. */
const NETWORKS: readonly NetworkOptions[] = [LAB, { ...DEV, roles: true, ownNetworkAcl: true }];

export const SEED = 20260101;

/** Of one group of trials: how many of them were as they must be. */
export interface Tally {
    name: string;
    trials: number;
    /** Exactly the injected faults were named, each with its code and resource, and nothing was written. */
    exact: number;
    /** Mode fix mended all of class A, made nothing else, and left the rest as it was. */
    mended: number;
    /** Mode fix-proposed mended class P as well, where a check can. */
    proposed: number;
    /** Where all was mended, the network is the program's own again; where nothing was, it is as it was broken. */
    identical: number;
    /** Writes of a second run. */
    again: number;
}

/** Numbers from 0 up to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    };
}

const nameOf = ({ id, component }: { id: string; component: string }) => `${id} ${component}`;
const namesOf = (findings: readonly { id: string; component: string }[]) =>
    [...new Set(findings.map(nameOf))].sort().join("; ");

async function trial(
    options: NetworkOptions,
    choose: (faults: Fault[]) => Fault[],
    tally: Tally,
): Promise<void> {
    const { snapshot, intent } = soundNetwork(options);
    const sound = JSON.stringify(comparable(snapshot));
    const ec2 = new FakeEc2(snapshot);
    ec2.pageSize = 1000;
    const faults = choose(allFaults(intent));
    for (const fault of faults) fault.inject(ec2);
    const broken = JSON.stringify(comparable(ec2.state));
    const run = async (mode: "validate" | "fix" | "fix-proposed") => {
        const changes = mode === "fix-proposed" ? { mode, allowedRepairs: [...PROPOSED_REPAIRS] } : { mode };
        const results = await runAll(ec2, intent, changes);
        // That an edit of somebody else's ACL was refused is said beside the fault.
        return namesOf(results.flatMap((one) => one.findings).filter(({ id }) => id !== "REPAIR_REFUSED"));
    };
    const expected = (left: readonly Fault[]) => namesOf(left.map((one) => one.expected));
    tally.trials += 1;
    const exact = (await run("validate")) === expected(faults) && ec2.writes.length === 0;
    tally.exact += Number(exact);

    const left = faults.filter((one) => !one.automatic);
    const isLeft = (await run("fix")) === expected(left);
    tally.mended += Number(isLeft && ec2.writes.length === faults.length - left.length);
    const before = ec2.writes.length;
    await run("fix");
    const now = JSON.stringify(comparable(ec2.state));
    if (left.length === 0) tally.identical += Number(now === sound);
    else if (left.length === faults.length) tally.identical += Number(now === broken);
    else tally.identical += 1;
    tally.again += ec2.writes.length - before;
    const never = left.filter((one) => one.proposed !== true);
    tally.proposed += Number((await run("fix-proposed")) === expected(never));
}

const emptyTally = (name: string): Tally => ({
    name,
    trials: 0,
    exact: 0,
    mended: 0,
    proposed: 0,
    identical: 0,
    again: 0,
});

export function rows(): number[] {
    const { intent } = soundNetwork(LAB);
    return [...new Set(allFaults(intent).map(({ row }) => row))].sort((a, b) => a - b);
}

/** Each row at random places. */
export async function rowCampaign(row: number, trials: number): Promise<Tally> {
    const random = randomFrom(SEED + row);
    const { intent } = soundNetwork(LAB);
    const known = allFaults(intent).filter((fault) => fault.row === row);
    const codes = [...new Set(known.map(({ expected }) => MESSAGES[expected.id].code))];
    const tally = emptyTally(`${row} ${codes.join(", ")}`);
    for (let number = 0; number < trials; number++) {
        const able = NETWORKS.filter((options) =>
            allFaults(soundNetwork(options).intent).some((fault) => fault.row === row),
        );
        const options = able[number % able.length] ?? LAB;
        const choose = (faults: Fault[]) => {
            const places = faults.filter((fault) => fault.row === row);
            return places.slice(Math.floor(random() * places.length)).slice(0, 1);
        };
        await trial(options, choose, tally);
    }
    return tally;
}

/** Two or three faults at once that do not exclude each other. */
export async function mixedCampaign(trials: number): Promise<Tally> {
    const random = randomFrom(SEED);
    const tally = emptyTally("two or three at once");
    for (let number = 0; number < trials; number++) {
        const choose = (faults: Fault[]) => {
            const chosen: Fault[] = [];
            while (chosen.length < 2 + (number % 2)) {
                const fault = faults[Math.floor(random() * faults.length)];
                if (fault && !chosen.some(({ slot }) => slot === fault.slot)) chosen.push(fault);
            }
            return chosen;
        };
        await trial(NETWORKS[number % NETWORKS.length] ?? LAB, choose, tally);
    }
    return tally;
}

/** The page of the results. */
export function renderCampaign(tallies: readonly Tally[]): string {
    const cells = (one: Tally) =>
        [one.name, one.trials, one.exact, one.mended, one.proposed, one.identical, one.again].join(" | ");
    return [
        "# Fault campaign",
        "",
        `Made by \`npx ts-node test/checks/campaign/page.ts\` over the network in memory of the tests; seed ${SEED}. Each row of the fault`,
        "catalogue at random places, and two or three faults at once.",
        "",
        "- exact: exactly the injected faults are named, with code and resource, and mode `validate` writes nothing;",
        "- fix: mode `fix` mends class A with one edit a fault, makes no other edit and leaves the rest reported;",
        "- proposed: mode `fix-proposed` also mends what it may of class P, and nothing of class N;",
        "- identical: afterwards the network is the program's own again, or, where nothing may be mended, as it was;",
        "- again: writes of a second run.",
        "",
        "| row | trials | exact | fix | proposed | identical | again |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        ...tallies.map((one) => `| ${cells(one)} |`),
        "",
    ].join("\n");
}
