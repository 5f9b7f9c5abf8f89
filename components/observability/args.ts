import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { Tags } from "../tags";
import type { observabilitySchema } from "./schema";

/** Arguments of an {@link Observability}: those of its schema, and these, which resources may give. */
export interface ObservabilityArgs extends z.input<typeof observabilitySchema> {
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
     * Tags of everything that can be tagged; AWS tags neither subscriptions nor dashboards.
     * @default none but `Component` and `Name`
     */
    tags?: Tags;
}
