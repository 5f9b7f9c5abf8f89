import { isDeepStrictEqual } from "node:util";

import { hasUnknown } from "../lib/dynamic/unknown";

/** What an experiment is asked to be. */
export interface ExperimentInputs {
    /** Its id; absent: one made from the time of its first deployment. */
    experimentId?: string;
    /** When this update began, ISO 8601. */
    startedAt: string;
    /** Hours that it lives, from its first deployment on; absent: it does not expire. */
    ttlHours?: number;
}

/** What an experiment is. It is settled at the first deployment and then kept in the state. */
export interface ExperimentState {
    experimentId: string;
    /** ISO 8601, UTC, whole seconds. */
    createdAt: string;
    /** ISO 8601, UTC, whole seconds, or "never". */
    expiresAt: string;
}

/** The form of an experiment's id. */
export const EXPERIMENT_ID = /^exp-\d{8}-\d{6}$/;

/**
 * Settles an experiment; pure. What an earlier deployment settled stays: an update changes neither the id nor the day from which the
 * time to live counts, so that whoever wants more time has to say so.
 */
export function settleExperiment(
    inputs: ExperimentInputs,
    before: Partial<ExperimentState>,
): ExperimentState {
    const createdAt = before.createdAt ?? wholeSeconds(inputs.startedAt);
    return {
        experimentId: inputs.experimentId ?? before.experimentId ?? experimentIdAt(createdAt),
        createdAt,
        expiresAt:
            inputs.ttlHours === undefined
                ? "never"
                : wholeSeconds(new Date(Date.parse(createdAt) + inputs.ttlHours * 3_600_000).toISOString()),
    };
}

/** The id of an experiment that begins at a time: exp-YYYYMMDD-HHMMSS, UTC. */
export function experimentIdAt(iso: string): string {
    const [date = "", time = ""] = iso.replace(/[-:]/g, "").split("T");
    return `exp-${date}-${time.slice(0, 6)}`;
}

function wholeSeconds(iso: string): string {
    return `${new Date(iso).toISOString().slice(0, 19)}Z`;
}

/**
 * The provider of an {@link Experiment}: it makes nothing, it remembers. All is settled in `check`, which sees what the state holds: so
 * the id is known in a preview already, and tags that name it show as they are going to be.
 */
export const experimentProvider = {
    check(olds: Partial<ExperimentState>, news: ExperimentInputs & Record<string, unknown>) {
        if (hasUnknown(news)) return { inputs: news, failures: [] };
        const { experimentId, startedAt, ttlHours, ...rest } = news;
        return {
            inputs: { ...rest, ...settleExperiment({ experimentId, startedAt, ttlHours }, olds) },
            failures: [],
        };
    },
    diff(_id: string, olds: Partial<ExperimentState>, news: Partial<ExperimentState>) {
        const own = ({ experimentId, createdAt, expiresAt }: Partial<ExperimentState>) => ({
            experimentId,
            createdAt,
            expiresAt,
        });
        return { changes: !isDeepStrictEqual(own(olds), own(news)), replaces: [] };
    },
    create(news: ExperimentState) {
        return { id: news.experimentId, outs: news };
    },
    read(id: string, props: ExperimentState) {
        return { id, props };
    },
    update(_id: string, _olds: ExperimentState, news: ExperimentState) {
        return { outs: news };
    },
    delete() {
        // There is nothing but the state.
    },
};
