import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { IDLE_MINUTES, type sageMakerSchema } from "./schema";

type Settings = z.output<typeof sageMakerSchema>;

/** Shuts idle apps down; both kinds of app that users start have the same settings. */
function idleShutdown({ idleTimeoutMinutes, maxIdleTimeoutMinutes }: Settings) {
    return {
        idleSettings: {
            lifecycleManagement: "ENABLED",
            idleTimeoutInMinutes: idleTimeoutMinutes,
            minIdleTimeoutInMinutes: IDLE_MINUTES.least,
            maxIdleTimeoutInMinutes: maxIdleTimeoutMinutes ?? idleTimeoutMinutes,
        },
    };
}

function jupyterLab(settings: Settings, lifecycleArn: pulumi.Output<string>) {
    const { repository, allowedInstanceTypes } = settings;
    return {
        appLifecycleManagement: idleShutdown(settings),
        codeRepositories: repository && [{ repositoryUrl: repository.url }],
        defaultResourceSpec: { instanceType: allowedInstanceTypes[0], lifecycleConfigArn: lifecycleArn },
        lifecycleConfigArns: [lifecycleArn],
    };
}

function storage({ spaceVolumeSizeGb }: Settings) {
    return {
        defaultEbsStorageSettings: {
            defaultEbsVolumeSizeInGb: spaceVolumeSizeGb.default,
            maximumEbsVolumeSizeInGb: spaceVolumeSizeGb.maximum,
        },
    };
}

/** The settings of each user, and of their private spaces. */
export function userSettings(
    settings: Settings,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultUserSettings {
    return {
        executionRole,
        securityGroups: settings.securityGroupIds,
        autoMountHomeEfs: "Enabled",
        defaultLandingUri: "studio::",
        studioWebPortal: "ENABLED",
        // A shared notebook would take its output, and the data in it, to a bucket.
        sharingSettings: { notebookOutputOption: "Disabled" },
        spaceStorageSettings: storage(settings),
        jupyterLabAppSettings: jupyterLab(settings, lifecycleArn),
        codeEditorAppSettings: {
            appLifecycleManagement: idleShutdown(settings),
            defaultResourceSpec: { instanceType: settings.allowedInstanceTypes[0] },
        },
    };
}

/** The settings of spaces that users share: SageMaker does not apply the users' settings there. */
export function spaceSettings(
    settings: Settings,
    executionRole: pulumi.Output<string>,
    lifecycleArn: pulumi.Output<string>,
): aws.types.input.sagemaker.DomainDefaultSpaceSettings {
    return {
        executionRole,
        securityGroups: settings.securityGroupIds,
        spaceStorageSettings: storage(settings),
        jupyterLabAppSettings: jupyterLab(settings, lifecycleArn),
    };
}
