import type * as pulumi from "@pulumi/pulumi";

import type { PulsarClusterArgs } from "./args";
import { roleHostname } from "./names";
import { quorumWarning } from "./quorum";
import type { PulsarSettings } from "./schema";

/** What each part of a cluster is created from. */
export interface ClusterPlan {
    /** The logical name of the cluster; everything is named from it. */
    readonly name: string;
    readonly args: PulsarClusterArgs;
    /** The plain arguments, complete. */
    readonly settings: PulsarSettings;
    readonly parent: pulumi.ComponentResource;
    /** The private Route 53 zone of the cluster's names. */
    readonly zoneName: string;
    /** The role that clients connect to. */
    readonly serviceRole: "broker" | "proxy";
    /** The name that clients connect to. */
    readonly serviceHostname: string;
}

/** The DNS names of a cluster: clients connect to proxies if there are any, else to brokers. */
export function dnsNames(
    settings: PulsarSettings,
): Pick<ClusterPlan, "zoneName" | "serviceRole" | "serviceHostname"> {
    const zoneName = settings.zoneName ?? `${settings.clusterName}.pulsar.internal`;
    const serviceRole = settings.proxy.count > 0 ? "proxy" : "broker";
    return { zoneName, serviceRole, serviceHostname: roleHostname(serviceRole, zoneName) };
}

/** What a cluster gives up although it works. */
export function clusterWarnings(settings: PulsarSettings): string[] {
    const roles = ["zookeeper", "bookkeeper", "broker"] as const;
    const single = roles.filter((role) => settings[role].count === 1);
    const warnings = [
        single.length > 0
            ? `${single.join(", ")}: one instance only. While it is replaced or down, the cluster does not work. ` +
              `Set count to 3 (brokers: 2) if the cluster must stay available.`
            : undefined,
        quorumWarning(settings.quorum, settings.bookkeeper.count),
    ];
    return warnings.filter((warning) => warning !== undefined);
}
