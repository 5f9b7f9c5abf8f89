import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { AdoptedNeptuneCluster } from "../components/neptune/adopt";
import { NeptuneCluster } from "../components/neptune-cluster";
import { AdoptedOpenSearchDomain } from "../components/opensearch/adopt";
import { OpenSearchDomain } from "../components/opensearch-domain";
import { AdoptedPulsarCluster } from "../components/pulsar/adopt";
import { PulsarCluster } from "../components/pulsar-cluster";
import { AdoptedSageMakerDomain } from "../components/sagemaker/adopt";
import { StudioRole } from "../components/sagemaker/studio-role";
import { type NotebookEndpointsArgs, SageMakerDomain } from "../components/sagemaker-domain";
import type { ExistingGroup, SecurityGroups } from "../components/security-groups";
import { childTags } from "../components/tags";
import type { LabNetwork } from "./base-network";
import type { LabConfig } from "./config";
import { grantStoresToClients, notebookStatements, type UsedServices } from "./grants";
import type { Identity } from "./identity";
import type { ServiceNames } from "./names";

/** Services of somebody else that the lab uses. They are read before anything is made, because rules name their groups. */
export interface AdoptedServices {
    readonly pulsar?: AdoptedPulsarCluster;
    readonly neptune?: AdoptedNeptuneCluster;
    readonly opensearch?: AdoptedOpenSearchDomain;
    readonly sagemaker?: AdoptedSageMakerDomain;
}

/** Services that the stack made. */
export interface CreatedServices {
    readonly pulsar?: PulsarCluster;
    readonly neptune?: NeptuneCluster;
    readonly opensearch?: OpenSearchDomain;
    readonly sagemaker?: SageMakerDomain;
}

/** Reads the services that the configuration adopts. */
export function adoptServices(config: LabConfig, { vpcId }: LabNetwork, identity: Identity): AdoptedServices {
    const { accountId, partition, region } = identity;
    const { pulsar, neptune, opensearch, sagemaker } = config;
    return {
        ...(pulsar.mode === "adopt" && {
            pulsar: new AdoptedPulsarCluster("lab-pulsar", { ...pulsar, vpcId }),
        }),
        ...(neptune.mode === "adopt" && {
            neptune: new AdoptedNeptuneCluster("lab-neptune", {
                ...neptune,
                vpcId,
                accountId,
                partition,
                region,
            }),
        }),
        ...(opensearch.mode === "adopt" && {
            opensearch: new AdoptedOpenSearchDomain("lab-opensearch", { ...opensearch, vpcId }),
        }),
        ...(sagemaker.mode === "adopt" && {
            sagemaker: new AdoptedSageMakerDomain("lab-sagemaker", { ...sagemaker, vpcId }),
        }),
    };
}

/** The groups that adopted services have already. Nothing is put into them: their owner has to admit the lab. */
export function adoptedGroups(adopted: AdoptedServices): Record<string, ExistingGroup> {
    const first = (ids: pulumi.Output<string[]>): ExistingGroup => ({
        groupId: ids.apply(([id]) => id ?? ""),
    });
    return {
        ...(adopted.pulsar && { broker: first(adopted.pulsar.brokerSecurityGroupIds) }),
        ...(adopted.neptune && { neptune: first(adopted.neptune.securityGroupIds) }),
        ...(adopted.opensearch && { opensearch: first(adopted.opensearch.securityGroupIds) }),
        ...(adopted.sagemaker && { sagemaker: first(adopted.sagemaker.securityGroupIds) }),
    };
}

/** What the services are made on. */
export interface ServicePlace {
    readonly config: LabConfig;
    readonly identity: Identity;
    readonly network: LabNetwork;
    readonly groups: SecurityGroups;
    readonly names: ServiceNames;
    readonly adopted: AdoptedServices;
    /** Comes before all of them: the checks of the network. */
    readonly after: pulumi.Resource;
}

/**
 * Makes the services that the configuration asks for, in the order in which one needs another: the data stores, then Studio, which is
 * told where they are and may use them.
 */
export function createServices(place: ServicePlace): CreatedServices {
    const { config, identity, network, names, adopted } = place;
    const { accountId, partition, region, key, tags } = identity;
    const { availabilityZones } = config.network;
    const opts = { dependsOn: [place.after] };
    const group = (role: string): pulumi.Output<string>[] => {
        const id = place.groups.ids[role];
        return id === undefined ? [] : [id];
    };
    const common = { accountId, partition, region, kmsKeyArn: key.keyArn, tags };
    const protectData = config.protectData;

    const pulsar =
        config.pulsar.mode === "create"
            ? new PulsarCluster(
                  "lab-pulsar",
                  {
                      clusterName: names.pulsarCluster,
                      ...config.pulsar,
                      ...common,
                      vpcId: network.vpcId,
                      availabilityZones,
                      subnetIds: network.privateSubnetIds,
                      securityGroupIds: {
                          zookeeper: group("zookeeper"),
                          bookkeeper: group("bookkeeper"),
                          broker: group("broker"),
                          client: group("client"),
                          proxy: group("proxy"),
                      },
                      protectData,
                  },
                  opts,
              )
            : undefined;
    const neptune =
        config.neptune.mode === "create"
            ? new NeptuneCluster(
                  "lab-neptune",
                  {
                      clusterIdentifier: names.neptuneCluster,
                      ...config.neptune,
                      ...common,
                      availabilityZones,
                      subnetIds: network.isolatedSubnetIds,
                      securityGroupIds: group("neptune"),
                      protectData,
                  },
                  opts,
              )
            : undefined;
    const studioRole =
        config.sagemaker.mode === "create"
            ? new StudioRole("lab-sagemaker-execution", { accountId, tags })
            : undefined;
    const clientRoleArn = pulsar?.roleArns.client;
    const users = [
        ...(studioRole ? [studioRole.arn] : []),
        ...(clientRoleArn ? [clientRoleArn] : []),
        ...(adopted.sagemaker ? [adopted.sagemaker.executionRoleArn] : []),
    ];
    const opensearch =
        config.opensearch.mode === "create"
            ? new OpenSearchDomain(
                  "lab-opensearch",
                  {
                      domainName: names.opensearchDomain,
                      ...config.opensearch,
                      ...common,
                      availabilityZones,
                      subnetIds: network.isolatedSubnetIds,
                      securityGroupIds: group("opensearch"),
                      masterUserArn: config.opensearch.masterUserArn ?? searchAdministrator(identity),
                      accessRoleArns: [...users, ...config.opensearch.accessRoleArns],
                      protectData,
                  },
                  opts,
              )
            : undefined;
    const hasSecret =
        pulsar !== undefined || (config.pulsar.mode === "adopt" && config.pulsar.clientSecretArn);
    const used: UsedServices = {
        pulsar: pulsar ?? adopted.pulsar,
        pulsarSecretArn: hasSecret
            ? (pulsar ?? adopted.pulsar)?.clientSecretArn.apply((arn) => arn ?? "")
            : undefined,
        neptune: neptune ?? adopted.neptune,
        opensearch: opensearch ?? adopted.opensearch,
    };
    if (pulsar && clientRoleArn) grantStoresToClients(clientRoleArn, used, pulsar);
    const sagemaker =
        config.sagemaker.mode === "create"
            ? new SageMakerDomain(
                  "lab-sagemaker",
                  {
                      domainName: names.studioDomain,
                      ...config.sagemaker,
                      ...common,
                      vpcId: network.vpcId,
                      subnetIds: network.privateSubnetIds,
                      securityGroupIds: group("sagemaker"),
                      // A file system that is kept keeps its subnets, and so the network: that is to be asked for.
                      homeRetention: config.sagemaker.homeRetention ?? (protectData ? "Retain" : "Delete"),
                      userProfiles: config.sagemaker.userProfiles.map((profile) => ({
                          ...profile,
                          securityGroupIds: group(`sagemaker-${profile.name}`),
                      })),
                      executionRole: studioRole,
                      endpoints: endpointsOf(used),
                      policyStatements: notebookStatements(used, identity),
                  },
                  opts,
              )
            : undefined;
    return {
        ...(pulsar && { pulsar }),
        ...(neptune && { neptune }),
        ...(opensearch && { opensearch }),
        ...(sagemaker && { sagemaker }),
    };
}

/** Who maps roles to what they may do in OpenSearch: a role of its own, which whoever may assume it in IAM takes on for that. */
function searchAdministrator({ accountId, partition, tags }: Identity): pulumi.Output<string> {
    const name = "lab-opensearch-administrator";
    return new aws.iam.Role(name, {
        description: "Administers fine-grained access control of the OpenSearch domain",
        assumeRolePolicy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
                {
                    Effect: "Allow",
                    Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
                    Action: "sts:AssumeRole",
                },
            ],
        }),
        tags: childTags(tags, "opensearch", name),
    }).arn;
}

/** What notebooks are told of the services. */
function endpointsOf({ pulsar, neptune, opensearch }: UsedServices): NotebookEndpointsArgs {
    return {
        ...(pulsar && { pulsar: { serviceUrl: pulsar.serviceUrl, adminUrl: pulsar.adminUrl } }),
        ...(neptune && {
            neptune: {
                endpoint: neptune.endpoint,
                readerEndpoint: neptune.readerEndpoint,
                port: neptune.port,
                clusterResourceId: neptune.clusterResourceId,
            },
        }),
        ...(opensearch && { opensearch: { endpoint: opensearch.endpoint } }),
    };
}
