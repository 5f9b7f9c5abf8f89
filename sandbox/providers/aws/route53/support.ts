import {
    ChangeResourceRecordSetsCommand,
    GetChangeCommand,
    ListResourceRecordSetsCommand,
    Route53Client,
    type Change,
    type ChangeInfo,
    type ResourceRecordSet,
} from "@aws-sdk/client-route-53";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import { errorCode } from "../../server/errors";
import type { AwsContext } from "../context";

/** How long Route 53 may take to bring a change to all of its servers; the official provider's, in seconds. */
const TIMEOUT_SECONDS = 1800;

export const route53 = (context: AwsContext): Route53Client => context.client(Route53Client);

/** A domain name without its final dot, in lower case, as two of them are compared. */
export const bareName = (name: string | undefined): string => (name ?? "").toLowerCase().replace(/\.$/, "");

/** Whether two inputs are the same domain name. */
export const sameName = (a: unknown, b: unknown): boolean => bareName(a as string) === bareName(b as string);

/** Does something to a zone, and waits until all name servers know it. Route 53 does one thing to a zone at a time. */
export async function change(
    context: AwsContext,
    send: () => Promise<{ ChangeInfo?: ChangeInfo }>,
): Promise<void> {
    const patience = { ...context, timeoutSeconds: context.timeoutSeconds ?? TIMEOUT_SECONDS };
    const isBusy = (error: unknown) => /^PriorRequestNotComplete/.test(errorCode(error));
    const { ChangeInfo } = await retryWhile(isBusy, patience, send);
    const Id = ChangeInfo?.Id?.replace(/^\/change\//, "");
    await waitFor(`Route 53 Change (${Id}) to be in sync`, patience, async () => {
        const found = (await route53(context).send(new GetChangeCommand({ Id }))).ChangeInfo;
        return found?.Status === "INSYNC" ? done(true) : pending(found?.Status);
    });
}

/** Changes records of a zone, all at once. */
export async function changeRecords(
    HostedZoneId: string,
    Changes: Change[],
    context: AwsContext,
): Promise<void> {
    await change(context, () =>
        route53(context).send(
            new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes } }),
        ),
    );
}

/** All records of a zone. */
export async function* recordSets(
    HostedZoneId: string,
    context: AwsContext,
): AsyncGenerator<ResourceRecordSet> {
    let next = {};
    for (;;) {
        const page = await route53(context).send(
            new ListResourceRecordSetsCommand({ HostedZoneId, ...next }),
        );
        yield* page.ResourceRecordSets ?? [];
        if (!page.IsTruncated) return;
        next = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
    }
}

/** Deletes the records of a zone, but for the two that make it one. */
export async function removeRecords(id: string, context: AwsContext): Promise<void> {
    const changes: Change[] = [];
    for await (const record of recordSets(id, context)) {
        if (record.Type !== "NS" && record.Type !== "SOA")
            changes.push({ Action: "DELETE", ResourceRecordSet: record });
    }
    if (changes.length > 0) await changeRecords(id, changes, context);
}
