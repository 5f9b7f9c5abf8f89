import type { Instance } from "@aws-sdk/client-ec2";
import type { InstanceArgs, InstanceState } from "@pulumi/aws/ec2/instance";
import type { Unwrap } from "@pulumi/pulumi";

import { done, pending, waitFor } from "../../server/clock";
import { orUndefined } from "../../server/errors";
import type { Tags } from "../../server/tags";
import type { AwsContext } from "../context";

/** Inputs and state of an instance. */
export type Inputs = Unwrap<InstanceArgs>;
export type State = Partial<Unwrap<InstanceState>>;

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 600;

/** An instance; undefined when it does not exist. AWS shows one that was terminated for about an hour. */
export const describeInstance = (id: string, { aws }: AwsContext): Promise<Instance | undefined> =>
    orUndefined(async () => {
        const { Reservations } = await aws.ec2.describeInstances({ InstanceIds: [id] });
        return Reservations?.[0]?.Instances?.[0];
    });

/** Waits until an instance is in one of these states; one that ends on the way will never be. */
export async function untilInstanceIs(
    states: readonly string[],
    id: string,
    context: AwsContext,
): Promise<void> {
    const wanted = states.join(" or ");
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    await waitFor(`EC2 Instance (${id}) to be ${wanted}`, patience, async () => {
        const found = await describeInstance(id, context);
        const state = found?.State?.Name;
        if (state && states.includes(state)) return done(true);
        if (state === "terminated" || state === "shutting-down")
            throw new Error(
                `unexpected state '${state}', wanted target '${wanted}': ${found?.StateReason?.Message}`,
            );
        return pending(state);
    });
}

/** Tags that the provider puts on everything: those of the instance that are not its own. */
export function defaultTags({ tags: own = {} }: Pick<Inputs, "tags">, { tags }: AwsContext): Tags {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => !Object.hasOwn(own, key)));
}
