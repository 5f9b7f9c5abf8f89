import { DeleteDomainCommand, DescribeDomainCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Clock, Deadline } from "../../lib/clock";
import { isGone } from "../../lib/aws/errors";

type Client = Pick<SageMakerClient, "send">;

/** Which domain goes, and how long that may take. */
export interface DeleteWithHomes {
    domainId: string;
    clock: Clock;
    deadline: Deadline;
    log(text: string): void;
}

const POLL_MILLISECONDS = 5_000;

/**
 * Deletes a domain and the file system of its home directories, and waits until it is gone. SageMaker deletes the one only with the
 * other, and is told so by the call that deletes.
 *
 * @throws when it is still there when the time is up; says in which state.
 */
export async function deleteWithHomes(client: Client, options: DeleteWithHomes): Promise<void> {
    const { domainId: DomainId, clock, deadline } = options;
    let asked = false;
    for (;;) {
        const domain = await unlessGone(client.send(new DescribeDomainCommand({ DomainId })));
        if (domain === undefined) return;
        if (!asked && domain.Status !== "Deleting") {
            options.log(`Deleting domain ${DomainId} with its home directories`);
            const RetentionPolicy = { HomeEfsFileSystem: "Delete" as const };
            await unlessGone(client.send(new DeleteDomainCommand({ DomainId, RetentionPolicy })));
            asked = true;
            continue;
        }
        if (deadline.remainingMilliseconds() === 0)
            throw new Error(
                `domain ${DomainId} is still there after ${deadline.seconds} seconds: ${domain.Status} (${domain.FailureReason ?? "no reason given"}). ` +
                    `Remove what is in its way, then destroy again.`,
            );
        await clock.sleep(Math.min(POLL_MILLISECONDS, deadline.remainingMilliseconds()));
    }
}

async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
    try {
        return await call;
    } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
    }
}
