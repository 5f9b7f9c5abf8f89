/**
 * Networks and flows by seed. Small, and wrong in the ways in which networks are: most parts are as they should be, and some are
 * nearly so: a deny before the allow, a part of the ephemeral range, a more specific route into nothing, the wrong table, no way
 * back.
 */
import type { Flow } from "../../../checks/flow";
import type { Snapshot } from "../../../checks/snapshot/types";
import { Random } from "../random";
import { addAcls } from "./acls";
import { addPrefixLists } from "./addresses";
import { Draft, THEMES } from "./draft";
import { flowsIn } from "./flows";
import { addRules } from "./groups";
import { addPeerings } from "./peerings";
import { addRouteTables } from "./routes";
import { addVpc } from "./vpcs";

/** A network and flows in it, as a regression case holds them too. */
export interface Case {
    readonly snapshot: Snapshot;
    readonly flows: readonly Flow[];
}

export function generate(seed: number, index: number): Case {
    const random = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
    const draft = new Draft(random, THEMES[index % THEMES.length] ?? "none");
    addPrefixLists(draft);
    const count = random.weighted([
        [4, 1],
        [4, 2],
        [2, 3],
    ]);
    for (let number = 0; number < count; number += 1) addVpc(draft, number);
    addPeerings(draft);
    for (const vpc of draft.vpcs) addRouteTables(draft, vpc);
    for (const vpc of draft.vpcs) addAcls(draft, vpc);
    for (const vpc of draft.vpcs) addRules(draft, vpc);
    const flows = flowsIn(draft);
    const { snapshot } = draft.network;
    if (!draft.isThemed("permission", 0.03)) return { snapshot, flows };
    // Nothing may be concluded from what could not be read.
    return {
        snapshot: {
            ...snapshot,
            VpcEndpoints: [],
            MissingPermissions: [{ kind: "VpcEndpoints", action: "ec2:DescribeVpcEndpoints" }],
        },
        // Whether an endpoint that is not there takes addresses out of "the internet" is a matter of words.
        flows: flows.filter(
            ({ destination }) => !("service" in destination && destination.service === "internet"),
        ),
    };
}
