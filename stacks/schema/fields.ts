import type { z } from "zod";

import { checkSettings } from "../../components/connectivity-checks";
import { encryptionSettings } from "../../components/encryption";
import { experimentSettings } from "../../components/experiment";
import { observabilitySettings } from "../../components/observability/schema";
import { flag, object, oneOf } from "../../components/schema/fields";
import { network } from "./network";
import { pulsar } from "./pulsar";
import { neptune, opensearch } from "./stores";
import { sagemaker } from "./studio";
import { owner, tags } from "./tags";

/** The configuration of a stack, under the project's namespace, field by field. Defaults are the safe choice. */
export const stackFields = {
    /** Who answers for the stack: the tag `Owner` of everything in it. */
    owner,
    /**
     * Tags of everything in the stack, besides those that the program sets.
     * @default {}
     */
    tags: tags.default({}),
    /**
     * `lab`: the network and its services. `foundation`: the long-lived network that labs share.
     * @default "lab"
     */
    composition: oneOf(["lab", "foundation"]).default("lab"),
    /**
     * Whether data stores refuse to be deleted, by AWS and by Pulumi. Set it to `false` and run `pulumi up` before a destroy.
     * @default true
     */
    protectData: flag().default(true),
    /** The experiment that the stack belongs to. */
    experiment: object(experimentSettings).prefault({}),
    /** The customer-managed KMS key that encrypts everything. */
    encryption: object(encryptionSettings).prefault({}),
    /** The VPC: made, adopted or shared by a foundation. */
    network,
    /** Apache Pulsar on EC2. */
    pulsar,
    /** Amazon Neptune. */
    neptune,
    /** Amazon OpenSearch Service. */
    opensearch,
    /** Amazon SageMaker Studio. */
    sagemaker,
    /** Alarms and dashboard. */
    observability: object({
        /**
         * Addresses that get the alarms and the messages of the budget, once they have confirmed the subscription.
         * @default []
         */
        alarmEmails: observabilitySettings.alarmEmails.default([]),
    }).prefault({}),
    /** The budget. */
    cost: object({
        /**
         * US dollars a month. The budget sends messages at 50, 80 and 100 %. It stops nothing.
         * @default none: there is no budget
         */
        monthlyBudgetUsd: observabilitySettings.monthlyBudgetUsd,
        /**
         * What the budget counts: everything in the account, or what has the tag `Project` of the project. That tag has to be a cost
         * allocation tag of the account.
         * @default "account"
         */
        scope: oneOf(["account", "project"]).default("account"),
    }).prefault({}),
    /** The connectivity checks. */
    checks: object({
        ...checkSettings,
        /**
         * Runs the checks on each `pulumi up`, not only when what they check changes.
         * @default false
         */
        everyUpdate: flag().default(false),
    }).prefault({}),
};

/** The configuration of a stack, checked and complete. */
export type LabConfig = z.output<z.ZodObject<typeof stackFields>> & {
    /** The region of the stack, from `aws:region`. */
    readonly region: string;
};
