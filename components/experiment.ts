import * as pulumi from "@pulumi/pulumi";

import { trampoline } from "../lib/dynamic/trampoline";
import { EXPERIMENT_ID } from "./experiment-identity";
import type { Problem } from "./validation";

/** Arguments of an {@link Experiment}. */
export interface ExperimentArgs {
    /**
     * The id, `exp-YYYYMMDD-HHMMSS`.
     * @default made from the time of the first deployment, and kept
     */
    experimentId?: string;
    /** When this update began, ISO 8601; the first one's is the experiment's beginning. */
    startedAt: string;
    /**
     * Hours that the experiment lives, from its first deployment on. An update does not prolong it; a greater number does.
     * @default none: it does not expire
     */
    ttlHours?: number;
}

const provider = trampoline("components/experiment-identity", "experimentProvider");

/**
 * The identity of an experiment: made once, kept in the state, and carried by everything that belongs to it as a tag.
 *
 * **Cost**: none.
 */
export class Experiment extends pulumi.dynamic.Resource {
    /** `exp-YYYYMMDD-HHMMSS`; known in previews. */
    declare readonly experimentId: pulumi.Output<string>;
    /** When it was first deployed, ISO 8601, UTC. */
    declare readonly createdAt: pulumi.Output<string>;
    /** When it may be destroyed, ISO 8601, UTC, or "never". */
    declare readonly expiresAt: pulumi.Output<string>;

    /**
     * @param name The logical name.
     * @param args Id and time to live.
     * @param opts Resource options.
     */
    constructor(name: string, args: ExperimentArgs, opts?: pulumi.CustomResourceOptions) {
        super(
            provider,
            name,
            { experimentId: undefined, createdAt: undefined, expiresAt: undefined, ...args },
            opts,
            "experiment",
            "Experiment",
        );
    }
}

/** What is wrong with an experiment's id or time to live; pure. */
export function experimentProblems(args: Pick<ExperimentArgs, "experimentId" | "ttlHours">): Problem[] {
    const { experimentId, ttlHours } = args;
    return [
        ...(experimentId === undefined || EXPERIMENT_ID.test(experimentId)
            ? []
            : [
                  {
                      key: "experimentId",
                      value: experimentId,
                      allowed:
                          "exp-YYYYMMDD-HHMMSS, such as exp-20260131-093000; leave it out to have one made",
                  },
              ]),
        ...(ttlHours === undefined || (Number.isInteger(ttlHours) && ttlHours >= 1 && ttlHours <= 8760)
            ? []
            : [
                  {
                      key: "ttlHours",
                      value: ttlHours,
                      allowed: "a whole number of hours from 1 to 8760, a year",
                  },
              ]),
    ];
}
