import type * as pulumi from "@pulumi/pulumi";

import type { Tags } from "../tags";
import type { NeptuneToWatch, OpenSearchToWatch, PulsarToWatch, SageMakerToWatch } from "./alarms";

/** What is there to be watched; what is left out gets no alarms. */
export interface WatchedServices {
    readonly neptune?: NeptuneToWatch;
    readonly opensearch?: OpenSearchToWatch;
    readonly pulsar?: PulsarToWatch;
    readonly sagemaker?: SageMakerToWatch;
    /** Ids of NAT gateways. */
    readonly natGatewayIds?: readonly pulumi.Input<string>[];
}

/** Arguments of an {@link Observability}. What decides which resources there are is plain; the rest may come from resources. */
export interface ObservabilityArgs {
    /** The services to watch. Without any there is the topic and, if asked for, the budget. */
    services: WatchedServices;
    /** ARN of the KMS key of the topic; its policy must admit `cloudwatch.amazonaws.com` and `budgets.amazonaws.com`. */
    kmsKeyArn: pulumi.Input<string>;
    /** The AWS account, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the services. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
    /**
     * Addresses that alarms and the budget are told to, at most ten. Each gets a mail that asks to confirm the subscription; until
     * its owner did, alarms do not reach it. `[]` for none, when something else subscribes to the topic.
     */
    alarmEmails: readonly string[];
    /**
     * US dollars that a month may cost, above 0. It is told of at 50, 80 and 100 % spent and when 100 % is to be expected; nothing
     * is stopped.
     * @default none: there is no budget
     */
    monthlyBudgetUsd?: number;
    /**
     * Counts only what carries this tag. AWS can tell costs by a tag only once the account (or the organization's payer) activated
     * it as a cost allocation tag in the Billing console, and only from then on: until then such a budget stays at 0.
     * @default none: all costs of the account count
     */
    budgetTag?: { readonly key: string; readonly value: pulumi.Input<string> };
    /**
     * Tags of everything that can be tagged; AWS tags neither subscriptions nor dashboards.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}
