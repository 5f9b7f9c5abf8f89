import type { Unwrap } from "@pulumi/pulumi";

import type { FunctionSpec, ResourceSpec } from "../server/resource";
import type { AwsContext } from "./context";

/** Describes a resource type of the `aws` package by its arguments and state in the SDK. */
export function resource<Args extends object, State extends object>(
    spec: ResourceSpec<Unwrap<Args>, Partial<Unwrap<State>>, AwsContext>,
): ResourceSpec<Unwrap<Args>, Partial<Unwrap<State>>, AwsContext> {
    return spec;
}

/** Describes a function of the `aws` package by its arguments and result in the SDK. */
export function fn<Args extends object, Result extends object>(
    spec: FunctionSpec<Args, { [Name in keyof Result]: unknown }, AwsContext>,
): FunctionSpec<Args, { [Name in keyof Result]: unknown }, AwsContext> {
    return spec;
}
