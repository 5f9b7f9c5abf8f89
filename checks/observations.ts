import type { StudioDomain } from "../lib/aws/studio";
import type { Snapshot } from "./snapshot/types";

/** What the checks read outside of EC2. A field that is absent was not read: the stage does not need it, or may not read it. */
export interface Observations {
    /** The private hosted zones that are associated with the VPC. */
    hostedZones?: { hostedZoneId: string; name: string; owningService?: string }[];
    /** Connections that NAT gateways could not open within the last hour, by the gateway's id. */
    natPortErrors?: Record<string, number>;
    /** Whether the account has the role that OpenSearch needs. */
    openSearchRole?: boolean;
    /** The declared SageMaker domain. */
    studio?: StudioDomain;
    /** IAM actions that were refused: what they would have told is not known. */
    missing?: string[];
}

/** The network at one moment, with what was read outside of EC2: what repairs are planned by and checked against. */
export interface ObservedNetwork extends Snapshot {
    readonly observations?: Observations;
}
