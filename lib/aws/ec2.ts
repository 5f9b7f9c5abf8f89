import type { EC2Client } from "@aws-sdk/client-ec2";

import type { Deadline } from "../clock";
import { Service } from "./service";

export { PermissionMissingError } from "./service";

export class Ec2 extends Service<EC2Client> {
    constructor(client: EC2Client, deadline: Deadline) {
        super("ec2", client, deadline);
    }
}
