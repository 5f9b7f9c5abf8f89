import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { PolicyStatement } from "../policy";
import { assertNoProblems, describeProblem, type Problem } from "../validation";
import { type NeptuneAccess, type NeptuneData, neptuneGrant, neptuneGrantPolicy } from "./access";
import { NEPTUNE_PORT, type NeptuneOutputs } from "./outputs";

/** Arguments of an {@link AdoptedNeptuneCluster}. */
export interface AdoptedNeptuneClusterArgs {
    /** Name of the cluster that is there, in the account and region of the provider. */
    clusterIdentifier: string;
    /** The VPC that the cluster has to be in. */
    vpcId: pulumi.Input<string>;
    /** The AWS account of the cluster, 12 digits. */
    accountId: pulumi.Input<string>;
    /** The region of the cluster. */
    region: pulumi.Input<string>;
    /**
     * The AWS partition.
     * @default "aws"
     */
    partition?: pulumi.Input<string>;
}

/** What an adopted cluster is judged by. */
export interface FoundCluster {
    readonly vpcId: string;
    readonly iamDatabaseAuthenticationEnabled: boolean | undefined;
    readonly storageEncrypted: boolean | undefined;
    readonly clusterMembers: readonly string[];
}

/**
 * An Amazon Neptune cluster that somebody else made: it is read, and never changed or deleted.
 *
 * When there is none of that name, the deployment ends with Pulumi's "resource does not exist"; when there is one that does not fit,
 * with an error that says what is expected, before anything gets to use it.
 *
 * **Cost**: none of its own.
 */
export class AdoptedNeptuneCluster extends pulumi.ComponentResource implements NeptuneOutputs {
    readonly clusterIdentifier: pulumi.Output<string>;
    readonly clusterResourceId: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    readonly readerEndpoint: pulumi.Output<string>;
    readonly port: pulumi.Output<number>;
    /** Security groups of the cluster, to which whoever may query needs a rule. */
    readonly securityGroupIds: pulumi.Output<string[]>;

    private readonly data: pulumi.Output<NeptuneData>;

    /**
     * @param name The logical name; what is read is named from it.
     * @param args Which cluster, and where it has to be.
     * @param opts Component options.
     * @throws when the name is empty; through every output when the cluster does not fit, see {@link adoptionProblems}.
     */
    constructor(name: string, args: AdoptedNeptuneClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:neptune:AdoptedNeptuneCluster", name, {}, opts);
        assertNoProblems(this, name, adoptedNameProblems(args.clusterIdentifier));

        const child = { parent: this };
        const cluster = aws.neptune.Cluster.get(name, args.clusterIdentifier, undefined, child);
        // A cluster does not say which VPC it is in; the subnets of its subnet group do.
        const subnetGroup = aws.neptune.SubnetGroup.get(
            `${name}-subnets`,
            cluster.neptuneSubnetGroupName,
            undefined,
            child,
        );
        const subnet = aws.ec2.Subnet.get(
            `${name}-subnet`,
            subnetGroup.subnetIds.apply((ids) => ids[0] ?? ""),
            undefined,
            child,
        );
        const fits = pulumi
            .all([
                subnet.vpcId,
                cluster.iamDatabaseAuthenticationEnabled,
                cluster.storageEncrypted,
                cluster.clusterMembers,
                args.vpcId,
            ])
            .apply(
                ([
                    vpcId,
                    iamDatabaseAuthenticationEnabled,
                    storageEncrypted,
                    clusterMembers,
                    expectedVpcId,
                ]) => {
                    const found = {
                        vpcId,
                        iamDatabaseAuthenticationEnabled,
                        storageEncrypted,
                        clusterMembers,
                    };
                    this.refuse(args.clusterIdentifier, adoptionProblems(found, expectedVpcId));
                    return true;
                },
            );
        const onceItFits = <T>(output: pulumi.Output<T>) =>
            pulumi.all([output, fits]).apply(([value]) => value as T);

        this.clusterIdentifier = onceItFits(cluster.clusterIdentifier);
        this.clusterResourceId = onceItFits(cluster.clusterResourceId);
        this.endpoint = onceItFits(cluster.endpoint);
        this.readerEndpoint = onceItFits(cluster.readerEndpoint);
        this.port = onceItFits(cluster.port).apply((port) => port ?? NEPTUNE_PORT);
        this.securityGroupIds = onceItFits(cluster.vpcSecurityGroupIds);
        this.data = pulumi.output({
            partition: args.partition ?? "aws",
            region: args.region,
            accountId: args.accountId,
            clusterResourceId: this.clusterResourceId,
        });
        this.registerOutputs({
            clusterIdentifier: this.clusterIdentifier,
            clusterResourceId: this.clusterResourceId,
            endpoint: this.endpoint,
            readerEndpoint: this.readerEndpoint,
            port: this.port,
            securityGroupIds: this.securityGroupIds,
        });
    }

    grantPolicy(...accesses: [NeptuneAccess, ...NeptuneAccess[]]): pulumi.Output<string> {
        return neptuneGrantPolicy(this.data, accesses);
    }

    accessStatement(access: NeptuneAccess): pulumi.Output<PolicyStatement> {
        return this.data.apply((data) => neptuneGrant(data, access));
    }

    private refuse(clusterIdentifier: string, problems: readonly Problem[]): void {
        if (problems.length === 0) return;
        const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
        throw new pulumi.ResourceError(
            [
                `the Neptune cluster "${clusterIdentifier}" cannot be adopted; nothing of it was changed:`,
                ...lines,
            ].join("\n"),
            this,
            true,
        );
    }
}

/** Why a cluster that is there cannot be used; pure. Each problem says what its owner would have to change. */
export function adoptionProblems(found: FoundCluster, vpcId: string): Problem[] {
    const problems: Problem[] = [];
    if (found.vpcId !== vpcId) {
        const allowed = `the VPC ${vpcId}: a cluster cannot move, so name one that is there, or have one made`;
        problems.push({ key: "vpcId", value: found.vpcId, allowed });
    }
    if (found.iamDatabaseAuthenticationEnabled !== true) {
        const allowed = "true: without it everybody who reaches the cluster may do everything; switch it on";
        problems.push({ key: "iamDatabaseAuthenticationEnabled", value: false, allowed });
    }
    if (found.storageEncrypted !== true) {
        const allowed = "true: restore a snapshot of it into an encrypted cluster and name that one";
        problems.push({ key: "storageEncrypted", value: false, allowed });
    }
    if (found.clusterMembers.length === 0) {
        const allowed = "at least one instance: nothing answers at the endpoint; add one";
        problems.push({ key: "clusterMembers", value: found.clusterMembers, allowed });
    }
    return problems;
}

function adoptedNameProblems(clusterIdentifier: string): Problem[] {
    if (/^[a-z](-?[a-z0-9])*$/i.test(clusterIdentifier) && clusterIdentifier.length <= 63) return [];
    const allowed = "the name of a Neptune cluster: 1 to 63 letters, digits and single hyphens";
    return [{ key: "clusterIdentifier", value: clusterIdentifier, allowed }];
}
