import type * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../../lib/policy/statement";
import type { NeptuneAccess } from "./access";

/** The port that Neptune answers on unless it is told otherwise. */
export const NEPTUNE_PORT = 8182;

/** What others need of a cluster, whether it was made here or was there before. */
export interface NeptuneOutputs {
    /** Name of the cluster; the dimension `DBClusterIdentifier` of its metrics. */
    readonly clusterIdentifier: pulumi.Output<string>;
    /** What IAM knows the data by: `cluster-...`. */
    readonly clusterResourceId: pulumi.Output<string>;
    /** Name of the host that writes and reads. Resolves only after there are instances behind it. */
    readonly endpoint: pulumi.Output<string>;
    /** Name that spreads reads over the replicas; it stands for the writer when there is none. */
    readonly readerEndpoint: pulumi.Output<string>;
    /** Port of both endpoints. */
    readonly port: pulumi.Output<number>;
    /**
     * An identity policy, as JSON, that grants accesses to the data of this cluster alone.
     *
     * @example new aws.iam.RolePolicy(`${name}-graph`, { role: role.id, policy: graph.grantPolicy("read") }, { parent: this });
     */
    grantPolicy(...accesses: [NeptuneAccess, ...NeptuneAccess[]]): pulumi.Output<string>;
    /** A statement for the IAM policy of a role that is to use the data of this cluster alone. */
    accessStatement(access: NeptuneAccess): pulumi.Output<PolicyStatement>;
}
