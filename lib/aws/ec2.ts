import type { EC2Client } from "@aws-sdk/client-ec2";

import type { Clock, Deadline } from "../clock";
import { Service } from "./service";

export { type CallOptions, PermissionMissingError } from "./service";

/** The part of the SDK's client that the checks use; tests pass a network in memory. */
export type Ec2Client = Pick<EC2Client, "send">;

export class Ec2 extends Service<Ec2Client> {
    constructor(client: Ec2Client, clock: Clock, deadline: Deadline) {
        super("ec2", client, clock, deadline);
    }
}
