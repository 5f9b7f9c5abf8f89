import {
    AssociateIamInstanceProfileCommand,
    DescribeIamInstanceProfileAssociationsCommand,
    DisassociateIamInstanceProfileCommand,
    ModifyInstanceAttributeCommand,
    ModifyInstanceMaintenanceOptionsCommand,
    ModifyInstanceMetadataOptionsCommand,
    ModifyPrivateDnsNameOptionsCommand,
    MonitorInstancesCommand,
    ReplaceIamInstanceProfileAssociationCommand,
    StartInstancesCommand,
    StopInstancesCommand,
    UnmonitorInstancesCommand,
    type ModifyInstanceAttributeCommandInput,
    type VolumeType,
} from "@aws-sdk/client-ec2";

import { tagChange } from "../../server/tags";
import type { AwsContext } from "../context";
import { modifyVolume } from "../ebs/support";
import { defaultTags, type InstanceInputs } from "./instance-inputs";
import { untilInstanceIs } from "./instance-support";
import { ec2, tagEc2 } from "./support";

/** Inputs and state of an instance that an update deals with. */
interface Changing extends InstanceInputs {
    disableApiStop?: boolean;
    disableApiTermination?: boolean;
    iamInstanceProfile?: string;
    instanceInitiatedShutdownBehavior?: string;
    instanceState?: string;
    instanceType?: string;
    maintenanceOptions?: { autoRecovery?: "default" | "disabled" };
    metadataOptions?: {
        httpEndpoint?: "disabled" | "enabled";
        httpProtocolIpv6?: "disabled" | "enabled";
        httpPutResponseHopLimit?: number;
        httpTokens?: "optional" | "required";
        instanceMetadataTags?: "disabled" | "enabled";
    };
    monitoring?: boolean;
    privateDnsNameOptions?: {
        enableResourceNameDnsARecord?: boolean;
        enableResourceNameDnsAaaaRecord?: boolean;
    };
    rootBlockDevice?: InstanceInputs["rootBlockDevice"] & {
        deviceName?: string;
        tagsAll?: Record<string, string>;
        volumeId?: string;
    };
    sourceDestCheck?: boolean;
    vpcSecurityGroupIds?: string[];
}

/** What is to become of an instance. */
export interface InstanceChange {
    news: Changing;
    olds: Changing;
    changed: ReadonlySet<string>;
}

/** Changes an instance in place; what a running one does not take waits for it to be stopped. */
export async function updateInstance(id: string, change: InstanceChange, context: AwsContext): Promise<void> {
    const { news, changed } = change;
    const modify = (what: Omit<ModifyInstanceAttributeCommandInput, "InstanceId">) =>
        ec2(context).send(new ModifyInstanceAttributeCommand({ InstanceId: id, ...what }));

    if (changed.has("iamInstanceProfile")) await putProfile(id, news.iamInstanceProfile, context);
    if (changed.has("sourceDestCheck")) await modify({ SourceDestCheck: { Value: news.sourceDestCheck } });
    if (changed.has("vpcSecurityGroupIds")) await modify({ Groups: news.vpcSecurityGroupIds });
    if (changed.has("disableApiTermination"))
        await modify({ DisableApiTermination: { Value: news.disableApiTermination } });
    // Allowed before a stop, forbidden after it.
    if (changed.has("disableApiStop") && !news.disableApiStop)
        await modify({ DisableApiStop: { Value: false } });
    if (changed.has("instanceInitiatedShutdownBehavior"))
        await modify({
            InstanceInitiatedShutdownBehavior: { Value: news.instanceInitiatedShutdownBehavior },
        });
    await whileStopped(id, change, context);
    if (changed.has("disableApiStop") && news.disableApiStop)
        await modify({ DisableApiStop: { Value: true } });
    if (changed.has("monitoring")) {
        const Monitoring = news.monitoring ? MonitorInstancesCommand : UnmonitorInstancesCommand;
        await ec2(context).send(new Monitoring({ InstanceIds: [id] }));
    }
    await putOptions(id, change, context);
    await updateRootVolume(id, change, context);
}

/** Type and user data: EC2 takes them from a stopped instance alone. */
async function whileStopped(
    id: string,
    { news, olds, changed }: InstanceChange,
    context: AwsContext,
): Promise<void> {
    const hasData = changed.has("userData") || changed.has("userDataBase64");
    if (!changed.has("instanceType") && !hasData) return;
    const wasRunning = olds.instanceState !== "stopped";
    if (wasRunning) {
        await ec2(context).send(new StopInstancesCommand({ InstanceIds: [id] }));
        await untilInstanceIs(["stopped"], id, context);
    }
    if (changed.has("instanceType")) {
        const input = { InstanceId: id, InstanceType: { Value: news.instanceType } };
        await ec2(context).send(new ModifyInstanceAttributeCommand(input));
    }
    if (hasData) {
        const Value = news.userDataBase64
            ? Buffer.from(news.userDataBase64, "base64")
            : Buffer.from(news.userData ?? "");
        const input = { InstanceId: id, UserData: { Value } };
        await ec2(context).send(new ModifyInstanceAttributeCommand(input));
    }
    if (wasRunning) {
        await ec2(context).send(new StartInstancesCommand({ InstanceIds: [id] }));
        await untilInstanceIs(["running"], id, context);
    }
}

async function putOptions(id: string, { news, changed }: InstanceChange, context: AwsContext): Promise<void> {
    const { metadataOptions, maintenanceOptions, privateDnsNameOptions: dns } = news;
    if (changed.has("metadataOptions") && metadataOptions) {
        const isOff = metadataOptions.httpEndpoint === "disabled";
        await ec2(context).send(
            new ModifyInstanceMetadataOptionsCommand({
                InstanceId: id,
                HttpEndpoint: metadataOptions.httpEndpoint,
                // The rest is of an endpoint that is on.
                ...(isOff
                    ? {}
                    : {
                          HttpProtocolIpv6: metadataOptions.httpProtocolIpv6,
                          HttpPutResponseHopLimit: metadataOptions.httpPutResponseHopLimit,
                          HttpTokens: metadataOptions.httpTokens,
                          InstanceMetadataTags: metadataOptions.instanceMetadataTags,
                      }),
            }),
        );
    }
    if (changed.has("maintenanceOptions") && maintenanceOptions) {
        const input = { InstanceId: id, AutoRecovery: maintenanceOptions.autoRecovery };
        await ec2(context).send(new ModifyInstanceMaintenanceOptionsCommand(input));
    }
    if (changed.has("privateDnsNameOptions") && dns) {
        await ec2(context).send(
            new ModifyPrivateDnsNameOptionsCommand({
                InstanceId: id,
                EnableResourceNameDnsARecord: dns.enableResourceNameDnsARecord,
                EnableResourceNameDnsAAAARecord: dns.enableResourceNameDnsAaaaRecord,
            }),
        );
    }
}

async function updateRootVolume(id: string, change: InstanceChange, context: AwsContext): Promise<void> {
    const { news, olds, changed } = change;
    const { rootBlockDevice: wanted = {} } = news;
    const { rootBlockDevice: present = {} } = olds;
    const { volumeId, deviceName } = present;
    if (!volumeId) return;
    const differs = (name: "iops" | "throughput" | "volumeSize" | "volumeType" | "deleteOnTermination") =>
        wanted[name] !== undefined && wanted[name] !== present[name];
    if (differs("iops") || differs("throughput") || differs("volumeSize") || differs("volumeType")) {
        await modifyVolume(
            volumeId,
            {
                Iops: differs("iops") ? wanted.iops : undefined,
                Size: differs("volumeSize") ? wanted.volumeSize : undefined,
                Throughput: differs("throughput") ? wanted.throughput : undefined,
                VolumeType: differs("volumeType") ? (wanted.volumeType as VolumeType) : undefined,
            },
            context,
        );
    }
    if (differs("deleteOnTermination")) {
        const Ebs = { DeleteOnTermination: wanted.deleteOnTermination };
        const BlockDeviceMappings = [{ DeviceName: deviceName, Ebs }];
        await ec2(context).send(new ModifyInstanceAttributeCommand({ InstanceId: id, BlockDeviceMappings }));
    }
    if (changed.has("rootBlockDevice") || changed.has("volumeTags")) {
        const tags = { ...defaultTags(news, context), ...(news.volumeTags ?? wanted.tags) };
        await tagEc2(volumeId, tagChange(present.tagsAll ?? {}, tags), context);
    }
}

/** Gives the instance this profile in place of the one that it has; undefined takes it away. */
async function putProfile(InstanceId: string, name: string | undefined, context: AwsContext): Promise<void> {
    const { IamInstanceProfileAssociations = [] } = await ec2(context).send(
        new DescribeIamInstanceProfileAssociationsCommand({
            Filters: [{ Name: "instance-id", Values: [InstanceId] }],
        }),
    );
    const AssociationId = IamInstanceProfileAssociations[0]?.AssociationId;
    const IamInstanceProfile = { Name: name };
    if (!name) {
        if (AssociationId)
            await ec2(context).send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
    } else if (AssociationId) {
        const input = { AssociationId, IamInstanceProfile };
        await ec2(context).send(new ReplaceIamInstanceProfileAssociationCommand(input));
    } else {
        const input = { InstanceId, IamInstanceProfile };
        await ec2(context).send(new AssociateIamInstanceProfileCommand(input));
    }
}
