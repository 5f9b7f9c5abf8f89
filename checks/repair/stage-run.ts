import type { Ec2 } from "../../lib/aws/ec2";
import type { Studio } from "../../lib/aws/studio";
import type { FlowResult } from "../diagnose/view";
import type { NetworkIntent } from "../intent";
import type { Finding, Stage } from "../messages";
import type { Observations } from "../observations";
import type { Snapshot } from "../snapshot/types";
import type { Journal } from "./journal";
import type { PlannedEdit } from "./plan";
import type { Repair } from "./record";

/** Reports only; makes the automatic repairs (class A); or also the proposed repairs (class P) that are allowed by name. */
export type Mode = "validate" | "fix" | "fix-proposed";

export type StageVerdict = "healthy" | "repaired" | "failed";

/** Where the snapshots of a run come from. */
export interface SnapshotSource {
    /** A snapshot that another check of the run may have taken. */
    shared(): Promise<{ snapshot: Snapshot; shared: boolean }>;
    /** A snapshot that is taken now. */
    fresh(): Promise<Snapshot>;
    /** Has to be called after every write. */
    written(): void;
}

/** What one run of a stage works with. */
export interface StageRun {
    stage: Stage;
    mode: Mode;
    intent: NetworkIntent;
    ec2: Ec2;
    /** @default none: a SageMaker domain is only reported */
    studio?: Studio;
    snapshots: SnapshotSource;
    /**
     * The messages of class P whose repair is allowed, in mode fix-proposed.
     * @default none
     */
    allowedRepairs?: readonly string[];
    /**
     * Where each edit is written down before and after it is made.
     * @default nowhere
     */
    journal?: Journal;
    /**
     * Reads what the stage needs outside of EC2, once for each observation.
     * @default nothing is read
     */
    observe?: () => Promise<Observations>;
    /**
     * What the earlier stages of the same run found. When one of these findings blocks a flow of this stage, this stage reports it,
     * but leaves the repair to the earlier stage.
     * @default none
     */
    earlier?: readonly Finding[];
}

export interface StageResult {
    verdict: StageVerdict;
    /** What is wrong now. */
    findings: Finding[];
    /** What was wrong at first and is fixed. */
    fixed: Finding[];
    repairs: Repair[];
    /** Edits that would help and that the configuration does not allow. */
    proposals: PlannedEdit[];
    flows: FlowResult[];
}
