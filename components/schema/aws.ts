import type { Problem } from "../validation";
import { listOf, oneOfNumbers, text } from "./fields";

/** Retention periods that CloudWatch Logs offers, in days (PutRetentionPolicy, `retentionInDays`). */
export const LOG_RETENTION_DAYS = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Days that CloudWatch Logs keeps records. */
export const logRetention = () =>
    oneOfNumbers(
        LOG_RETENTION_DAYS,
        `CloudWatch Logs keeps records for one of ${LOG_RETENTION_DAYS.join(", ")} days`,
        "a number of days",
    );

/** The ARN of a role. Accounts, users and "*" are refused. */
export const roleArn = () =>
    text(
        "the ARN of one IAM role, such as arn:aws:iam::123456789012:role/search; give people and programs a role to assume",
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
    );

/** Names of availability zones. {@link zoneProblems} says whether they are zones of the region. */
export const zoneNames = () => listOf(text("the name of a zone, such as us-east-1a"), "a list of zone names");

/** The name of a region, where it only has to be a text. */
export const regionName = () => text("the name of an AWS region, such as us-east-1");

/** The id of a thing in EC2: "the id of a VPC, such as vpc-0123456789abcdef0". */
export const idOf = (thing: string, prefix: string) =>
    text(
        `the id of a ${thing}, such as ${prefix}-0123456789abcdef0`,
        new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
    );

/** What is wrong with a list of availability zones of `region`. */
export function zoneProblems(zones: readonly string[], region: string): Problem[] {
    const key = "availabilityZones";
    if (zones.length === 0) {
        return [{ key, value: zones, allowed: `at least one zone of ${region}, such as ${region}a` }];
    }
    return zones.flatMap((zone, index) => {
        const problem = (allowed: string) => [{ key: `${key}[${index}]`, value: zone, allowed }];
        if (!zone.startsWith(region) || !/^[a-h]$/.test(zone.slice(region.length)))
            return problem(
                `a zone of ${region}: ${region}a to ${region}h (local and wavelength zones have no NAT gateways)`,
            );
        return zones.indexOf(zone) < index ? problem("each zone once") : [];
    });
}
