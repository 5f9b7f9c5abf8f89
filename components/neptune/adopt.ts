import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { PolicyStatement } from "../../lib/policy/statement";
import { validated } from "../schema/problems";
import { describeProblem, missingProblem, type Problem } from "../validation";
import { type NeptuneAccess, type NeptuneData, neptuneGrant, neptuneGrantPolicy } from "./access";
import type { NeptuneOutputs } from "./outputs";
import { adoptedNeptuneSchema } from "./schema";

/** Arguments of an {@link AdoptedNeptuneCluster}: the plain ones of its schema, and these, which may come from resources. */
export interface AdoptedNeptuneClusterArgs extends z.input<typeof adoptedNeptuneSchema> {
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
    /** Clusters of Aurora and of DocumentDB share their names with those of Neptune. */
    readonly engine: string;
    readonly vpcId: string;
    readonly iamDatabaseAuthenticationEnabled: boolean | undefined;
    readonly storageEncrypted: boolean | undefined;
    readonly clusterMembers: readonly string[];
}

/**
 * An Amazon Neptune cluster that somebody else made: it is read, and never changed or deleted.
 *
 * When there is none of that name, or one that does not fit, the deployment ends with an error that says what is expected, before
 * anything gets to use it. It is looked at by functions of RDS, whose API manages Neptune too: a function that finds nothing can
 * be told of in words that name the argument, where a resource that is read ends the deployment by itself. That takes
 * `rds:DescribeDBClusters` and `rds:DescribeDBSubnetGroups`.
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
     * @throws when the name is none; through every output when the cluster is not there or does not fit, see
     * {@link adoptionProblems}.
     */
    constructor(name: string, args: AdoptedNeptuneClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:neptune:AdoptedNeptuneCluster", name, {}, opts);
        const { clusterIdentifier } = validated(this, name, adoptedNeptuneSchema, args);

        const fit = pulumi.all([this.find(clusterIdentifier), args.vpcId]).apply(([found, vpcId]) => {
            this.refuse(clusterIdentifier, adoptionProblems(found, vpcId));
            return found;
        });
        this.clusterIdentifier = fit.clusterIdentifier;
        this.clusterResourceId = fit.clusterResourceId;
        this.endpoint = fit.endpoint;
        this.readerEndpoint = fit.readerEndpoint;
        this.port = fit.port;
        this.securityGroupIds = fit.vpcSecurityGroupIds;
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

    private async find(clusterIdentifier: string): Promise<aws.rds.GetClusterResult & FoundCluster> {
        const child = { parent: this };
        try {
            const cluster = await aws.rds.getCluster({ clusterIdentifier }, child);
            // A cluster does not say which VPC it is in; its subnet group does.
            const { vpcId } = await aws.rds.getSubnetGroup({ name: cluster.dbSubnetGroupName }, child);
            return { ...cluster, vpcId };
        } catch (error) {
            throw this.refusal(clusterIdentifier, [
                missingProblem(
                    "clusterIdentifier",
                    clusterIdentifier,
                    "the name of a Neptune cluster",
                    error,
                ),
            ]);
        }
    }

    private refuse(clusterIdentifier: string, problems: readonly Problem[]): void {
        if (problems.length > 0) throw this.refusal(clusterIdentifier, problems);
    }

    private refusal(clusterIdentifier: string, problems: readonly Problem[]): pulumi.ResourceError {
        const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
        return new pulumi.ResourceError(
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
    if (found.engine !== "neptune") {
        const allowed = "neptune: of this name there is a cluster of another engine; name one of Neptune";
        return [{ key: "engine", value: found.engine, allowed }];
    }
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
