import type { ModifyInstanceAttributeRequest, VolumeType } from "@aws-sdk/client-ec2";

import { tagList, toApi } from "../api";
import type { AwsContext } from "../context";
import { modifyVolume } from "../ebs";
import { tagChange } from "../../server/tags";
import { INSTANCE_NAMES } from "./instance-read";
import { defaultTags, untilInstanceIs, type Inputs, type State } from "./instance-support";

/** What is to become of an instance. */
export interface InstanceChange {
    news: Inputs;
    olds: State;
    changed: ReadonlySet<string>;
}

/** Changes an instance in place; what a running one does not take waits for it to be stopped. */
export async function updateInstance(id: string, change: InstanceChange, context: AwsContext): Promise<void> {
    const { news, changed } = change;
    const { ec2 } = context.aws;
    const modify = (what: Omit<ModifyInstanceAttributeRequest, "InstanceId">) =>
        ec2.modifyInstanceAttribute({ InstanceId: id, ...what });
    const attribute = async (input: keyof Inputs, name = input.charAt(0).toUpperCase() + input.slice(1)) => {
        if (changed.has(input)) await modify({ [name]: { Value: news[input] } });
    };

    if (changed.has("iamInstanceProfile")) await putProfile(id, news.iamInstanceProfile as string, context);
    await attribute("sourceDestCheck");
    if (changed.has("vpcSecurityGroupIds")) await modify({ Groups: news.vpcSecurityGroupIds });
    await attribute("disableApiTermination");
    // Allowed before a stop, forbidden after it.
    if (!news.disableApiStop) await attribute("disableApiStop");
    await attribute("instanceInitiatedShutdownBehavior");
    await whileStopped(id, change, context);
    if (news.disableApiStop) await attribute("disableApiStop");
    if (changed.has("monitoring")) {
        const InstanceIds = [id];
        await (news.monitoring
            ? ec2.monitorInstances({ InstanceIds })
            : ec2.unmonitorInstances({ InstanceIds }));
    }
    await putOptions(id, change, context);
    await updateRootVolume(id, change, context);
}

/** Type and user data: EC2 takes them from a stopped instance alone. */
async function whileStopped(
    InstanceId: string,
    { news, olds, changed }: InstanceChange,
    context: AwsContext,
): Promise<void> {
    const { ec2 } = context.aws;
    const hasData = changed.has("userData") || changed.has("userDataBase64");
    if (!changed.has("instanceType") && !hasData) return;
    const wasRunning = olds.instanceState !== "stopped";
    if (wasRunning) {
        await ec2.stopInstances({ InstanceIds: [InstanceId] });
        await untilInstanceIs(["stopped"], InstanceId, context);
    }
    if (changed.has("instanceType"))
        await ec2.modifyInstanceAttribute({ InstanceId, InstanceType: { Value: news.instanceType } });
    if (hasData) {
        const Value = news.userDataBase64
            ? Buffer.from(news.userDataBase64, "base64")
            : Buffer.from(news.userData ?? "");
        await ec2.modifyInstanceAttribute({ InstanceId, UserData: { Value } });
    }
    if (wasRunning) {
        await ec2.startInstances({ InstanceIds: [InstanceId] });
        await untilInstanceIs(["running"], InstanceId, context);
    }
}

async function putOptions(
    InstanceId: string,
    { news, changed }: InstanceChange,
    { aws }: AwsContext,
): Promise<void> {
    const { metadataOptions: metadata, maintenanceOptions, privateDnsNameOptions } = news;
    if (changed.has("metadataOptions") && metadata) {
        const { httpEndpoint } = metadata;
        // The rest is of an endpoint that is on.
        const options = httpEndpoint === "disabled" ? { httpEndpoint } : metadata;
        await aws.ec2.modifyInstanceMetadataOptions({ InstanceId, ...toApi(options) });
    }
    if (changed.has("maintenanceOptions") && maintenanceOptions)
        await aws.ec2.modifyInstanceMaintenanceOptions({ InstanceId, ...toApi(maintenanceOptions) });
    if (changed.has("privateDnsNameOptions") && privateDnsNameOptions) {
        const options = { ...privateDnsNameOptions, hostnameType: undefined };
        await aws.ec2.modifyPrivateDnsNameOptions({ InstanceId, ...toApi(options, INSTANCE_NAMES) });
    }
}

async function updateRootVolume(
    InstanceId: string,
    { news, olds, changed }: InstanceChange,
    context: AwsContext,
): Promise<void> {
    const { ec2 } = context.aws;
    const { rootBlockDevice: wanted = {} } = news;
    const { rootBlockDevice: present = {} } = olds;
    const { volumeId, deviceName, tagsAll = {} } = present;
    if (!volumeId) return;
    const changing = <Name extends keyof typeof wanted>(name: Name) =>
        wanted[name] === present[name] ? undefined : wanted[name];
    const change = {
        Iops: changing("iops"),
        Size: changing("volumeSize"),
        Throughput: changing("throughput"),
        VolumeType: changing("volumeType") as VolumeType,
    };
    if (Object.values(change).some((value) => value !== undefined))
        await modifyVolume(volumeId, change, context);
    const DeleteOnTermination = changing("deleteOnTermination");
    if (DeleteOnTermination !== undefined) {
        const BlockDeviceMappings = [{ DeviceName: deviceName, Ebs: { DeleteOnTermination } }];
        await ec2.modifyInstanceAttribute({ InstanceId, BlockDeviceMappings });
    }
    if (changed.has("rootBlockDevice") || changed.has("volumeTags")) {
        const tags = { ...defaultTags(news, context), ...(news.volumeTags ?? wanted.tags) };
        const { put, remove } = tagChange(tagsAll, tags);
        const Resources = [volumeId];
        if (remove.length > 0) await ec2.deleteTags({ Resources, Tags: remove.map((Key) => ({ Key })) });
        if (Object.keys(put).length > 0) await ec2.createTags({ Resources, Tags: tagList(put) });
    }
}

/** Gives the instance this profile in place of the one that it has; none takes it away. */
async function putProfile(InstanceId: string, Name: string | undefined, { aws }: AwsContext): Promise<void> {
    const { IamInstanceProfileAssociations = [] } = await aws.ec2.describeIamInstanceProfileAssociations({
        Filters: [{ Name: "instance-id", Values: [InstanceId] }],
    });
    const AssociationId = IamInstanceProfileAssociations[0]?.AssociationId;
    const IamInstanceProfile = { Name };
    if (!Name) {
        if (AssociationId) await aws.ec2.disassociateIamInstanceProfile({ AssociationId });
    } else if (AssociationId) {
        await aws.ec2.replaceIamInstanceProfileAssociation({ AssociationId, IamInstanceProfile });
    } else {
        await aws.ec2.associateIamInstanceProfile({ InstanceId, IamInstanceProfile });
    }
}
