import * as pulumi from "@pulumi/pulumi";

import { trampoline } from "../../lib/dynamic/trampoline";
import type { HomeRetention } from "./schema";

const MODULE = "components/sagemaker/teardown-provider";
const sessionsProvider = trampoline(MODULE, "studioSessions");
const homesProvider = trampoline(MODULE, "studioHomes");
const leftoversProvider = trampoline(MODULE, "studioLeftovers");

/** Arguments of {@link StudioSessions}. */
export interface StudioSessionsArgs {
    region: pulumi.Input<string>;
    domainId: pulumi.Input<string>;
    /** The VPC of the domain. */
    vpcId: pulumi.Input<string>;
    /** Whether spaces, and the notebooks on their volumes, may be deleted. */
    homeRetention: HomeRetention;
}

/**
 * What users start in a domain, which no program knows of and which keeps their profiles from being deleted. Creating it does
 * nothing; deleting it stops the apps and, where data may go, deletes the spaces. It depends on the profiles, and so goes first.
 */
export class StudioSessions extends pulumi.dynamic.Resource {
    constructor(name: string, args: StudioSessionsArgs, opts?: pulumi.CustomResourceOptions) {
        super(sessionsProvider, name, { ...args }, opts, "sagemaker", "StudioSessions");
    }
}

/** Arguments of {@link StudioHomes}. */
export interface StudioHomesArgs {
    region: pulumi.Input<string>;
    domainId: pulumi.Input<string>;
    /** Whether the home directories go with the domain. */
    homeRetention: HomeRetention;
}

/**
 * What becomes of the home directories. The domain has a retention policy of its own, which the provider takes for a part of what the
 * domain is: for another one it makes another domain, without anybody's notebooks. So the domain always keeps them, and this
 * deletes it with them where they are to go; the provider then finds nothing left to do.
 */
export class StudioHomes extends pulumi.dynamic.Resource {
    constructor(name: string, args: StudioHomesArgs, opts?: pulumi.CustomResourceOptions) {
        super(homesProvider, name, { ...args }, opts, "sagemaker", "StudioHomes");
    }
}

/** Arguments of {@link StudioLeftovers}. */
export interface StudioLeftoversArgs {
    region: pulumi.Input<string>;
    vpcId: pulumi.Input<string>;
    /** The subnets of the domain: they are needed until its interfaces are gone. */
    subnetIds: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * What SageMaker leaves in the VPC when a domain is deleted: two security groups for NFS, which keep the VPC from being deleted.
 * Creating it does nothing; deleting it removes them. The domain depends on it, so that it goes after the domain.
 */
export class StudioLeftovers extends pulumi.dynamic.Resource {
    constructor(name: string, args: StudioLeftoversArgs, opts?: pulumi.CustomResourceOptions) {
        super(leftoversProvider, name, { ...args }, opts, "sagemaker", "StudioLeftovers");
    }
}
