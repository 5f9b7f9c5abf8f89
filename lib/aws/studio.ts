import type { AppNetworkAccessType, SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Deadline } from "../clock";
import { poll } from "../poll";
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

/** SageMaker, of which the checks use only the domains of Studio. Loaded when it is first needed: most runs do not need it. */
export class Studio extends Service<SageMakerClient> {
    constructor(client: SageMakerClient | (() => Promise<SageMakerClient>), deadline: Deadline) {
        super("sagemaker", client, deadline);
    }
}

/** SageMaker reports a change of a domain as done within a minute. */
const POLL = { firstMilliseconds: 5_000, longestMilliseconds: 5_000 };

/**
 * Reads a domain. Its tags are only read when something is to be repaired: who owns it does not matter before.
 *
 * @throws {PermissionMissingError} when the credentials may not read the domain. Tags that may not be read are absent.
 */
export async function readDomain(studio: Studio, domainId: string): Promise<StudioDomain> {
    const { DescribeDomainCommand } = await import("@aws-sdk/client-sagemaker");
    const found = await studio.send(new DescribeDomainCommand({ DomainId: domainId }));
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

async function readTags(studio: Studio, ResourceArn: string | undefined): Promise<StudioDomain["tags"]> {
    const { paginateListTags } = await import("@aws-sdk/client-sagemaker");
    try {
        const tags = await studio.list(
            "ListTags",
            (client, options) => paginateListTags({ client }, { ResourceArn }, options),
            (page) => page.Tags,
        );
        return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
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
 * @throws with SageMaker's reason when the change fails or is refused, as it is while an application runs.
 * @throws {DeadlineExceededError} when it is not done in time.
 */
export async function updateDomain(studio: Studio, change: AccessChange): Promise<void> {
    const { DescribeDomainCommand, UpdateDomainCommand } = await import("@aws-sdk/client-sagemaker");
    const { domainId: DomainId, accessType, vpcId: VpcId, subnetIds } = change;
    const place = accessType === "VpcOnly" ? { VpcId, SubnetIds: [...subnetIds] } : {};
    await studio.send(
        new UpdateDomainCommand({
            DomainId,
            AppNetworkAccessType: accessType as AppNetworkAccessType,
            ...place,
        }),
    );
    const done = await poll(studio.deadline, POLL, async () => {
        const { Status, FailureReason } = await studio.send(new DescribeDomainCommand({ DomainId }));
        if (Status === "Updating") return undefined;
        if (Status === undefined || Status === "InService") return true;
        throw new Error(`${DomainId} is ${Status}: ${FailureReason ?? "SageMaker gives no reason"}`);
    });
    if (done === undefined) throw studio.deadline.exceeded(`the change of ${DomainId}`);
}
