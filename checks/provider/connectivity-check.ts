import * as pulumi from "@pulumi/pulumi";

import type { NetworkIntent } from "../intent";
import type { PackedMatrix } from "../matrix";
import type { Finding, Stage } from "../messages";
import type { Repair } from "../repair/record";
import type { Mode, StageVerdict } from "../repair/stage-run";
import type { OnFailure } from "./check-inputs";
import { packIntent } from "./packed-intent";
import { trampoline } from "../../lib/dynamic/trampoline";

/** Arguments of a {@link ConnectivityCheck}. */
export interface ConnectivityCheckArgs {
    /** Which part of the connectivity is checked. */
    stage: Stage;
    /** The network as it is meant to be. */
    network: pulumi.Input<NetworkIntent>;
    mode: Mode;
    timeoutSeconds: number;
    onFailure: OnFailure;
    /**
     * Messages whose proposed repair is allowed, in mode fix-proposed.
     * @default none
     */
    allowedRepairs?: readonly string[] | undefined;
    /**
     * The file of the journal, relative to the program's folder.
     * @default none: no journal is kept
     */
    journal?: string | undefined;
    /**
     * A value that is new when the check has to run though nothing that it checks has changed.
     * @default none: the check runs when what it checks changes
     */
    runId?: pulumi.Input<string> | undefined;
    /**
     * The `ranAt` of the stage that has to pass first.
     * @default none: this is the first stage
     */
    after?: pulumi.Input<string> | undefined;
}

/** What a stage checks, for whoever reads a preview. */
const VALIDATES: Readonly<Record<Stage, string>> = {
    vpc: "internet gateway attached, NAT gateways available and public",
    routes: "routes to the internet and to gateway endpoints, network ACLs, free addresses",
    dns: "DNS support and hostnames, resolver and private hosted zones",
    "security-groups": "every declared flow, out of one group and into the other",
    endpoints: "interface endpoints available, in their zones, with private DNS and clients",
    services: "ports of NAT gateways, SageMaker domain, role of OpenSearch",
};

/** One provider for all checks: the SDK serializes an instance once. */
const provider = trampoline("checks/provider/stage-check", "stageCheck");

/**
 * One stage of the connectivity checks as a resource: creating or updating it runs the check, a refresh judges anew without
 * writing, deleting it takes away what a repair made and Pulumi does not know. Made by the component `ConnectivityChecks`.
 *
 * A dynamic resource and not a command of `@pulumi/command`, because its verdict, its findings and its repairs are outputs
 * that others depend on, and because a failure keeps its state.
 */
export class ConnectivityCheck extends pulumi.dynamic.Resource {
    /** "healthy", "repaired" or, with onFailure warn, "failed". */
    declare readonly verdict: pulumi.Output<StageVerdict>;
    /** When the check was last run (ISO 8601, UTC). The next stage takes it, and so runs after it and as often. */
    declare readonly ranAt: pulumi.Output<string>;
    /** What was found and could not be repaired, and warnings. */
    declare readonly findings: pulumi.Output<Finding[]>;
    /** What was repaired: what, before, after, when, and how to undo it. */
    declare readonly repairs: pulumi.Output<Repair[]>;
    /** The connections that the stage judged. */
    declare readonly matrix: pulumi.Output<PackedMatrix>;

    constructor(name: string, args: ConnectivityCheckArgs, opts?: pulumi.CustomResourceOptions) {
        const network = pulumi.output(args.network);
        super(
            provider,
            name,
            {
                stage: args.stage,
                mode: args.mode,
                timeoutSeconds: args.timeoutSeconds,
                onFailure: args.onFailure,
                allowedRepairs: args.allowedRepairs,
                journal: args.journal,
                runId: args.runId,
                after: args.after,
                validates: VALIDATES[args.stage],
                region: network.region,
                vpcId: network.vpcId,
                intent: network.apply((intent) => packIntent(args.stage, intent)),
                // Outputs have to be named here to exist.
                verdict: undefined,
                ranAt: undefined,
                findings: undefined,
                repairs: undefined,
                matrix: undefined,
            },
            opts,
            "checks",
            "ConnectivityCheck",
        );
    }
}
