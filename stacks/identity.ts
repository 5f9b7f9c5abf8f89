import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { EncryptionKey } from "../components/encryption";
import { Experiment } from "../components/experiment";
import type { Tags } from "../components/tags";
import type { LabConfig } from "./config";

/** What identifies a deployment; read once by the entry point. */
export interface Deployment {
    /** Name of the Pulumi project. */
    readonly project: string;
    /** Name of the stack. */
    readonly stack: string;
    /** When this update began, ISO 8601; with `checks.everyUpdate` it makes the checks run again. */
    readonly startedAt: string;
}

/** What everything in a stack has in common. */
export interface Identity {
    readonly accountId: pulumi.Output<string>;
    readonly partition: pulumi.Output<string>;
    readonly region: string;
    readonly experiment: Experiment;
    /** The tags of everything. */
    readonly tags: Tags;
    /** The key that encrypts everything. */
    readonly key: EncryptionKey;
}

/** Settles whose the stack is and what its resources carry, and makes its key. */
export function identify(config: LabConfig, { project, stack, startedAt }: Deployment): Identity {
    const accountId = aws.getCallerIdentityOutput().accountId;
    const partition = aws.getPartitionOutput().partition;
    const experiment = new Experiment("lab", { ...config.experiment, startedAt });
    const tags = {
        ...config.tags,
        Project: project,
        Stack: stack,
        ManagedBy: "pulumi",
        Owner: config.owner,
        ExperimentID: experiment.experimentId,
        ExpiresAt: experiment.expiresAt,
    };
    const key = new EncryptionKey("lab", {
        description: `Data and logs of ${project}, stack ${stack}`,
        accountId,
        region: config.region,
        partition,
        deletionWindowInDays: config.encryption.deletionWindowInDays,
        tags,
    });
    return { accountId, partition, region: config.region, experiment, tags, key };
}

/** How a stack's checks run. Their journal is beside the program, so that the run after one that was cut off finds it. */
export function checkSettings(config: LabConfig, { stack, startedAt }: Deployment) {
    const { everyUpdate, ...settings } = config.checks;
    return {
        ...settings,
        journal: `.pulsar-lab/journal/${stack}.jsonl`,
        runId: everyUpdate ? startedAt : undefined,
    };
}
