import * as pulumi from "@pulumi/pulumi";

import { settingProblems } from "../../components/connectivity-checks";
import { neptuneSchema } from "../../components/neptune/schema";
import { opensearchSchema } from "../../components/opensearch/schema";
import { pulsarClusterProblems } from "../../components/pulsar/problems";
import { sageMakerDomainProblems } from "../../components/sagemaker/problems";
import { problemsOf } from "../../components/schema/problems";
import type { Problem } from "../../components/validation";
import type { LabConfig } from "../config";
import { serviceNames, type StackName } from "../names";

/** What a resource is going to give: it cannot be judged yet. */
const FROM_RESOURCE = pulumi.output<unknown>(undefined);

const SERVICES = ["pulsar", "neptune", "opensearch", "sagemaker"] as const;

/**
 * What is wrong with fields that are right one by one: sizes, quorums and zones, as the components themselves judge them, and what
 * a composition cannot have. Pure.
 */
export function combinationProblems(config: LabConfig, stack: StackName): Problem[] {
    const { region } = config;
    const { availabilityZones } = config.network;
    const names = serviceNames(stack);
    const under = (service: string, problems: readonly Problem[]) =>
        problems.map((problem) => ({ ...problem, key: `${service}.${problem.key}` }));
    const { pulsar, neptune, opensearch, sagemaker } = config;
    return [
        ...foundationProblems(config),
        ...under("checks", settingProblems(config.checks)),
        ...(pulsar.mode === "create"
            ? under(
                  "pulsar",
                  pulsarClusterProblems({
                      ...pulsar,
                      region,
                      availabilityZones,
                      clusterName: names.pulsarCluster,
                      securityGroupIds: { proxy: [] },
                  }),
              )
            : []),
        ...(neptune.mode === "create"
            ? under(
                  "neptune",
                  problemsOf(neptuneSchema, {
                      clusterIdentifier: names.neptuneCluster,
                      ...neptune,
                      region,
                      availabilityZones,
                  }),
              )
            : []),
        ...(opensearch.mode === "create"
            ? under(
                  "opensearch",
                  problemsOf(opensearchSchema, {
                      ...opensearch,
                      availabilityZones,
                      masterUserArn: opensearch.masterUserArn ?? FROM_RESOURCE,
                      subnetIds: FROM_RESOURCE,
                      securityGroupIds: FROM_RESOURCE,
                  }),
              )
            : []),
        ...(sagemaker.mode === "create"
            ? under(
                  "sagemaker",
                  sageMakerDomainProblems({
                      domainName: names.studioDomain,
                      ...sagemaker,
                      userProfiles: sagemaker.userProfiles.map((profile) => ({
                          ...profile,
                          securityGroupIds: ["sg"],
                      })),
                  }),
              )
            : []),
    ];
}

function foundationProblems(config: LabConfig): Problem[] {
    if (config.composition !== "foundation") return [];
    const on = SERVICES.filter((service) => config[service].mode !== "off");
    return [
        ...on.map((service) => ({
            key: `${service}.mode`,
            value: config[service].mode,
            allowed: "off: a foundation is the network alone; services are in the labs that share it",
        })),
        ...(config.network.mode === "create"
            ? []
            : [
                  {
                      key: "network.mode",
                      value: config.network.mode,
                      allowed: "create: a foundation is the network that others share",
                  },
              ]),
    ];
}
