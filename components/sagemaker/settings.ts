import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

import { DEFAULT_INSTANCE_TYPES, type SageMakerDomainArgs } from "./args";
import { IDLE_MINUTES } from "./problems";

/** Shuts idle apps down; both kinds of app that users start take the same. */
function idleShutdown(args: SageMakerDomainArgs) {
    const idleTimeoutInMinutes = args.idleTimeoutMinutes ?? IDLE_MINUTES.least;
    return {
        idleSettings: {
            lifecycleManagement: "ENABLED",
            idleTimeoutInMinutes,
            minIdleTimeoutInMinutes: IDLE_MINUTES.least,
            maxIdleTimeoutInMinutes: args.maxIdleTimeoutMinutes ?? idleTimeoutInMinutes,
        },
    };
}

function jupyterLab(args: SageMakerDomainArgs, lifecycleArn: pulumi.Output<string>) {
    return {
        appLifecycleManagement: idleShutdown(args),
        codeRepositories:
            args.repository === undefined ? undefined : [{ repositoryUrl: args.repository.url }],
        defaultResourceSpec: {
            instanceType: (args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES)[0],
            lifecycleConfigArn: lifecycleArn,
        },
        lifecycleConfigArns: [lifecycleArn],
    };
}

function storage(args: SageMakerDomainArgs) {
    const size = args.spaceVolumeSizeGb ?? { default: 5, maximum: 50 };
    return {
        defaultEbsStorageSettings: {
            defaultEbsVolumeSizeInGb: size.default,
            maximumEbsVolumeSizeInGb: size.maximum,
        },
    };
}

/** What holds for each user, and for their private spaces. */
export function userSettings(
    args: SageMakerDomainArgs,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultUserSettings {
    return {
        executionRole,
        securityGroups: args.securityGroupIds,
        autoMountHomeEfs: "Enabled",
        defaultLandingUri: "studio::",
        studioWebPortal: "ENABLED",
        // A shared notebook would take its output, and the data in it, to a bucket.
        sharingSettings: { notebookOutputOption: "Disabled" },
        spaceStorageSettings: storage(args),
        jupyterLabAppSettings: jupyterLab(args, lifecycleArn),
        codeEditorAppSettings: {
            appLifecycleManagement: idleShutdown(args),
            defaultResourceSpec: { instanceType: (args.allowedInstanceTypes ?? DEFAULT_INSTANCE_TYPES)[0] },
        },
    };
}

/** What holds for spaces that users share: SageMaker does not apply the users' settings there. */
export function spaceSettings(
    args: SageMakerDomainArgs,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultSpaceSettings {
    return {
        executionRole,
        securityGroups: args.securityGroupIds,
        spaceStorageSettings: storage(args),
        jupyterLabAppSettings: jupyterLab(args, lifecycleArn),
    };
}
