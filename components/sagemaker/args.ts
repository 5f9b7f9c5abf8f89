import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { PolicyStatement } from "../../lib/policy/statement";
import type { Tags } from "../tags";
import type { NotebookEndpoints } from "./lifecycle-script";
import type { sageMakerSchema } from "./schema";
import type { StudioRole } from "./studio-role";

/** The same values, each of which a resource may give. */
type Inputs<T> = { readonly [Name in keyof T]: pulumi.Input<T[Name]> };

/** Where notebooks find the lab's services. Which services there are is plain. */
export type NotebookEndpointsArgs = {
    readonly [Service in keyof NotebookEndpoints]: Inputs<NonNullable<NotebookEndpoints[Service]>>;
};

/** Arguments of a `SageMakerDomain`: those of its schema, and these, which resources may give. */
export interface SageMakerDomainArgs extends z.input<typeof sageMakerSchema> {
    /** The AWS account of the domain, 12 digits. */
    readonly accountId: pulumi.Input<string>;
    /** The region of the domain. */
    readonly region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    readonly partition?: pulumi.Input<string>;
    /** The VPC that all traffic of the domain goes through. */
    readonly vpcId: pulumi.Input<string>;
    /** ARN of the KMS key of the home file system and of the spaces' volumes; its policy must delegate to IAM. */
    readonly kmsKeyArn: pulumi.Input<string>;
    /**
     * The services whose addresses notebooks get.
     * @default none
     */
    readonly endpoints?: NotebookEndpointsArgs;
    /**
     * The role of the notebooks, for a data store that has to admit it before the domain exists. The domain adds the permissions.
     * @default one of the domain's own
     */
    readonly executionRole?: StudioRole;
    /**
     * More permissions of notebooks: statements of IAM policies, such as the use of a database or of a secret.
     * @default none
     */
    readonly policyStatements?: readonly pulumi.Input<PolicyStatement>[];
    /**
     * Tags of everything that can be tagged; SageMaker passes them on to spaces and apps.
     * @default none but `Component` and `Name`
     */
    readonly tags?: Tags;
}
