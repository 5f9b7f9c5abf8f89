import { isDeepStrictEqual } from "node:util";

import type { InputTraits } from "../inputs";
import { isObject, isZero } from "../../server/values";

/** Names that the API writes otherwise than with a capital letter at the beginning. */
export const API_NAMES = {
    autoMountHomeEfs: "AutoMountHomeEFS",
    sagemakerImageArn: "SageMakerImageArn",
    sagemakerImageVersionAlias: "SageMakerImageVersionAlias",
    sagemakerImageVersionArn: "SageMakerImageVersionArn",
};

/** The parts of settings that the stand-in does, at whatever depth. */
const IMPLEMENTED = new Set([
    "appLifecycleManagement",
    "autoMountHomeEfs",
    "branch",
    "codeEditorAppSettings",
    "codeRepositories",
    "defaultEbsStorageSettings",
    "defaultEbsVolumeSizeInGb",
    "defaultLandingUri",
    "defaultResourceSpec",
    "dockerSettings",
    "enableDockerAccess",
    "executionRole",
    "executionRoleIdentityConfig",
    "homeEfsFileSystem",
    "idleSettings",
    "idleTimeoutInMinutes",
    "instanceType",
    "jupyterLabAppSettings",
    "lifecycleConfigArn",
    "lifecycleConfigArns",
    "lifecycleManagement",
    "maxIdleTimeoutInMinutes",
    "maximumEbsVolumeSizeInGb",
    "minIdleTimeoutInMinutes",
    "notebookOutputOption",
    "repositoryUrl",
    "sagemakerImageArn",
    "sagemakerImageVersionAlias",
    "sagemakerImageVersionArn",
    "secretArn",
    "securityGroups",
    "sharingSettings",
    "spaceStorageSettings",
    "studioWebPortal",
]);

/** Values that are checked before AWS sees them, as the official provider does. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
    autoMountHomeEfs: ["Enabled", "Disabled", "DefaultAsDomain"],
    enableDockerAccess: ["ENABLED", "DISABLED"],
    executionRoleIdentityConfig: ["USER_PROFILE_NAME", "DISABLED"],
    homeEfsFileSystem: ["Retain", "Delete"],
    lifecycleManagement: ["ENABLED", "DISABLED"],
    notebookOutputOption: ["Allowed", "Disabled"],
    studioWebPortal: ["ENABLED", "DISABLED"],
};
const IDLE_MINUTES = /^(idle|maxIdle|minIdle)TimeoutInMinutes$/;
const MOST_GROUPS = 5;

/**
 * Settings within settings: one value that is compared and sent as a whole.
 *
 * @param required Parts that it cannot be without.
 */
export function settings(...required: string[]): InputTraits {
    return {
        same: (a, b) => isDeepStrictEqual(normal(a), normal(b)),
        validate: (value, name) =>
            required
                .filter((key) => isObject(value) && value[key] === undefined)
                .map(
                    (key) => `Missing required argument: "${name}.${key}" is required, but was not set`,
                )[0] ?? problem(value, name),
    };
}

/** Settings as the SDK names them, without what AWS leaves out: their members are not told apart. */
export function fromSettings<T>(value: unknown): T | undefined {
    if (Array.isArray(value)) return value.map(fromSettings) as T;
    if (!isObject(value)) return value as T | undefined;
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, member]) => member !== undefined && member !== null)
            .map(([name, member]) => [sdkName(name), fromSettings(member)]),
    ) as T;
}

const SDK_NAMES = Object.fromEntries(Object.entries(API_NAMES).map(([sdk, api]) => [api, sdk]));
const sdkName = (name: string): string => SDK_NAMES[name] ?? name.charAt(0).toLowerCase() + name.slice(1);

/** What says nothing is left out, and lists, which are sets here, are in one order. */
function normal(value: unknown): unknown {
    if (Array.isArray(value))
        return value.map(normal).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (!isObject(value)) return value;
    return Object.fromEntries(
        Object.entries(value)
            .map(([key, member]) => [key, normal(member)] as const)
            .filter(([, member]) => !isZero(member)),
    );
}

function problem(value: unknown, path: string): string | undefined {
    if (Array.isArray(value))
        return firstOf(value.map((member, index) => problem(member, `${path}[${index}]`)));
    if (!isObject(value)) return undefined;
    return firstOf(
        Object.entries(value).map(([key, member]) => {
            const name = `${path}.${key}`;
            if (!IMPLEMENTED.has(key)) return `the sandbox's stand-in does not implement ${name}`;
            const allowed = ALLOWED[key];
            if (allowed && !allowed.includes(member as string))
                return `expected ${name} to be one of [${allowed.join(", ")}], got ${String(member)}`;
            if (IDLE_MINUTES.test(key) && !(Number(member) >= 60 && Number(member) <= 525_600))
                return `expected ${name} to be in the range (60 - 525600), got ${String(member)}`;
            if (key === "securityGroups" && Array.isArray(member) && member.length > MOST_GROUPS)
                return `${name}: attribute supports ${MOST_GROUPS} item maximum, but config has ${member.length} declared`;
            return problem(member, name);
        }),
    );
}

function firstOf(problems: (string | undefined)[]): string | undefined {
    return problems.find((one) => one !== undefined);
}
