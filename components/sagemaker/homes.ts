import { DeleteDomainCommand, DescribeDomainCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Deadline } from "../../lib/clock";
import { poll } from "../../lib/poll";
import { unlessGone } from "./gone";

/** Which domain to delete, and how long that may take. */
export interface DeleteWithHomes {
    domainId: string;
    deadline: Deadline;
    log(text: string): void;
}

const POLL = { firstMilliseconds: 5_000, longestMilliseconds: 5_000 };

/**
 * Deletes a domain and the file system of its home directories, and waits until both are gone. SageMaker deletes the file system only
 * together with the domain, by a parameter of the call.
 *
 * @throws when the domain still exists when the time is over; says in which state.
 */
export async function deleteWithHomes(client: SageMakerClient, options: DeleteWithHomes): Promise<void> {
    const { domainId: DomainId, deadline } = options;
    let state = "";
    let isAsked = false;
    const done = await poll(deadline, POLL, async () => {
        const domain = await unlessGone(client.send(new DescribeDomainCommand({ DomainId })));
        if (domain === undefined) return true;
        state = `${domain.Status} (${domain.FailureReason ?? "no reason given"})`;
        if (!isAsked && domain.Status !== "Deleting") {
            options.log(`Deleting domain ${DomainId} with its home directories`);
            const RetentionPolicy = { HomeEfsFileSystem: "Delete" as const };
            await unlessGone(client.send(new DeleteDomainCommand({ DomainId, RetentionPolicy })));
            isAsked = true;
        }
        return undefined;
    });
    if (done !== undefined) return;
    throw new Error(
        `domain ${DomainId} still exists after ${deadline.seconds} seconds: ${state}. ` +
            `Remove what blocks its deletion, then destroy again.`,
    );
}
