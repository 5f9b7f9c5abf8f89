import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";

import { done, pending, waitFor } from "../../server/clock";
import { isNotFound } from "../../server/errors";
import type { AwsContext } from "../context";
import { ec2 } from "./support";

/** The official provider's patience, in seconds. */
const TIMEOUT_SECONDS = 600;

/** An instance; undefined when it does not exist. AWS shows one that was terminated for about an hour. */
export async function describeInstance(id: string, context: AwsContext): Promise<Instance | undefined> {
    try {
        const command = new DescribeInstancesCommand({ InstanceIds: [id] });
        return (await ec2(context).send(command)).Reservations?.[0]?.Instances?.[0];
    } catch (error) {
        if (isNotFound(error)) return undefined;
        throw error;
    }
}

/** Waits until an instance is in one of these states; one that ends on the way will never be. */
export async function untilInstanceIs(
    states: readonly string[],
    id: string,
    context: AwsContext,
    timeoutSeconds = TIMEOUT_SECONDS,
): Promise<void> {
    const patience = { timeoutSeconds, ...context };
    const wanted = states.join(" or ");
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
