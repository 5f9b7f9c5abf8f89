import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { InstanceTypeFacts } from "./instance-types";

/** The image's tag with the version of Pulsar that it holds; by the AMI contract. */
export const VERSION_TAG = "PulsarVersion";
/** The image's tag that says that its validation passed: "true". */
export const VALIDATED_TAG = "Validated";

/** Which image. */
export interface AmiQuery {
    /** The image itself; without it, the newest validated one of the version. */
    readonly amiId?: pulumi.Input<string> | undefined;
    /** Accounts whose images are considered. */
    readonly owners: readonly string[];
    readonly pulsarVersion: string;
    /** What the instances run on; undefined when that is not known. */
    readonly architecture: InstanceTypeFacts["architecture"] | undefined;
}

/** What is known of an image. */
export interface Ami {
    readonly id: string;
    readonly architecture: string;
    readonly tags: Readonly<Record<string, string>>;
}

/** An id is enough to pin an image; by tags the newest one wins, which is what a lab wants that is made anew. */
export function amiFilters(
    query: Pick<AmiQuery, "pulsarVersion" | "architecture">,
): { name: string; values: string[] }[] {
    const architecture = query.architecture === undefined ? [] : [query.architecture];
    return [
        { name: "state", values: ["available"] },
        { name: `tag:${VERSION_TAG}`, values: [query.pulsarVersion] },
        { name: `tag:${VALIDATED_TAG}`, values: ["true"] },
        ...architecture.map((value) => ({ name: "architecture", values: [value] })),
    ];
}

/**
 * Why an image cannot be used; undefined when it can. An image that is chosen by id is held to the same version: starting
 * another version on a cluster's data is an upgrade, and has to be asked for as one.
 */
export function amiRefusal(
    ami: Ami,
    query: Pick<AmiQuery, "pulsarVersion" | "architecture">,
): string | undefined {
    const version = ami.tags[VERSION_TAG];
    if (version === undefined)
        return (
            `the image ${ami.id} has no tag ${VERSION_TAG}, so it is not an image of this lab: ` +
            `name one that was built by images/, or tag it if it holds to docs/ami-contract.md`
        );
    if (version !== query.pulsarVersion)
        return (
            `the image ${ami.id} holds Pulsar ${version} (its tag ${VERSION_TAG}), but pulsarVersion is ${query.pulsarVersion}: ` +
            `set pulsarVersion to ${version}, or name an image of ${query.pulsarVersion}`
        );
    if (query.architecture !== undefined && ami.architecture !== query.architecture)
        return (
            `the image ${ami.id} is built for ${ami.architecture}, but the instance types are ${query.architecture}: ` +
            `name an image for ${query.architecture}, or other instance types`
        );
    return undefined;
}

/**
 * Pulumi reports an error once, however many resources wait for what failed; but each of them writes its own words before the
 * message. This one keeps its message.
 */
class RefusedAmiError extends pulumi.ResourceError {
    constructor(refusal: string, component: pulumi.ComponentResource) {
        super(refusal, component, true);
        Object.defineProperty(this, "message", { get: () => refusal, set: () => undefined });
    }
}

/**
 * The image's id, once it is known to be the right one.
 *
 * @returns an output that fails when there is no such image, or when it is refused; in a preview already.
 */
export function findAmi(query: AmiQuery, parent: pulumi.ComponentResource): pulumi.Output<string> {
    const byId = query.amiId !== undefined;
    const found = aws.ec2.getAmiOutput(
        {
            owners: [...query.owners],
            mostRecent: true,
            filters: byId ? [{ name: "image-id", values: [query.amiId] }] : amiFilters(query),
        },
        { parent },
    );
    return pulumi.all([found.id, found.architecture, found.tags]).apply(([id, architecture, tags]) => {
        const refusal = amiRefusal({ id, architecture, tags }, query);
        if (refusal !== undefined) throw new RefusedAmiError(refusal, parent);
        if (tags[VALIDATED_TAG] !== "true")
            void pulumi.log.warn(
                `the image ${id} has no tag ${VALIDATED_TAG}=true: it was named by id, and nothing says that it was tested`,
                parent,
            );
        return id;
    });
}
