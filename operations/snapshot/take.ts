import { EC2Client } from "@aws-sdk/client-ec2";

import { Deadline, systemClock } from "../../lib/clock";
import { Ec2 } from "../../lib/aws/ec2";
import { ALL_KINDS, takeSnapshot } from "../../checks/snapshot/take";
import type { Snapshot } from "../../checks/snapshot/types";
import { BadInputError } from "../errors";

/** An account with ten thousand interfaces takes about a minute; throttling may double that. */
const TIMEOUT_SECONDS = 300;

/** A snapshot of the region that the environment's credentials and settings lead to. */
export async function takeRegionSnapshot(region: string | undefined, vpcId?: string): Promise<Snapshot> {
    const client = new EC2Client(region === undefined ? {} : { region });
    try {
        const found = await client.config.region().catch(() => undefined);
        if (found === undefined || found === "")
            throw new BadInputError("no region is known: give --region, or set AWS_REGION");
        const ec2 = new Ec2(client, systemClock, new Deadline(systemClock, TIMEOUT_SECONDS));
        return await takeSnapshot(ec2, found, vpcId, ALL_KINDS);
    } finally {
        client.destroy();
    }
}

/** What could not be read, for people; empty when everything was. */
export function missingText({ MissingPermissions }: Snapshot): string {
    return (MissingPermissions ?? []).map(({ kind, action }) => `${kind} (${action})`).join(", ");
}
