import { isDeepStrictEqual } from "node:util";

import { MESSAGES, PROPOSED_REPAIRS } from "../../../checks/messages";
import { FakeEc2 } from "../support/fake-ec2";
import { allFaults, type Fault } from "../support/faults";
import { DEV, LAB, type NetworkOptions, soundNetwork } from "../support/network";
import { comparable, runAll } from "../support/world";
import { blocked, opened, reachOf } from "./model";

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
    /** After mode fix, the network is what the program made with the faults that were left, and nothing else differs. */
    identical: number;
    /** The same after mode fix-proposed. */
    restored: number;
    /** After each of both modes, nobody reaches whom they did not in the sound network, by the analysis. */
    closed: number;
    /** After each of both modes, each declared flow passes that passes in the sound network with the faults that were left. */
    passing: number;
    /** Trials in which a declared flow did not pass before; in the others `passing` shows no more than that nothing was lost. */
    blocked: number;
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

/** The network as the program made it, with these faults alone. */
function networkWith(options: NetworkOptions, faults: readonly Fault[]): FakeEc2 {
    const ec2 = new FakeEc2(soundNetwork(options).snapshot);
    ec2.pageSize = 1000;
    for (const fault of faults) fault.inject(ec2);
    return ec2;
}

async function trial(
    options: NetworkOptions,
    choose: (faults: Fault[]) => Fault[],
    tally: Tally,
): Promise<void> {
    const { snapshot, intent } = soundNetwork(options);
    const sound = reachOf(snapshot, intent);
    const faults = choose(allFaults(intent));
    const ec2 = networkWith(options, faults);
    const run = async (mode: "validate" | "fix" | "fix-proposed") => {
        const changes = mode === "fix-proposed" ? { mode, allowedRepairs: [...PROPOSED_REPAIRS] } : { mode };
        const results = await runAll(ec2, intent, changes);
        // That an edit of somebody else's ACL was refused is said beside the fault.
        return namesOf(results.flatMap((one) => one.findings).filter(({ id }) => id !== "REPAIR_REFUSED"));
    };
    const expected = (left: readonly Fault[], repaired: readonly Fault[] = []) =>
        namesOf([
            ...left.flatMap((one) => [one.expected, ...(one.also ?? [])]),
            ...repaired.flatMap((one) => one.leaves?.expected ?? []),
        ]);
    /** Holds the network against the sound one with the faults that are left. */
    const compare = (left: readonly Fault[], repaired: readonly Fault[] = []) => {
        const model = networkWith(options, left);
        for (const one of repaired) one.leaves?.inject(model);
        const wanted = model.state;
        const reach = reachOf(ec2.state, intent);
        const reachWanted = reachOf(wanted, intent);
        const stillBlocked = blocked(reachWanted);
        // Row 28 admits a subnet where a group can no longer be named: whoever else is in it comes with it, and nobody more.
        const known = repaired.some(({ leaves }) => leaves) ? [sound, reachWanted] : [sound];
        return {
            identical: isDeepStrictEqual(comparable(ec2.state), comparable(wanted)),
            closed: opened(reach, ...known).length === 0,
            passing: blocked(reach).every((flow) => stillBlocked.includes(flow)),
        };
    };
    tally.trials += 1;
    tally.blocked += Number(blocked(reachOf(ec2.state, intent)).length > 0);
    const exact = (await run("validate")) === expected(faults) && ec2.writes.length === 0;
    tally.exact += Number(exact);

    const left = faults.filter((one) => !one.automatic);
    const isLeft = (await run("fix")) === expected(left);
    tally.mended += Number(isLeft && ec2.writes.length === faults.length - left.length);
    const before = ec2.writes.length;
    await run("fix");
    tally.again += ec2.writes.length - before;
    const fixed = compare(left);
    tally.identical += Number(fixed.identical);

    const never = left.filter((one) => one.proposed !== true);
    const repaired = left.filter((one) => one.proposed === true);
    tally.proposed += Number((await run("fix-proposed")) === expected(never, repaired));
    const allowed = compare(never, repaired);
    tally.restored += Number(allowed.identical);
    tally.closed += Number(fixed.closed && allowed.closed);
    tally.passing += Number(fixed.passing && allowed.passing);
}

const emptyTally = (name: string): Tally => ({
    name,
    trials: 0,
    exact: 0,
    mended: 0,
    proposed: 0,
    identical: 0,
    restored: 0,
    closed: 0,
    passing: 0,
    blocked: 0,
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
        [
            one.name,
            one.trials,
            one.exact,
            one.mended,
            one.proposed,
            one.identical,
            one.restored,
            one.closed,
            one.passing,
            one.blocked,
            one.again,
        ].join(" | ");
    return [
        "# Fault campaign",
        "",
        `Made by \`npx ts-node test/checks/campaign/page.ts\` over the network in memory of the tests; seed ${SEED}. Each row of the fault`,
        "catalogue at random places, and two or three faults at once.",
        "",
        "- exact: exactly the injected faults are named, with code and resource, and mode `validate` writes nothing;",
        "- fix: mode `fix` mends class A with one edit a fault, makes no other edit and leaves the rest reported;",
        "- proposed: mode `fix-proposed` also mends what it may of class P, and nothing of class N;",
        "- identical: after mode `fix` the network is the program's own again, but for the faults that only a person may mend;",
        "- restored: the same after mode `fix-proposed`; in row 20 the other entries of the ACL stay as the fault made them, and the",
        "  repair adds the one that is missing;",
        "- closed: after each of both modes nobody reaches whom they did not reach in the sound network, by the analysis of",
        "  `checks/analyze`, over hosts of each group and, in each subnet, a stranger's that lets everything out; the repair of row 28 admits",
        "  the source's subnet on the flow's port, since no group can be named behind an appliance: whoever else is in it, and nobody more;",
        "- what a proposed repair leaves for the program to put right (rows 14 and 28) is part of what the network is held against;",
        "- passing: after each of both modes each declared flow is REACHABLE by the same analysis that is so in the program's own network",
        "  with the faults that were left;",
        "- blocked: in how many of the trials the fault stopped a declared flow at all, so that passing says something;",
        "- again: writes of a second run.",
        "",
        "| row | trials | exact | fix | proposed | identical | restored | closed | passing | blocked | again |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        ...tallies.map((one) => `| ${cells(one)} |`),
        "",
    ].join("\n");
}
