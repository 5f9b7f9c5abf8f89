import * as fs from "node:fs";
import { getAvailabilityZones } from "@pulumi/aws/getAvailabilityZones";
import type * as pulumi from "@pulumi/pulumi";
import type { ConstructResult, InvokeResult, Provider } from "@pulumi/pulumi/provider";
import { Vpc } from "./vpc";
import { readVpcArgs, type VpcArgs } from "./vpc-args";

const DEFAULT_ZONES = 3;

/** The installed SDK's version: the engine asks for a provider of exactly that. */
const { version } = JSON.parse(fs.readFileSync(require.resolve("@pulumi/awsx/package.json"), "utf8")) as {
    version: string;
};

async function zonesOf(args: VpcArgs, options: pulumi.ComponentResourceOptions): Promise<readonly string[]> {
    if (args.availabilityZoneNames !== undefined) return args.availabilityZoneNames;
    const wanted = args.numberOfAvailabilityZones ?? DEFAULT_ZONES;
    const { aws: provider } = options.providers as Record<string, pulumi.ProviderResource>;
    const { names } = await getAvailabilityZones({}, { ...(provider && { provider }) });
    if (names.length < wanted) {
        throw new Error(
            `the region has ${names.length} availability zones, not ${wanted}: ${names.join(", ")}`,
        );
    }
    return names.slice(0, wanted);
}

/** Answers for the package `awsx` with the components that the project uses. */
export const awsxProvider: Provider = {
    version,
    schema: JSON.stringify({ name: "awsx", version }),

    async construct(name, type, inputs, options): Promise<ConstructResult> {
        if (type !== "awsx:ec2:Vpc") {
            throw new Error(
                `the sandbox does not do the component ${type}; of the package awsx it does awsx:ec2:Vpc`,
            );
        }
        const args = readVpcArgs(inputs);
        const vpc = new Vpc(name, args, await zonesOf(args, options), options);
        return { urn: vpc.urn, state: vpc.outputs };
    },

    async invoke(token): Promise<InvokeResult> {
        throw new Error(
            `the sandbox does not do the function ${token}; of the package awsx it does awsx:ec2:Vpc`,
        );
    },
};
