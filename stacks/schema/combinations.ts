import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { checksSchema } from "../../components/connectivity-checks";
import { noEgressProblems } from "../../components/flows";
import { publishesLogs } from "../../components/neptune/engine";
import { neptuneSchema } from "../../components/neptune/schema";
import { adoptedNetworkSchema, networkSchema, sharedNetworkSchema } from "../../components/network/schema";
import { opensearchSchema } from "../../components/opensearch/schema";
import { pulsarSettingsSchema } from "../../components/pulsar/schema";
import { sageMakerSettingsSchema } from "../../components/sagemaker/schema";
import { problemsOf } from "../../components/schema/problems";
import type { Problem } from "../../components/validation";
import { serviceNames, type StackName } from "../names";
import type { LabConfig } from "./fields";

/** What is known of a stack besides its configuration. */
export interface StackPlace extends StackName {
    readonly region: string;
}

/** A rule about several keys of a configuration; each of them is right by itself. Pure. */
type Rule = (config: StackConfig, place: StackPlace) => readonly Problem[];

type StackConfig = Omit<LabConfig, "region">;

/** What a resource is going to give: it cannot be judged yet. */
const FROM_RESOURCE = pulumi.output<unknown>(undefined);

/** The problems of a component's arguments, under the key of the configuration that they come from. */
const under = (key: string, problems: readonly Problem[]) =>
    problems.map((problem) => ({ ...problem, key: `${key}.${problem.key}` }));

const judged = (key: string, schema: z.ZodType, args: unknown) => under(key, problemsOf(schema, args));

/** What the components say of the arguments that they are going to get, and what a composition cannot have. */
export const combinations: readonly Rule[] = [
    foundationProblems,
    egressProblems,
    neptuneRegionProblems,
    ({ network }, { region }) => {
        const schemas = { create: networkSchema, adopt: adoptedNetworkSchema, shared: sharedNetworkSchema };
        return judged("network", schemas[network.mode], { ...network, region });
    },
    ({ checks }) => judged("checks", checksSchema, checks),
    ({ pulsar, network: { availabilityZones } }, { region, ...stack }) =>
        pulsar.mode !== "create"
            ? []
            : judged("pulsar", pulsarSettingsSchema, {
                  ...pulsar,
                  clusterName: serviceNames(stack).pulsarCluster,
                  region,
                  availabilityZones,
              }),
    ({ neptune, network: { availabilityZones } }, { region, ...stack }) =>
        neptune.mode !== "create"
            ? []
            : judged("neptune", neptuneSchema, {
                  ...neptune,
                  clusterIdentifier: neptune.clusterIdentifier ?? serviceNames(stack).neptuneCluster,
                  region,
                  availabilityZones,
              }),
    ({ opensearch, network: { availabilityZones } }) =>
        opensearch.mode !== "create"
            ? []
            : judged("opensearch", opensearchSchema, {
                  ...opensearch,
                  availabilityZones,
                  masterUserArn: opensearch.masterUserArn ?? FROM_RESOURCE,
                  subnetIds: FROM_RESOURCE,
                  securityGroupIds: FROM_RESOURCE,
              }),
    ({ sagemaker }, stack) =>
        sagemaker.mode !== "create"
            ? []
            : judged("sagemaker", sageMakerSettingsSchema, {
                  ...sagemaker,
                  domainName: sagemaker.domainName ?? serviceNames(stack).studioDomain,
              }),
];

const SERVICES = ["pulsar", "neptune", "opensearch", "sagemaker"] as const;

function foundationProblems(config: StackConfig): Problem[] {
    if (config.composition !== "foundation") return [];
    const services = SERVICES.filter((service) => config[service].mode !== "off").map((service) => ({
        key: `${service}.mode`,
        value: config[service].mode,
        allowed: "off: a foundation is the network alone; services are in the labs that share it",
    }));
    if (config.network.mode === "create") return services;
    const allowed = "create: a foundation is the network that others share";
    return [...services, { key: "network.mode", value: config.network.mode, allowed }];
}

function neptuneRegionProblems({ neptune }: StackConfig, { region }: StackPlace): Problem[] {
    if (neptune.mode !== "create" || publishesLogs(region)) return [];
    const allowed = `adopt or off in ${region}: in China Neptune publishes no audit log`;
    return [{ key: "neptune.mode", value: neptune.mode, allowed }];
}

function egressProblems({ network }: StackConfig): Problem[] {
    if (network.mode === "create" && network.natGateways === "none")
        return under("network", noEgressProblems(network.httpsEgress, "natGateways is none"));
    if (network.mode === "adopt" && !network.nat)
        return under("network", noEgressProblems(network.httpsEgress, "nat is false"));
    return [];
}
