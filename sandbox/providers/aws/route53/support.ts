import type { Change, ChangeInfo, ResourceRecordSet } from "@aws-sdk/client-route-53";

import { done, pending, retryWhile, waitFor } from "../../server/clock";
import type { AwsContext } from "../context";
import { isError } from "../propagation";

/** How long Route 53 may take to bring a change to all of its servers; the official provider's, in seconds. */
const TIMEOUT_SECONDS = 1800;

/** A domain name without its final dot, in lower case, as two of them are compared. */
export const bareName = (name: string | undefined): string => (name ?? "").toLowerCase().replace(/\.$/, "");

/** Whether two inputs are the same domain name. */
export const sameName = (a: unknown, b: unknown): boolean => bareName(a as string) === bareName(b as string);

/** Does something to a zone, and waits until all name servers know it. Route 53 does one thing to a zone at a time. */
export async function change(
    context: AwsContext,
    send: () => Promise<{ ChangeInfo?: ChangeInfo }>,
): Promise<void> {
    const patience = { timeoutSeconds: TIMEOUT_SECONDS, ...context };
    const { ChangeInfo } = await retryWhile(isError("PriorRequestNotComplete"), patience, send);
    const Id = ChangeInfo?.Id?.replace(/^\/change\//, "");
    await waitFor(`Route 53 Change (${Id}) to be in sync`, patience, async () => {
        const found = (await context.aws.route53.getChange({ Id })).ChangeInfo;
        return found?.Status === "INSYNC" ? done(true) : pending(found?.Status);
    });
}

/** Changes records of a zone, all at once. */
export const changeRecords = (HostedZoneId: string, Changes: Change[], context: AwsContext): Promise<void> =>
    change(context, () =>
        context.aws.route53.changeResourceRecordSets({ HostedZoneId, ChangeBatch: { Changes } }),
    );

/** All records of a zone. */
export async function* recordSets(
    HostedZoneId: string,
    { aws }: AwsContext,
): AsyncGenerator<ResourceRecordSet> {
    let next = {};
    for (;;) {
        const page = await aws.route53.listResourceRecordSets({ HostedZoneId, ...next });
        yield* page.ResourceRecordSets ?? [];
        if (!page.IsTruncated) return;
        next = { StartRecordName: page.NextRecordName, StartRecordType: page.NextRecordType };
    }
}
