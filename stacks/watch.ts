import { SERVERLESS_INSTANCE_CLASS } from "../components/neptune/engine";
import { Observability, type ObservabilityArgs } from "../components/observability";
import type { LabNetwork } from "./base-network";
import type { LabConfig } from "./config";
import type { Deployment, Identity } from "./identity";
import type { CreatedServices } from "./services";

/** Watches what the stack made; what it adopted is its owner's to watch. */
export function watch(
    config: LabConfig,
    identity: Identity,
    { project }: Deployment,
    network: LabNetwork,
    created: CreatedServices,
): Observability {
    const { accountId, partition, region, key, tags } = identity;
    return new Observability("lab-watch", {
        services: watched(config, network, created),
        accountId,
        partition,
        region,
        kmsKeyArn: key.keyArn,
        alarmEmails: config.observability.alarmEmails,
        monthlyBudgetUsd: config.cost.monthlyBudgetUsd,
        ...(config.cost.scope === "project" && { budgetTag: { key: "Project", value: project } }),
        tags,
    });
}

function watched(
    config: LabConfig,
    network: LabNetwork,
    created: CreatedServices,
): ObservabilityArgs["services"] {
    const { pulsar, neptune, opensearch, sagemaker } = created;
    return {
        natGatewayIds: network.natGatewayIds ?? [],
        ...(pulsar && { pulsar }),
        ...(neptune &&
            config.neptune.mode === "create" && {
                neptune: {
                    clusterIdentifier: neptune.clusterIdentifier,
                    serverless: config.neptune.instanceClass === SERVERLESS_INSTANCE_CLASS,
                    readReplicas: config.neptune.readReplicas,
                },
            }),
        ...(opensearch &&
            config.opensearch.mode === "create" && {
                opensearch: { ...config.opensearch, domainName: opensearch.domainName },
            }),
        ...(sagemaker && { sagemaker: { homeEfsFileSystemId: sagemaker.homeEfsFileSystemId } }),
    };
}
