import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NetworkIntent } from "../checks/intent";
import { endpointServiceName } from "./endpoint-services";
import { identityTags, type Tags } from "./tags";
import { assertNoProblems, describeProblem, missingProblem, type Problem } from "./validation";

/** Arguments of an {@link AdoptedNetwork}. */
export interface AdoptedNetworkArgs {
    /** The region of the network. */
    region: string;
    /** The VPC that is there. */
    vpcId: string;
    /** The zones of the subnets, in their order. */
    availabilityZones: readonly string[];
    /** A subnet in each zone for what opens connections itself: instances and Studio. */
    privateSubnetIds: readonly string[];
    /** A subnet in each zone for data stores. They may be the private ones. */
    isolatedSubnetIds: readonly string[];
    /**
     * Tags by which the checks tell what is ours. The network itself is somebody else's, and is never repaired.
     * @default none
     */
    tags?: Tags;
}

/** What is looked at of a VPC and its subnets. */
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
 * A VPC that exists already and is somebody else's: read, held to what a lab needs of one, and never changed. Security groups,
 * rules and, where they are asked for, interface endpoints are put into it, and go with the stack.
 *
 * Its routes are not judged: what leads where is its owner's decision. It needs the gateway endpoint of S3, or a way through NAT.
 *
 * **Cost**: none of its own.
 */
export class AdoptedNetwork extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    /** In the order of the zones. */
    readonly privateSubnetIds: pulumi.Output<string[]>;
    /** In the order of the zones. */
    readonly isolatedSubnetIds: pulumi.Output<string[]>;
    /** AWS's own list of the addresses of S3: the same for every VPC of the region. */
    readonly prefixListIds: { readonly s3: pulumi.Output<string> };
    /** What the checks hold the network to: no more than that it is there. */
    readonly intent: pulumi.Output<NetworkIntent>;

    /**
     * @param name The logical name.
     * @param args Which VPC and subnets.
     * @param opts Component options.
     * @throws one error that lists every argument that cannot work; and through every output when the network does not fit.
     */
    constructor(name: string, args: AdoptedNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:network:AdoptedNetwork", name, {}, opts);
        assertNoProblems(this, name, adoptedNetworkProblems(args));

        const child = { parent: this };
        const subnetIds = [...new Set([...args.privateSubnetIds, ...args.isolatedSubnetIds])];
        const failures = new Map<string, string>();
        const lookUp = <T>(id: string, answer: Promise<T>): Promise<T | undefined> =>
            answer.catch((error: unknown) => {
                failures.set(id, error instanceof Error ? error.message : String(error));
                return undefined;
            });
        const vpc = lookUp(args.vpcId, aws.ec2.getVpc({ id: args.vpcId }, child));
        const subnets = subnetIds.map((id) => lookUp(id, aws.ec2.getSubnet({ id }, child)));
        const prefixList = aws.ec2.getManagedPrefixListOutput(
            { name: endpointServiceName(args.region, "s3") },
            child,
        );
        const fits = pulumi.all([vpc, pulumi.all(subnets)]).apply(([found, foundSubnets]) => {
            const present = foundSubnets.flatMap((subnet) => subnet ?? []);
            // Where something is missing, that is all there is to say.
            const problems =
                found === undefined || failures.size > 0
                    ? missingProblems(args, failures)
                    : networkFitProblems(args, { ...found, subnets: present });
            if (problems.length === 0) return true;
            throw new pulumi.ResourceError(
                [
                    `VPC ${args.vpcId} cannot be adopted:`,
                    ...problems.map((one) => `  - ${describeProblem(one)}`),
                ].join("\n"),
                this,
                true,
            );
        });
        this.vpcId = fits.apply(() => args.vpcId);
        this.privateSubnetIds = fits.apply(() => [...args.privateSubnetIds]);
        this.isolatedSubnetIds = fits.apply(() => [...args.isolatedSubnetIds]);
        this.prefixListIds = { s3: prefixList.id };
        this.intent = othersNetworkIntent(args.region, this.vpcId, args.tags);
        this.registerOutputs({ vpcId: this.vpcId });
    }
}

/** What the checks hold a network of somebody else to: that it is there. What leads where in it is its owner's. */
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

/** What is wrong with the ids of an adopted network; pure. */
export function adoptedNetworkProblems(
    args: Pick<AdoptedNetworkArgs, "vpcId" | "availabilityZones" | "privateSubnetIds" | "isolatedSubnetIds">,
): Problem[] {
    const problems: Problem[] = /^vpc-[0-9a-f]{8,17}$/.test(args.vpcId)
        ? []
        : [{ key: "vpcId", value: args.vpcId, allowed: "the id of a VPC, such as vpc-0123456789abcdef0" }];
    for (const key of ["privateSubnetIds", "isolatedSubnetIds"] as const) {
        const ids = args[key];
        if (ids.length !== args.availabilityZones.length)
            problems.push({
                key,
                value: ids,
                allowed: `a subnet for each of the ${args.availabilityZones.length} zones, in their order`,
            });
        ids.forEach((id, index) => {
            if (!/^subnet-[0-9a-f]{8,17}$/.test(id))
                problems.push({
                    key: `${key}[${index}]`,
                    value: id,
                    allowed: "the id of a subnet, such as subnet-0123456789abcdef0",
                });
        });
    }
    return problems;
}

/**
 * What of a network was not found; pure.
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
