import {
    CreateTagsCommand,
    DeleteSecurityGroupCommand,
    DescribeNetworkInterfacesCommand,
    DescribeSecurityGroupsCommand,
    type EC2Client,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroup,
} from "@aws-sdk/client-ec2";
import { DescribeDomainCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Clock, Deadline } from "../../lib/clock";
import { isGone } from "../../lib/aws/errors";

type Ec2 = Pick<EC2Client, "send">;
type SageMaker = Pick<SageMakerClient, "send">;

/** SageMaker's mark on what it makes in an account; the value is the domain's ARN. */
const MANAGED_BY = "ManagedByAmazonSageMakerResource";
/** Our mark: the domain is being destroyed with its home directories, so its groups are to go. */
const CONDEMNED = "pulsar-lab:teardown";

const GROUP_NAME = /^security-group-for-(?:inbound|outbound)-nfs-(d-[a-z0-9-]+)$/;

const POLL_MILLISECONDS = 5_000;

/** How to remove what domains left behind. */
export interface RemoveNfsGroups {
    vpcId: string;
    clock: Clock;
    deadline: Deadline;
    log(text: string): void;
}

/** Marks a domain's groups as to be removed after it. */
export async function markNfsGroups(ec2: Ec2, vpcId: string, domainId: string): Promise<void> {
    const groups = (await nfsGroups(ec2, vpcId)).get(domainId) ?? [];
    if (groups.length === 0) return;
    await ec2.send(
        new CreateTagsCommand({ Resources: groups.map(idOf), Tags: [{ Key: CONDEMNED, Value: domainId }] }),
    );
}

/**
 * Removes the NFS security groups of domains that do not exist any more; SageMaker leaves them, and they keep the VPC from being
 * deleted. Those that were marked wait until the last interface of the file system is gone; of others, which a creation that failed
 * halfway may have left, only those go that nobody uses: the home directories of another domain may be kept.
 *
 * @throws when a marked group is still in use when the time is up; names the interfaces.
 */
export async function removeNfsGroups(
    ec2: Ec2,
    sagemaker: SageMaker,
    options: RemoveNfsGroups,
): Promise<void> {
    for (const [domainId, groups] of await nfsGroups(ec2, options.vpcId)) {
        if (await exists(sagemaker, domainId)) continue;
        const isMarked = groups.some((group) => tagOf(group, CONDEMNED) === domainId);
        const users = isMarked
            ? await waitUntilUnused(ec2, domainId, groups, options)
            : await interfacesOf(ec2, groups);
        if (users.length > 0) {
            options.log(
                `The NFS security groups of domain ${domainId} stay: ${users.join(", ")} use them, as its home directories are kept`,
            );
            continue;
        }
        // Each names the other, so that neither can go before the rules have gone.
        for (const group of groups) await revokeAll(ec2, group);
        for (const group of groups) {
            options.log(`Deleting security group ${group.GroupName} (${group.GroupId})`);
            await unlessGone(ec2.send(new DeleteSecurityGroupCommand({ GroupId: group.GroupId })));
        }
    }
}

/** The groups that SageMaker made in the VPC, by domain: with its names and with its mark, or they are somebody else's. */
async function nfsGroups(ec2: Ec2, vpcId: string): Promise<Map<string, SecurityGroup[]>> {
    const Filters = [
        { Name: "vpc-id", Values: [vpcId] },
        { Name: "tag-key", Values: [MANAGED_BY] },
    ];
    const byDomain = new Map<string, SecurityGroup[]>();
    let NextToken: string | undefined;
    do {
        const page = await ec2.send(new DescribeSecurityGroupsCommand({ Filters, NextToken }));
        for (const group of page.SecurityGroups ?? []) {
            const domainId = GROUP_NAME.exec(group.GroupName ?? "")?.[1];
            if (domainId === undefined || !tagOf(group, MANAGED_BY)?.endsWith(`:domain/${domainId}`))
                continue;
            byDomain.set(domainId, [...(byDomain.get(domainId) ?? []), group]);
        }
        NextToken = page.NextToken;
    } while (NextToken);
    return byDomain;
}

async function exists(sagemaker: SageMaker, DomainId: string): Promise<boolean> {
    try {
        await sagemaker.send(new DescribeDomainCommand({ DomainId }));
        return true;
    } catch (error) {
        if (isGone(error)) return false;
        throw error;
    }
}

async function waitUntilUnused(
    ec2: Ec2,
    domainId: string,
    groups: SecurityGroup[],
    { clock, deadline }: RemoveNfsGroups,
): Promise<string[]> {
    for (;;) {
        const users = await interfacesOf(ec2, groups);
        if (users.length === 0) return [];
        if (deadline.remainingMilliseconds() === 0)
            throw new Error(
                `the NFS security groups of the deleted domain ${domainId} are still in use after ${deadline.seconds} seconds, by ${users.join(", ")}. ` +
                    `See whether its file system has been deleted, then destroy again.`,
            );
        await clock.sleep(Math.min(POLL_MILLISECONDS, deadline.remainingMilliseconds()));
    }
}

async function interfacesOf(ec2: Ec2, groups: SecurityGroup[]): Promise<string[]> {
    const Filters = [{ Name: "group-id", Values: groups.map(idOf) }];
    const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    return (NetworkInterfaces ?? []).map(
        ({ NetworkInterfaceId, Description }) => `${NetworkInterfaceId} (${Description ?? ""})`,
    );
}

async function revokeAll(ec2: Ec2, group: SecurityGroup): Promise<void> {
    const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } = group;
    if (IpPermissions.length > 0)
        await unlessGone(ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions })));
    if (IpPermissionsEgress.length > 0)
        await unlessGone(
            ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress })),
        );
}

async function unlessGone(call: Promise<unknown>): Promise<void> {
    try {
        await call;
    } catch (error) {
        if (!isGone(error)) throw error;
    }
}

const idOf = ({ GroupId = "" }: SecurityGroup): string => GroupId;

const tagOf = ({ Tags = [] }: SecurityGroup, key: string): string | undefined =>
    Tags.find(({ Key }) => Key === key)?.Value;
