/** What a message of the catalogue consists of. */

/** The checks of a run, in their order: each relies on what the ones before it have shown. */
export const STAGES = ["vpc", "routes", "dns", "security-groups", "endpoints", "services"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * Who mends it:
 * - `automatic`: the check, in mode fix, when the resource is ours (class A);
 * - `pulumi`: Pulumi, because a new resource with a new id is needed (class A, through Pulumi);
 * - `proposed`: nobody without being asked; the message says what would help, and where an edit does, mode fix-proposed makes
 *   it when the message is on the stack's list (class P);
 * - `person`: a person, never a program (class N).
 */
export type Repairer = "automatic" | "pulumi" | "proposed" | "person";

/** One thing that a check can say. */
export interface Message {
    /** That of AWS VPC Reachability Analyzer where AWS has one, so that a reader can look it up; ours start with "X_". */
    code: string;
    /** Row of the fault catalogue; absent for what is no fault of the network. */
    row?: number;
    stage: Stage | "any";
    /** An error fails the check; a warning is only reported. */
    severity: "error" | "warning";
    repairer: Repairer;
    /** It may pass by itself: the check looks again until its time is over. */
    transient?: true;
    /** What is broken. {component} and the arguments stand in braces. */
    template: string;
    /** The API call and the field that showed it. */
    seenBy: string;
    remedy: string;
}

export const REPAIRED_BY_FIX = "Run `pulumi up` with checks.mode fix, or";
export const REPLACE_BY_PULUMI =
    "Run `pulumi up --refresh`: Pulumi then sees that it is gone and makes it again.";

/** For the messages whose proposed edit a check can make. */
export const ALLOWED_BY_NAME =
    "or allow the check to: checks.mode fix-proposed with this message's name in checks.allowedRepairs";
