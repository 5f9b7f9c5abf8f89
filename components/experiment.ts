import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { trampoline } from "../lib/dynamic/trampoline";
import { EXPERIMENT_ID } from "./experiment-identity";
import { text, wholeNumber } from "./schema/fields";
import { problemsOf } from "./schema/problems";
import { wrongArguments } from "./validation";

/** What a user decides about an experiment: the fields of `experiment` in a stack's configuration. */
export const experimentSettings = {
    /**
     * The id, `exp-YYYYMMDD-HHMMSS`.
     * @default made from the time of the first deployment, and kept
     */
    experimentId: text(
        "exp-YYYYMMDD-HHMMSS, such as exp-20260131-093000; leave it out to have one made",
        EXPERIMENT_ID,
    ).optional(),
    /**
     * Hours that the experiment lives, from its first deployment on. An update does not prolong it; a greater number does.
     * @default none: it does not expire
     */
    ttlHours: wholeNumber(1, 8760, "hours", ", a year").optional(),
};

/** The plain arguments of an experiment. */
export const experimentSchema = z.object(experimentSettings);

/** Arguments of an {@link Experiment}: those of its schema, and when it began. */
export interface ExperimentArgs extends z.input<typeof experimentSchema> {
    /** When this update began, ISO 8601; the first one's is the experiment's beginning. */
    startedAt: string;
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
     * @throws one error that lists every argument that cannot work; see {@link experimentSchema}.
     */
    constructor(name: string, args: ExperimentArgs, opts?: pulumi.CustomResourceOptions) {
        const problems = problemsOf(experimentSchema, args);
        if (problems.length > 0) throw new pulumi.RunError(wrongArguments("Experiment", name, problems));
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
