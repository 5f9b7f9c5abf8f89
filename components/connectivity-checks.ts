import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";

import { groupFlows, type NetworkIntent } from "../checks/intent";
import { isHealthy, type MatrixEntry, unpackMatrix } from "../checks/matrix";
import { PROPOSED_REPAIRS, type Stage, STAGES } from "../checks/messages";
import { MODES, ON_FAILURE, TIMEOUT_SECONDS } from "../checks/provider/check-inputs";
import { ConnectivityCheck } from "../checks/provider/connectivity-check";
import type { Repair } from "../checks/repair/record";
import { listOf, oneOf, wholeNumber } from "./schema/fields";
import { together, validated } from "./schema/problems";

/** What a user decides about the checks: fields of `checks` in a stack's configuration. */
export const checkSettings = {
    /**
     * Whether the checks only report (`validate`), also repair what the program owns and declares (`fix`), or make the proposed repairs
     * of `allowedRepairs` as well (`fix-proposed`).
     * @default "fix"
     */
    mode: oneOf(MODES).default("fix"),
    /**
     * The proposed repairs that are allowed in mode `fix-proposed`, by the names of their messages.
     * @default []
     */
    allowedRepairs: listOf(oneOf(PROPOSED_REPAIRS), `a list of ${PROPOSED_REPAIRS.join(", ")}`).default([]),
    /**
     * The longest time that one check may take, in seconds.
     * @default 300: a NAT gateway or an interface endpoint may be pending for some minutes
     */
    timeoutSeconds: wholeNumber(TIMEOUT_SECONDS.least, TIMEOUT_SECONDS.most, "seconds").default(300),
    /**
     * Whether a failed check fails the deployment, so that nothing that depends on it is created, or is only reported.
     * @default "fail"
     */
    onFailure: oneOf(ON_FAILURE).default("fail"),
};

/** The plain arguments of the checks. */
export const checksSchema = z.object(checkSettings).check(
    together(({ mode, allowedRepairs }) => {
        if (allowedRepairs.length === 0 || mode === "fix-proposed") return [];
        const allowed = `none in mode ${mode}: they are only made in mode fix-proposed`;
        return [{ key: "allowedRepairs", value: allowedRepairs, allowed }];
    }),
);

/** Arguments of {@link ConnectivityChecks}: those of its schema, and these. */
export interface ConnectivityChecksArgs extends z.input<typeof checksSchema> {
    /** The network as it is meant to be. */
    network: pulumi.Input<NetworkIntent>;
    /**
     * The stages that are run, in the order of {@link STAGES}. What is only known after services are made is checked by a second
     * one of these, so that the services can wait for the first.
     * @default all
     */
    stages?: readonly Stage[];
    /**
     * A file in which each repair is recorded before and after it is made. So a run after an interrupted one knows what that one did.
     * The path is relative to the program's folder. It has to be the same in each run, and in no temporary folder.
     * @default none: the next run does not know what an interrupted one did
     */
    journal?: string;
    /**
     * A value that is new for each update, when the checks are to run on each update.
     * @default none: a check runs when what it checks changes, when a check before it runs, or when its last verdict was not good
     */
    runId?: pulumi.Input<string>;
}

/**
 * Proves, as steps of the deployment, that a network carries what it is meant to carry, and mends what is ours: the VPC's
 * gateways, then routes, DNS, security groups, endpoints and services. Each check takes an output of the one before as an input, so that none
 * runs before what it relies on is shown to be sound, and each runs again when one before it had to.
 *
 * **Cost**: none. The checks read with Describe calls, which AWS does not bill.
 */
export class ConnectivityChecks extends pulumi.ComponentResource {
    /** Which part of the network reaches what, and whether that is as intended. */
    readonly matrix: pulumi.Output<MatrixEntry[]>;
    /** What the last run of each check repaired. */
    readonly repairs: pulumi.Output<Repair[]>;
    /** Whether every check passed and every verdict of the matrix is the intended one. */
    readonly healthy: pulumi.Output<boolean>;

    /**
     * @param name The logical name; children are named from it.
     * @param args The network and how to check it.
     * @param opts Component options.
     * @throws when `mode`, `onFailure` or `timeoutSeconds` is none of the allowed values.
     */
    constructor(name: string, args: ConnectivityChecksArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:checks:ConnectivityChecks", name, {}, opts);
        const { mode, timeoutSeconds, onFailure, allowedRepairs } = validated(this, name, checksSchema, args);

        const checks: ConnectivityCheck[] = [];
        const declareCheck = (stage: Stage) =>
            new ConnectivityCheck(
                `${name}-${stage}`,
                {
                    stage,
                    network: args.network,
                    mode,
                    timeoutSeconds,
                    onFailure,
                    ...(mode === "fix-proposed" ? { allowedRepairs } : {}),
                    journal: args.journal,
                    runId: args.runId,
                    after: checks.at(-1)?.ranAt,
                },
                { parent: this },
            );
        for (const stage of args.stages ?? STAGES) checks.push(declareCheck(stage));

        this.matrix = pulumi
            .all([pulumi.all(checks.map((check) => check.matrix)), args.network])
            .apply(([parts, network]) => parts.flatMap((part) => unpackMatrix(part, groupFlows(network))));
        this.repairs = pulumi.all(checks.map((check) => check.repairs)).apply((parts) => parts.flat());
        this.healthy = pulumi
            .all([pulumi.all(checks.map((check) => check.verdict)), this.matrix])
            .apply(([verdicts, matrix]) => !verdicts.includes("failed") && isHealthy(matrix));
        this.registerOutputs({ matrix: this.matrix, repairs: this.repairs, healthy: this.healthy });
    }

    /**
     * The value, but only once every check has passed: what is made from it is made on a network that is shown to work. With
     * onFailure warn a check that failed lets it pass as well.
     */
    gate<T>(value: pulumi.Input<T>): pulumi.Output<T> {
        // The SDK types the result as Unwrap<T>, which TypeScript cannot see to be T while T is open.
        return pulumi.all([value, this.healthy]).apply(([passed]) => passed) as pulumi.Output<T>;
    }
}
