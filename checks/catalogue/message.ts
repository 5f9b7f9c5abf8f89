import type { Code } from "./codes";

/** What a message of the catalogue consists of. */

/** The checks of a run, in their order: each one relies on what the stages before it have shown. */
export const STAGES = ["vpc", "routes", "dns", "security-groups", "endpoints", "services"] as const;
export type Stage = (typeof STAGES)[number];

/**
 * - `error`: stops a flow, or differs from the declaration: the check fails;
 * - `unknown`: keeps a flow from being decided: the check fails as well;
 * - `warning`: is only reported.
 */
export type Severity = "error" | "unknown" | "warning";

/**
 * Who repairs it:
 * - `automatic`: the check, in mode fix, when the resource is ours (class A);
 * - `pulumi`: Pulumi, because a new resource with a new id is needed (class A, through Pulumi);
 * - `proposed`: the check, in mode fix-proposed, when `allowedRepairs` names the message (class P);
 * - `program`: a change of the program or its configuration; there is no edit (class P);
 * - `person`: a person, never a program (class N).
 */
export type Repairer = "automatic" | "pulumi" | "proposed" | "program" | "person";

/** What can stop a flow: security groups, network ACLs, or anything else on its path. */
export type Layer = "groups" | "acl" | "path";

/** What a value of an argument is. `messages.ts` has the type of each kind, `render.ts` its text. */
export type ArgumentKind =
    | "absence"
    | "aclRule"
    | "aclTraffic"
    | "consequence"
    | "explanation"
    | "failure"
    | "gateways"
    | "id"
    | "ids"
    | "names"
    | "number"
    | "payload"
    | "policyProblem"
    | "ports"
    | "rule"
    | "target"
    | "text"
    | "traffic"
    | "vpcId";

interface Sentence {
    readonly code: Code;
    readonly severity: Severity;
    /**
     * What is wrong, one sentence. `{name}` is the value of an argument and `{component}` the id that the message is about;
     * `{name:form}` is another form of the value. `{is|was}` is the present, and the past for what has been fixed.
     */
    readonly template: string;
    /** The arguments of template and remedy, besides component. */
    readonly args?: Readonly<Record<string, ArgumentKind>>;
    /**
     * What a person has to do, with the same names in braces. It begins in lower case where the check can do it: then the text says
     * first how to let the check do it.
     */
    readonly remedy: string;
}

/** What a check says. */
export interface CheckMessage extends Sentence {
    /** The row of the fault catalogue; absent for what is not a fault of the network. */
    readonly row?: number;
    readonly repairer: Repairer;
    /** The API call and the field that showed it. */
    readonly seenBy: string;
    /**
     * What it can explain: a flow that is stopped there needs no finding of its own.
     * @default nothing: it stops no packet
     */
    readonly stops?: readonly Layer[];
    /** It may pass by itself: the check looks again until its time is over. */
    readonly transient?: true;
    /** The analysis of a flow says it as well. */
    readonly analysis?: true;
}

/** What only the analysis of a flow says. The template may also use `{rule}`, `{direction}` and `{leg}` of the explanation. */
export interface AnalysisMessage extends Sentence {
    readonly analysis: true;
    /** @default path */
    readonly stops?: readonly [Layer];
}

export type Message = CheckMessage | AnalysisMessage;
