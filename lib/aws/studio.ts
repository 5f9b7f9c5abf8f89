import type { AppNetworkAccessType, SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Clock, Deadline } from "../clock";
import { PermissionMissingError, Service } from "./service";

/** A domain of SageMaker Studio, as far as it matters to the network. */
export interface StudioDomain {
    domainId: string;
    /** "VpcOnly" or "PublicInternetOnly". */
    accessType: string;
    vpcId?: string;
    subnetIds: string[];
    /** Absent when they were not read, or may not be. */
    tags?: Record<string, string>;
}

/** The part of the SDK's client that the checks use. */
export type StudioClient = Pick<SageMakerClient, "send">;

/** SageMaker, of which the checks know the domains of Studio alone. Loaded when it is first needed: most runs need none of it. */
export class Studio extends Service<StudioClient> {
    constructor(client: StudioClient | (() => Promise<StudioClient>), clock: Clock, deadline: Deadline) {
        super("sagemaker", client, clock, deadline);
    }
}

/** SageMaker reports a change of a domain as done within a minute; it is looked at that often. */
const POLL_MILLISECONDS = 5_000;

/**
 * Reads a domain. The tags are only asked for when something is to be repaired: whose it is does not matter before.
 *
 * @throws {PermissionMissingError} when the credentials may not read the domain. Tags that may not be read are absent.
 */
export async function readDomain(studio: Studio, domainId: string): Promise<StudioDomain> {
    const { DescribeDomainCommand } = await import("@aws-sdk/client-sagemaker");
    const found = await studio.call("DescribeDomain", (client, options) =>
        client.send(new DescribeDomainCommand({ DomainId: domainId }), options),
    );
    const accessType = found.AppNetworkAccessType ?? "PublicInternetOnly";
    const tags = accessType === "VpcOnly" ? undefined : await readTags(studio, found.DomainArn);
    return {
        domainId,
        accessType,
        subnetIds: found.SubnetIds ?? [],
        ...(found.VpcId === undefined ? {} : { vpcId: found.VpcId }),
        ...(tags === undefined ? {} : { tags }),
    };
}

async function readTags(studio: Studio, arn: string | undefined): Promise<StudioDomain["tags"]> {
    const { ListTagsCommand } = await import("@aws-sdk/client-sagemaker");
    const tags: Record<string, string> = {};
    let NextToken: string | undefined;
    try {
        do {
            const page = await studio.call("ListTags", (client, options) =>
                client.send(new ListTagsCommand({ ResourceArn: arn, NextToken }), options),
            );
            for (const { Key = "", Value = "" } of page.Tags ?? []) tags[Key] = Value;
            NextToken = page.NextToken;
        } while (NextToken !== undefined);
        return tags;
    } catch (error) {
        if (error instanceof PermissionMissingError) return undefined;
        throw error;
    }
}

/** What is changed of a domain: how its applications reach the network. */
export interface AccessChange {
    domainId: string;
    accessType: string;
    /** SageMaker asks for both with `VpcOnly`, though neither is changed. */
    vpcId: string;
    subnetIds: readonly string[];
}

/**
 * Changes a domain and waits until it is changed.
 *
 * @throws with SageMaker's reason when it refuses, as it does while an application runs, or fails.
 */
export async function updateDomain(studio: Studio, change: AccessChange): Promise<void> {
    const { DescribeDomainCommand, UpdateDomainCommand } = await import("@aws-sdk/client-sagemaker");
    const { domainId: DomainId, accessType, vpcId: VpcId, subnetIds } = change;
    const place = accessType === "VpcOnly" ? { VpcId, SubnetIds: [...subnetIds] } : {};
    const command = new UpdateDomainCommand({
        DomainId,
        AppNetworkAccessType: accessType as AppNetworkAccessType,
        ...place,
    });
    await studio.call("UpdateDomain", (client, options) => client.send(command, options));
    for (;;) {
        const { Status, FailureReason } = await studio.call("DescribeDomain", (client, options) =>
            client.send(new DescribeDomainCommand({ DomainId }), options),
        );
        if (Status !== "Updating") {
            if (Status === undefined || Status === "InService") return;
            throw new Error(`${DomainId} is ${Status}: ${FailureReason ?? "SageMaker gives no reason"}`);
        }
        await studio.wait(POLL_MILLISECONDS);
    }
}
