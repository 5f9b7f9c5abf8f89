import type * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../../lib/policy/statement";
import type { DataAccess } from "./access-policy";

/** The port on which a domain in a VPC answers: HTTPS, and no other. */
export const OPENSEARCH_PORT = 443;

/** What others need of a domain, whether it was made here or adopted. */
export interface OpenSearchOutputs {
    /** Host name for requests, without scheme and port; {@link OPENSEARCH_PORT} is the port. */
    readonly endpoint: pulumi.Output<string>;
    /** Host name and path of OpenSearch Dashboards, without scheme. */
    readonly dashboardEndpoint: pulumi.Output<string>;
    /** ARN of the domain. */
    readonly domainArn: pulumi.Output<string>;
    /** Name of the domain, unique in its account and region. */
    readonly domainName: pulumi.Output<string>;
    /** Security groups of its network interfaces. */
    readonly securityGroupIds: pulumi.Output<string[]>;
    /** Subnets of its network interfaces. */
    readonly subnetIds: pulumi.Output<string[]>;
    /** A statement for the IAM policy of a role that is to call the domain. */
    accessStatement(access: DataAccess): pulumi.Output<PolicyStatement>;
}
