import { z } from "zod";

import { neptuneSettings } from "../neptune/schema";
import { opensearchSettings } from "../opensearch/schema";
import { flag, fromResource, listOf, numberAbove, object, text } from "../schema/fields";
import { judgedBy, together } from "../schema/problems";
import type { Problem } from "../validation";

/** A notification of AWS Budgets takes so many addresses. */
const MOST_EMAILS = 10;

/** One @, no white space, a domain with a dot. Only the confirmation shows whether the address exists. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** What a user decides: fields of `observability` and `cost` in a stack's configuration. */
export const observabilitySettings = {
    /**
     * Addresses that get the alarms and the messages of the budget. Each gets a mail that asks to confirm the subscription, and alarms
     * once it is confirmed. `[]` for none, when something else subscribes to the topic.
     */
    alarmEmails: listOf(text("an address such as team@example.com", EMAIL), "a list of e-mail addresses", {
        most: MOST_EMAILS,
        allowed: `at most ${MOST_EMAILS} addresses, which is what AWS Budgets takes; give the address of a group`,
    }).superRefine(judgedBy(duplicateProblems)),
    /**
     * US dollars that a month may cost. Messages come at 50, 80 and 100 % spent and when 100 % is forecast. Nothing is stopped.
     * @default none: there is no budget
     */
    monthlyBudgetUsd: numberAbove(0, "US dollars").optional(),
};

const neptune = z.object({
    /** Identifier of the cluster. */
    clusterIdentifier: fromResource(text("the name of a Neptune cluster")),
    /**
     * Whether its instances are `db.serverless`. Those are watched by the share of the maximum capacity that they use, provisioned
     * ones by their CPU: a serverless instance grows when its CPU is busy.
     * @default true
     */
    serverless: flag().default(true),
    /** Instances besides the writer. Without any there is no replication to watch. */
    readReplicas: neptuneSettings.readReplicas,
});

const opensearch = z.object({
    /** Name of the domain. */
    domainName: fromResource(text("the name of an OpenSearch domain")),
    /** Data nodes. A single one holds no replicas, so a yellow status is normal there. */
    dataNodeCount: opensearchSettings.dataNodeCount,
    /** Dedicated master nodes, 0 for none. */
    dedicatedMasterCount: opensearchSettings.dedicatedMasterCount,
    /** GiB of each data node's volume; a quarter of it has to stay free. */
    volumeSizeGib: opensearchSettings.volumeSizeGib,
});

const pulsar = z.object({
    /** Name of the cluster. */
    clusterName: text("the name of a Pulsar cluster"),
    /** Its instances, `bookkeeper-1` and so on: each is watched. One more changes no alarm of the others. */
    nodes: listOf(
        z.object({
            name: text("the name of an instance"),
            instanceId: fromResource(text("the id of an instance")),
        }),
        "a list of { name, instanceId }",
    ),
});

const sagemaker = z.object({
    /** Id of the EFS file system of the homes. */
    homeEfsFileSystemId: fromResource(text("the id of a file system")),
});

const services = z.object({
    /** A Neptune cluster. */
    neptune: neptune.optional(),
    /** An OpenSearch domain. */
    opensearch: opensearch.optional(),
    /** A Pulsar cluster, such as a `PulsarCluster`. */
    pulsar: pulsar.optional(),
    /** A SageMaker Studio domain. */
    sagemaker: sagemaker.optional(),
    /**
     * Ids of NAT gateways.
     * @default []
     */
    natGatewayIds: listOf(fromResource(text("the id of a NAT gateway")), "a list of NAT gateways").default(
        [],
    ),
});

/** The arguments that can be judged. */
export const observabilitySchema = z
    .object({
        ...observabilitySettings,
        /** The services to watch. Without any there is the topic and, if asked for, the budget. */
        services,
        /**
         * Counts only costs with this tag. AWS knows costs by a tag only after the account (or the organization's payer) has activated
         * it as a cost allocation tag in the Billing console. Until then such a budget stays at 0.
         * @default none: all costs of the account count
         */
        budgetTag: object({
            key: text(
                "a tag's key of 1 to 128 characters without $, such as ExperimentID",
                /^[^$\s][^$]{0,127}$/,
            ),
            value: fromResource(text("the value of the tag")),
        }).optional(),
    })
    .check(
        together(({ budgetTag, monthlyBudgetUsd }) => {
            if (budgetTag === undefined || monthlyBudgetUsd !== undefined) return [];
            const allowed = "given together with monthlyBudgetUsd; without that there is no budget";
            return [{ key: "budgetTag", value: budgetTag.key, allowed }];
        }),
        together(({ services: { pulsar: cluster } }) => {
            const names = (cluster?.nodes ?? []).map(({ name }) => name);
            const duplicate = names.find((name, index) => names.indexOf(name) < index);
            if (duplicate === undefined) return [];
            const allowed = "each name once, as PulsarCluster.nodes has them";
            return [{ key: "services.pulsar.nodes", value: duplicate, allowed }];
        }),
    );

/** What is watched, complete. */
export type WatchedServices = z.output<typeof services>;

function duplicateProblems(emails: readonly string[]): Problem[] {
    return emails.flatMap((value, index) =>
        emails.indexOf(value) < index
            ? [{ key: `[${index}]`, value, allowed: "each address once; leave this one out" }]
            : [],
    );
}
