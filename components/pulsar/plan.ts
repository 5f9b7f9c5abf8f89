import type { PulsarClusterArgs } from "./args";
import { roleHostname } from "./names";
import { PULSAR_ROLES, type PulsarRole } from "./ports";
import { DEFAULT_QUORUM, type Quorum, quorumWarning } from "./quorum";
import { resolveRoles, type ResolvedRole } from "./roles";

/** What is decided about a cluster before anything is created. */
export interface ClusterPlan {
    readonly clusterName: string;
    /** The private Route 53 zone of the cluster's names. */
    readonly zoneName: string;
    readonly roles: Readonly<Record<PulsarRole, ResolvedRole>>;
    readonly quorum: Quorum;
    /** The role that clients connect to: proxies if there are any, else brokers. */
    readonly serviceRole: "broker" | "proxy";
    /** The name that clients connect to. */
    readonly serviceHostname: string;
}

/** Decides a cluster's names and roles; pure. */
export function planCluster(
    clusterName: string,
    args: Pick<PulsarClusterArgs, PulsarRole | "zoneName" | "quorum">,
): ClusterPlan {
    const roles = resolveRoles(args);
    const zoneName = args.zoneName ?? `${clusterName}.pulsar.internal`;
    const serviceRole = roles.proxy.count > 0 ? "proxy" : "broker";
    return {
        clusterName,
        zoneName,
        roles,
        quorum: args.quorum ?? DEFAULT_QUORUM,
        serviceRole,
        serviceHostname: roleHostname(serviceRole, zoneName),
    };
}

/** The roles that have instances. */
export function presentRoles({ roles }: Pick<ClusterPlan, "roles">): PulsarRole[] {
    return PULSAR_ROLES.filter((role) => roles[role].count > 0);
}

/** What a plan gives up although it works. */
export function planWarnings({ roles, quorum }: ClusterPlan): string[] {
    const single = (["zookeeper", "bookkeeper", "broker"] as const).filter((role) => roles[role].count === 1);
    const warnings = [
        single.length > 0
            ? `${single.join(", ")}: one instance only. While it is replaced or down, the cluster does not work. ` +
              `Set count to 3 (brokers: 2) if the cluster must stay available.`
            : undefined,
        quorumWarning(quorum, roles.bookkeeper.count),
    ];
    return warnings.filter((warning) => warning !== undefined);
}
