import * as pulumi from "@pulumi/pulumi";

import type { NetworkIntent } from "../checks/intent";
import { renderMatrix } from "../checks/matrix";
import { ConnectivityChecks } from "../components/connectivity-checks";
import { type FlowPlan, planFlows, type Role } from "../components/flows";
import { presentRoles } from "../components/pulsar/roles";
import type { SageMakerOutputs } from "../components/sagemaker/outputs";
import { baseNetwork } from "./base-network";
import type { LabConfig } from "./config";
import { connectNetwork } from "./connected-network";
import { checkSettings, type Deployment, identify } from "./identity";
import { serviceNames } from "./names";
import { adoptedGroups, adoptServices, type CreatedServices, createServices } from "./services";
import { watch } from "./watch";

/**
 * A whole lab: a network, the services that the configuration asks for, made or adopted, and the proof that everything reaches what it
 * must and nothing else.
 *
 * @returns the stack's outputs; those of a service that is off are left out.
 */
export function lab(config: LabConfig, deployment: Deployment): Record<string, pulumi.Input<unknown>> {
    const identity = identify(config, deployment);
    const { region, tags } = identity;
    const plan = flowPlan(config);
    const network = baseNetwork(config, identity, plan);
    const adopted = adoptServices(config, network, identity);
    const { groups, intent } = connectNetwork("lab", {
        network,
        region,
        plan,
        existing: { ...network.existing, ...adoptedGroups(adopted) },
        tags,
    });
    const checks = new ConnectivityChecks("lab", {
        network: intent,
        ...checkSettings(config, deployment),
    });
    const created = createServices({
        config,
        identity,
        network,
        groups,
        names: serviceNames(deployment),
        adopted,
        after: checks,
    });

    const { pulsar, neptune, opensearch, sagemaker } = { ...adopted, ...created };
    const observability = watch(config, identity, deployment, network, created);
    const verified = [
        checks,
        ...checkServices(intent, created, sagemaker, checkSettings(config, deployment)),
    ];
    return {
        region,
        experimentId: identity.experiment.experimentId,
        expiresAt: identity.experiment.expiresAt,
        vpcId: network.vpcId,
        availabilityZones: config.network.availabilityZones,
        privateSubnetIds: network.privateSubnetIds,
        isolatedSubnetIds: network.isolatedSubnetIds,
        ...network.outputs,
        securityGroupIds: groups.ids,
        encryptionKeyArn: identity.key.keyArn,
        ...(pulsar && {
            pulsarServiceUrl: pulsar.serviceUrl,
            pulsarAdminUrl: pulsar.adminUrl,
            pulsarClientSecretArn: pulsar.clientSecretArn,
        }),
        ...(created.pulsar && {
            pulsarInstances: created.pulsar.instances,
            pulsarAmiId: created.pulsar.amiId,
        }),
        ...(neptune && {
            neptuneEndpoint: neptune.endpoint,
            neptuneReaderEndpoint: neptune.readerEndpoint,
            neptunePort: neptune.port,
            neptuneClusterResourceId: neptune.clusterResourceId,
        }),
        ...(opensearch && {
            opensearchEndpoint: opensearch.endpoint,
            opensearchDashboardEndpoint: opensearch.dashboardEndpoint,
            opensearchDomainArn: opensearch.domainArn,
        }),
        ...(sagemaker && {
            sagemakerDomainId: sagemaker.domainId,
            sagemakerDomainUrl: sagemaker.domainUrl,
            sagemakerExecutionRoleArn: sagemaker.executionRoleArn,
        }),
        alarmTopicArn: observability.topicArn,
        dashboardName: observability.dashboardName,
        connectivityHealthy: pulumi
            .all(verified.map(({ healthy }) => healthy))
            .apply((all) => all.every(Boolean)),
        // A table: as data it would fill the screen on every update.
        connectivityMatrix: checks.matrix.apply(renderMatrix),
        connectivityRepairs: pulumi.all(verified.map(({ repairs }) => repairs)).apply((all) => all.flat()),
    };
}

/**
 * Checks what only exists with the services: the groups on their interfaces, and what their own settings say of the network. They
 * cannot be in the checks that the services wait for.
 */
function checkServices(
    intent: pulumi.Output<NetworkIntent>,
    created: CreatedServices,
    sagemaker: SageMakerOutputs | undefined,
    settings: ReturnType<typeof checkSettings>,
): ConnectivityChecks[] {
    const { pulsar, opensearch } = created;
    if (!pulsar && !opensearch && !sagemaker) return [];
    const network = pulumi
        .all([intent, pulsar?.networkInterfaces ?? [], sagemaker?.domainId])
        .apply(([base, networkInterfaces, sageMakerDomainId]): NetworkIntent => ({
            ...base,
            networkInterfaces,
            services: {
                ...(sageMakerDomainId === undefined ? {} : { sageMakerDomainId }),
                openSearch: opensearch !== undefined,
            },
        }));
    return [
        new ConnectivityChecks("lab-services", {
            network,
            stages: ["security-groups", "services"],
            ...settings,
        }),
    ];
}

/** Who talks to whom in the lab of a configuration; pure. An adopted Pulsar is its brokers alone, as seen from outside. */
export function flowPlan({ network, pulsar, neptune, opensearch, sagemaker }: LabConfig): FlowPlan {
    const roles: Exclude<Role, "endpoints">[] = [];
    if (pulsar.mode === "create") roles.push(...presentRoles(pulsar));
    if (pulsar.mode === "adopt") roles.push("broker");
    if (neptune.mode !== "off") roles.push("neptune");
    if (opensearch.mode !== "off") roles.push("opensearch");
    if (sagemaker.mode !== "off") roles.push("sagemaker");
    const adopted: Role[] = [
        ...(pulsar.mode === "adopt" ? (["broker"] as const) : []),
        ...(neptune.mode === "adopt" ? (["neptune"] as const) : []),
        ...(opensearch.mode === "adopt" ? (["opensearch"] as const) : []),
        ...(sagemaker.mode === "adopt" ? (["sagemaker"] as const) : []),
    ];
    return planFlows({
        roles,
        adopted,
        httpsEgress: network.httpsEgress,
        nat:
            network.mode === "create"
                ? network.natGateways !== "none"
                : network.mode !== "adopt" || network.nat,
        interfaceEndpoints: network.mode === "shared" ? [] : network.interfaceEndpoints,
        userProfiles: sagemaker.mode === "create" ? sagemaker.userProfiles.map(({ name }) => name) : [],
        bulkLoad: neptune.mode === "create" && neptune.bulkLoad !== undefined,
    });
}
