import { EC2Client } from "@aws-sdk/client-ec2";

import { Deadline, systemClock } from "../../lib/clock";
import { Ec2 } from "../../lib/aws/ec2";
import { retriesWithin } from "../../lib/aws/retry";
import { ALL_KINDS, takeSnapshot } from "../../checks/snapshot/take";
import type { Snapshot } from "../../checks/snapshot/types";
import { BadInputError } from "../errors";

/** A region with 10,000 interfaces takes about a minute; throttling can double that. */
const TIMEOUT_SECONDS = 300;

/** Takes a snapshot of a region. @param region @default that of the AWS profile or AWS_REGION. @throws {BadInputError} without one. */
export async function takeRegionSnapshot(region: string | undefined, vpcId?: string): Promise<Snapshot> {
    const deadline = new Deadline(systemClock, TIMEOUT_SECONDS);
    const client = new EC2Client({
        ...retriesWithin(deadline),
        ...(region === undefined ? {} : { region }),
    });
    try {
        const found = await client.config.region().catch(() => undefined);
        if (found === undefined || found === "")
            throw new BadInputError("the region is not known: give --region or set AWS_REGION");
        const ec2 = new Ec2(client, deadline);
        return await takeSnapshot(ec2, found, vpcId, ALL_KINDS);
    } finally {
        client.destroy();
    }
}

/** Which kinds could not be read, and the permission that each needs; empty when all were read. */
export function missingText({ MissingPermissions }: Snapshot): string {
    return (MissingPermissions ?? []).map(({ kind, action }) => `${kind} (${action})`).join(", ");
}
