import { logRetention, zoneProblems } from "../schema/aws";
import { problemsOf } from "../schema/problems";
import type { Problem } from "../validation";
import type { PulsarClusterArgs } from "./args";
import { DEFAULT_QUORUM, quorumProblems } from "./quorum";
import { resolveRoles, roleProblems, type RolesArgs } from "./roles";

const CLUSTER_NAME = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;
const ZONE_NAME = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const VERSION = /^\d+\.\d+\.\d+([.-][A-Za-z0-9.]+)?$/;

/** Everything about a cluster's arguments that cannot work; pure, so that a stack can ask before it begins. */
export function pulsarClusterProblems(
    args: RolesArgs &
        Pick<
            PulsarClusterArgs,
            | "region"
            | "availabilityZones"
            | "pulsarVersion"
            | "amiOwners"
            | "zoneName"
            | "quorum"
            | "credentialValidityDays"
            | "credentialRotation"
            | "secretRecoveryWindowInDays"
            | "logRetentionInDays"
        > & { clusterName: string; securityGroupIds: { proxy?: unknown } },
): Problem[] {
    const roles = resolveRoles(args);
    const check = (holds: boolean, key: string, value: unknown, allowed: string): Problem[] =>
        holds ? [] : [{ key, value, allowed }];
    const wholeFrom = (value: number, least: number, most: number) =>
        Number.isInteger(value) && value >= least && value <= most;
    const { pulsarVersion, clusterName, zoneName } = args;
    const validity = args.credentialValidityDays ?? 365;
    const rotation = args.credentialRotation ?? 1;
    const window = args.secretRecoveryWindowInDays ?? 30;
    return [
        ...zoneProblems(args.availabilityZones, args.region),
        ...check(VERSION.test(pulsarVersion), "pulsarVersion", pulsarVersion, "a version such as 4.0.7"),
        ...check(
            CLUSTER_NAME.test(clusterName),
            "clusterName",
            clusterName,
            "at most 40 lower-case letters, digits and dashes, a letter first and no dash last",
        ),
        ...check(
            zoneName === undefined || (ZONE_NAME.test(zoneName) && zoneName.length <= 200),
            "zoneName",
            zoneName,
            "the name of a DNS zone in lower case, such as lab.pulsar.internal",
        ),
        ...check(
            args.amiOwners === undefined || args.amiOwners.length > 0,
            "amiOwners",
            args.amiOwners,
            'at least one account id, or "self": anybody can publish an image with any tags',
        ),
        ...roleProblems(roles, args.availabilityZones),
        ...quorumProblems(args.quorum ?? DEFAULT_QUORUM, roles.bookkeeper.count),
        ...check(
            roles.proxy.count === 0 || args.securityGroupIds.proxy !== undefined,
            "securityGroupIds.proxy",
            undefined,
            `the security groups of the proxies, of which there are ${roles.proxy.count}`,
        ),
        ...check(wholeFrom(validity, 1, 3650), "credentialValidityDays", validity, "1 to 3650 whole days"),
        ...check(
            wholeFrom(rotation, 1, Number.MAX_SAFE_INTEGER),
            "credentialRotation",
            rotation,
            "a whole number, at least 1; raise it by one to rotate",
        ),
        ...check(
            window === 0 || wholeFrom(window, 7, 30),
            "secretRecoveryWindowInDays",
            window,
            "0, or a whole number of days from 7 to 30",
        ),
        ...problemsOf(logRetention(), args.logRetentionInDays ?? 365).map((problem) => ({
            ...problem,
            key: "logRetentionInDays",
        })),
    ];
}
