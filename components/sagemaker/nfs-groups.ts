import {
    CreateTagsCommand,
    DeleteSecurityGroupCommand,
    type EC2Client,
    paginateDescribeNetworkInterfaces,
    paginateDescribeSecurityGroups,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { DescribeDomainCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Deadline } from "../../lib/clock";
import { poll } from "../../lib/poll";
import { unlessGone } from "./gone";

/** The tag that SageMaker puts on what it makes in an account; the value is the domain's ARN. */
const MANAGED_BY = "ManagedByAmazonSageMakerResource";
/** Our tag: the domain is destroyed together with its home directories, so its groups have to be removed. */
const TO_BE_REMOVED = "pulsar-lab:teardown";

const GROUP_NAME = /^security-group-for-(?:inbound|outbound)-nfs-(d-[a-z0-9-]+)$/;

const POLL = { firstMilliseconds: 5_000, longestMilliseconds: 5_000 };

/** How to remove what domains left behind. */
export interface RemoveNfsGroups {
    vpcId: string;
    deadline: Deadline;
    log(text: string): void;
}

/** Tags a domain's groups as to be removed after it. */
export async function markNfsGroups(ec2: EC2Client, vpcId: string, domainId: string): Promise<void> {
    const groups = (await nfsGroups(ec2, vpcId)).get(domainId) ?? [];
    if (groups.length === 0) return;
    await ec2.send(
        new CreateTagsCommand({
            Resources: groups.map(idOf),
            Tags: [{ Key: TO_BE_REMOVED, Value: domainId }],
        }),
    );
}

/**
 * Removes the NFS security groups of domains that do not exist any more. SageMaker leaves them, and they block the deletion of the
 * VPC. Groups with our tag are removed once the last interface of the file system is gone. Others, which a failed creation
 * may have left, are removed only if no interface uses them: the home directories of another domain may be kept.
 *
 * @throws when a group with our tag is still in use when the time is over; names the interfaces.
 */
export async function removeNfsGroups(
    ec2: EC2Client,
    sagemaker: SageMakerClient,
    options: RemoveNfsGroups,
): Promise<void> {
    for (const [domainId, groups] of await nfsGroups(ec2, options.vpcId)) {
        if (await exists(sagemaker, domainId)) continue;
        if (groups.some((group) => tagOf(group, TO_BE_REMOVED) === domainId))
            await waitUntilUnused(ec2, domainId, groups, options);
        const users = await interfacesOf(ec2, groups);
        if (users.length > 0) {
            options.log(
                `The NFS security groups of domain ${domainId} stay: ${users.join(", ")} use them, as its home directories are kept`,
            );
            continue;
        }
        // Each has a rule that names the other: neither can be deleted before the rules are.
        for (const group of groups) await revokeAll(ec2, group);
        for (const group of groups) {
            options.log(`Deleting security group ${group.GroupName} (${group.GroupId})`);
            await unlessGone(ec2.send(new DeleteSecurityGroupCommand({ GroupId: group.GroupId })));
        }
    }
}

/** The groups that SageMaker made in the VPC, by domain. They have its names and its tag; others are not SageMaker's. */
async function nfsGroups(ec2: EC2Client, vpcId: string): Promise<Map<string, SecurityGroup[]>> {
    const Filters = [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "tag-key", Values: [MANAGED_BY] },
    ];
    const byDomain = new Map<string, SecurityGroup[]>();
    for await (const { SecurityGroups } of paginateDescribeSecurityGroups({ client: ec2 }, { Filters }))
        for (const group of SecurityGroups ?? []) {
            const domainId = GROUP_NAME.exec(group.GroupName ?? "")?.[1];
            if (domainId === undefined || !tagOf(group, MANAGED_BY)?.endsWith(`:domain/${domainId}`))
                continue;
            byDomain.set(domainId, [...(byDomain.get(domainId) ?? []), group]);
        }
    return byDomain;
}

async function exists(sagemaker: SageMakerClient, DomainId: string): Promise<boolean> {
    return (await unlessGone(sagemaker.send(new DescribeDomainCommand({ DomainId })))) !== undefined;
}

/** @throws when interfaces use the groups when the time is over; names them. */
async function waitUntilUnused(
    ec2: EC2Client,
    domainId: string,
    groups: SecurityGroup[],
    { deadline }: RemoveNfsGroups,
): Promise<void> {
    let users: string[] = [];
    const done = await poll(deadline, POLL, async () => {
        users = await interfacesOf(ec2, groups);
        return users.length === 0 ? true : undefined;
    });
    if (done !== undefined) return;
    throw new Error(
        `the NFS security groups of the deleted domain ${domainId} are still in use after ${deadline.seconds} seconds, by ${users.join(", ")}. ` +
            `See whether its file system has been deleted, then destroy again.`,
    );
}

async function interfacesOf(ec2: EC2Client, groups: SecurityGroup[]): Promise<string[]> {
    const Filters = [{ Name: "group-id", Values: groups.map(idOf) }];
    const users: string[] = [];
    for await (const { NetworkInterfaces } of paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters }))
        for (const { NetworkInterfaceId, Description = "" } of NetworkInterfaces ?? [])
            users.push(`${NetworkInterfaceId} (${Description})`);
    return users;
}

async function revokeAll(ec2: EC2Client, group: SecurityGroup): Promise<void> {
    const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } = group;
    if (IpPermissions.length > 0)
        await unlessGone(ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })));
    if (IpPermissionsEgress.length > 0)
        await unlessGone(
            ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress })),
        );
}

const idOf = ({ GroupId = "" }: SecurityGroup): string => GroupId;

const tagOf = ({ Tags = [] }: SecurityGroup, key: string): string | undefined =>
    Tags.find(({ Key }) => Key === key)?.Value;
