import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { NetworkIntent } from "../checks/intent";
import { endpointServiceName } from "../lib/aws/names";
import { adoptedNetworkSchema } from "./network/schema";
import { validated } from "./schema/problems";
import { identityTags, type Tags } from "./tags";
import { describeProblem, missingProblem, type Problem } from "./validation";

/** Arguments of an {@link AdoptedNetwork}: the plain ones of its schema, and its tags. */
export interface AdoptedNetworkArgs extends z.input<typeof adoptedNetworkSchema> {
    /**
     * Tags by which the checks tell what belongs to this program. The network itself belongs to others, and is never repaired.
     * @default none
     */
    tags?: Tags;
}

/** The properties of a VPC and its subnets that are judged. */
export interface FoundNetwork {
    readonly enableDnsSupport: boolean;
    readonly enableDnsHostnames: boolean;
    readonly subnets: readonly {
        readonly id: string;
        readonly vpcId: string;
        readonly availabilityZone: string;
    }[];
}

/**
 * A VPC that exists already and belongs to others: it is read, compared with what a lab needs, and never changed. The lab puts
 * security groups, rules and, where they are asked for, interface endpoints into it. These are deleted with the stack.
 *
 * Its routes are not judged: they are its owner's decision. It needs the gateway endpoint of S3, or a way through NAT.
 *
 * **Cost**: none of its own.
 */
export class AdoptedNetwork extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    /** In the order of the zones. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** In the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    /** AWS's list of the addresses of S3: the same for every VPC of the region. */
    readonly prefixListIds: { readonly s3: pulumi.Output<string> };
    /** What the checks expect of the network: only that it exists. */
    readonly intent: pulumi.Output<NetworkIntent>;

    /**
     * @param name The logical name.
     * @param args Which VPC and subnets.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; and through every output when the network does not fit.
     */
    constructor(name: string, args: AdoptedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:AdoptedNetwork", name, {}, opts);
        validated(this, name, adoptedNetworkSchema, args);

        const fits = this.judge(args);
        const prefixList = aws.ec2.getManagedPrefixListOutput(
            { name: endpointServiceName(args.region, "s3") },
            { parent: this },
        );
        this.vpcId = fits.apply(() => args.vpcId);
        this.privateSubnetIds = fits.apply(() => [...args.privateSubnetIds]);
        this.isolatedSubnetIds = fits.apply(() => [...args.isolatedSubnetIds]);
        this.prefixListIds = { s3: prefixList.id };
        this.intent = othersNetworkIntent(args.region, this.vpcId, args.tags);
        this.registerOutputs({ vpcId: this.vpcId });
    }

    /** Reads the VPC and its subnets. Resolves when they fit, and fails with all that does not. */
    private judge(args: AdoptedNetworkArgs): pulumi.Output<void> {
        const child = { parent: this };
        const failures = new Map<string, string>();
        const lookUp = <T>(id: string, answer: Promise<T>): Promise<T | undefined> =>
            answer.catch((error: unknown) => {
                failures.set(id, error instanceof Error ? error.message : String(error));
                return undefined;
            });
        const vpc = lookUp(args.vpcId, aws.ec2.getVpc({ id: args.vpcId }, child));
        const subnetIds = [...new Set([...args.privateSubnetIds, ...args.isolatedSubnetIds])];
        const subnets = subnetIds.map((id) => lookUp(id, aws.ec2.getSubnet({ id }, child)));
        return pulumi.all([vpc, pulumi.all(subnets)]).apply(([found, foundSubnets]) => {
            const present = foundSubnets.flatMap((subnet) => subnet ?? []);
            // What is missing cannot be judged: the error says only that it is missing.
            const problems =
                found === undefined || failures.size > 0
                    ? missingProblems(args, failures)
                    : networkFitProblems(args, { ...found, subnets: present });
            if (problems.length === 0) return;
            const lines = problems.map((problem) => `  - ${describeProblem(problem)}`);
            const message = [`VPC ${args.vpcId} cannot be adopted:`, ...lines].join("\n");
            throw new pulumi.ResourceError(message, this, true);
        });
    }
}

/** What the checks expect of a network that belongs to others: that it exists. Its routes are its owner's decision. */
export function othersNetworkIntent(
    region: string,
    vpcId: pulumi.Output<string>,
    tags: Tags | undefined,
): pulumi.Output<NetworkIntent> {
    return pulumi.output({
        region,
        vpcId,
        subnets: [],
        natGateways: [],
        gatewayEndpoints: [],
        interfaceEndpoints: [],
        flows: [],
        ownerTags: identityTags(tags),
    });
}

/**
 * The parts of a network that were not found; pure.
 *
 * @param failures why, by id, as AWS says it.
 */
export function missingProblems(
    args: Pick<AdoptedNetworkArgs, "vpcId" | "privateSubnetIds" | "isolatedSubnetIds">,
    failures: ReadonlyMap<string, string>,
): Problem[] {
    const problem = (key: string, value: string, what: string): Problem[] => {
        const why = failures.get(value);
        return why === undefined ? [] : [missingProblem(key, value, `the id of a ${what}`, why)];
    };
    return [
        ...problem("vpcId", args.vpcId, "VPC"),
        ...(["privateSubnetIds", "isolatedSubnetIds"] as const).flatMap((key) =>
            args[key].flatMap((id, index) => problem(`${key}[${index}]`, id, "subnet")),
        ),
    ];
}

/** Why a network does not fit; pure. */
export function networkFitProblems(
    args: Pick<AdoptedNetworkArgs, "vpcId" | "availabilityZones" | "privateSubnetIds" | "isolatedSubnetIds">,
    found: FoundNetwork,
): Problem[] {
    const problems: Problem[] = [];
    if (!found.enableDnsSupport)
        problems.push({
            key: "enableDnsSupport",
            value: false,
            allowed: "true: the lab is reached by names",
        });
    if (!found.enableDnsHostnames)
        problems.push({
            key: "enableDnsHostnames",
            value: false,
            allowed: "true: private DNS of the VPC endpoints needs it",
        });
    for (const key of ["privateSubnetIds", "isolatedSubnetIds"] as const) {
        args[key].forEach((id, index) => {
            const subnet = found.subnets.find((one) => one.id === id);
            const zone = args.availabilityZones[index];
            if (subnet?.vpcId !== args.vpcId)
                problems.push({
                    key: `${key}[${index}]`,
                    value: id,
                    allowed: `a subnet of ${args.vpcId}; this one is in ${subnet?.vpcId ?? "none"}`,
                });
            else if (subnet.availabilityZone !== zone)
                problems.push({
                    key: `${key}[${index}]`,
                    value: id,
                    allowed: `a subnet in ${zone}; this one is in ${subnet.availabilityZone}`,
                });
        });
    }
    return problems;
}
