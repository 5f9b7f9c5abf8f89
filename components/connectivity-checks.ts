import * as pulumi from "@pulumi/pulumi";

import { groupFlows, type NetworkIntent } from "../checks/intent";
import { isHealthy, type MatrixEntry, unpackMatrix } from "../checks/matrix";
import { type Stage, STAGES } from "../checks/messages";
import {
    isTimeout,
    MODES,
    ON_FAILURE,
    type OnFailure,
    TIMEOUT_SECONDS,
} from "../checks/provider/check-inputs";
import { ConnectivityCheck } from "../checks/provider/connectivity-check";
import type { Repair } from "../checks/repair/record";
import { type ProposedRepair, PROPOSED_REPAIRS } from "../checks/repair/plan";
import type { Mode } from "../checks/repair/stage-run";
import { assertNoProblems, type Problem } from "./validation";

/** Arguments of {@link ConnectivityChecks}. */
export interface ConnectivityChecksArgs {
    /** The network as it is meant to be. */
    network: pulumi.Input<NetworkIntent>;
    /**
     * Whether the checks only report (`validate`), also mend what is ours and declared (`fix`), or make the proposed repairs of
     * `allowedRepairs` as well (`fix-proposed`).
     * @default "fix"
     */
    mode?: Mode;
    /**
     * The stages that are run, in the order of {@link STAGES}. What is only known after services are made is checked by a second
     * one of these, so that the services can wait for the first.
     * @default all
     */
    stages?: readonly Stage[];
    /**
     * The proposed repairs that are allowed in mode `fix-proposed`, by the names of their messages; see {@link PROPOSED_REPAIRS}.
     * @default none
     */
    allowedRepairs?: readonly ProposedRepair[];
    /**
     * A file that each repair is written to before and after it is made, so that the run after one that was cut off knows of it.
     * Relative to the program's folder; it has to be the same in each run, and in no temporary folder.
     * @default none: what a run did that was cut off is not known to the next one
     */
    journal?: string;
    /**
     * The most that one check may take, in seconds, 10 to 3600.
     * @default 300: a NAT gateway or an interface endpoint may be pending for some minutes
     */
    timeoutSeconds?: number;
    /**
     * Whether a failed check fails the deployment, so that nothing that depends on it is created, or is only reported.
     * @default "fail"
     */
    onFailure?: OnFailure;
    /**
     * A value that is new for each update, when the checks shall run on each update.
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
        const { mode = "fix", timeoutSeconds = 300, onFailure = "fail", allowedRepairs = [] } = args;
        assertNoProblems(this, name, settingProblems({ mode, timeoutSeconds, onFailure, allowedRepairs }));

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

/** What is wrong with the settings. */
export function settingProblems(settings: {
    mode: string;
    timeoutSeconds: number;
    onFailure: string;
    allowedRepairs?: readonly string[];
}): Problem[] {
    const { mode, timeoutSeconds, onFailure, allowedRepairs = [] } = settings;
    const { least, most } = TIMEOUT_SECONDS;
    return [
        ...oneOf("mode", mode, MODES),
        ...oneOf("onFailure", onFailure, ON_FAILURE),
        ...allowedRepairs.flatMap((name, index) => oneOf(`allowedRepairs[${index}]`, name, PROPOSED_REPAIRS)),
        ...(allowedRepairs.length > 0 && mode !== "fix-proposed"
            ? [
                  {
                      key: "allowedRepairs",
                      value: allowedRepairs,
                      allowed: `none in mode ${mode}: they are only made in mode fix-proposed`,
                  },
              ]
            : []),
        ...(isTimeout(timeoutSeconds)
            ? []
            : [
                  {
                      key: "timeoutSeconds",
                      value: timeoutSeconds,
                      allowed: `a whole number of seconds from ${least} to ${most}`,
                  },
              ]),
    ];
}

function oneOf(key: string, value: string, allowed: readonly string[]): Problem[] {
    return allowed.includes(value)
        ? []
        : [{ key, value, allowed: `it has to be one of ${allowed.join(", ")}` }];
}
