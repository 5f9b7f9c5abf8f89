import {
    CreateNetworkInterfaceCommand,
    ModifyInstanceAttributeCommand,
    ModifyInstanceMetadataOptionsCommand,
    ModifyNetworkInterfaceAttributeCommand,
} from "@aws-sdk/client-ec2";

import { type Scenario, type Surroundings, tagged } from "../scenario";
import { given } from "../support";

const METADATA = {
    httpEndpoint: "enabled",
    httpTokens: "required",
    httpPutResponseHopLimit: 1,
    instanceMetadataTags: "disabled",
};

export const EC2_INSTANCE_SCENARIOS: readonly Scenario[] = [
    {
        token: "aws:ec2/networkInterface:NetworkInterface",
        inputs: async ({ network }) => ({
            subnetId: await network.subnet("10.0.50.0/24"),
            securityGroups: [await network.securityGroup("interfaces")],
            privateIps: ["10.0.50.10"],
            sourceDestCheck: false,
            description: "a broker",
            ...tagged("interface"),
        }),
        outputs: { privateIp: "10.0.50.10", interfaceType: "interface", attachments: [], privateIpsCount: 0 },
        update: async ({ network }) => ({
            securityGroups: [await network.securityGroup("interfaces-2")],
            privateIps: ["10.0.50.10", "10.0.50.11"],
            sourceDestCheck: true,
            description: undefined,
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async ({ network }) => ({
                subnetId: await network.subnet("10.0.51.0/24"),
                privateIps: undefined,
            }),
            replaces: ["subnetId"],
        },
        drift: {
            inject: async ({ ec2, network }, { id }) => {
                const NetworkInterfaceId = id;
                const Groups = [await network.securityGroup("intruders")];
                await ec2.send(new ModifyNetworkInterfaceAttributeCommand({ NetworkInterfaceId, Groups }));
                await ec2.send(
                    new ModifyNetworkInterfaceAttributeCommand({
                        NetworkInterfaceId,
                        SourceDestCheck: { Value: true },
                    }),
                );
            },
            shows: ["securityGroups", "sourceDestCheck"],
        },
    },
    {
        // As a cluster has them: at an interface that is there before and after, all disks encrypted.
        token: "aws:ec2/instance:Instance",
        inputs: async (around) => ({
            ami: await around.imageId(),
            instanceType: "m5.large",
            primaryNetworkInterface: { networkInterfaceId: await interfaceId(around, "10.0.52.0/24") },
            iamInstanceProfile: await around.instanceProfileName(),
            userData: "#!/bin/sh\nexit 0\n",
            ebsOptimized: true,
            monitoring: true,
            metadataOptions: METADATA,
            rootBlockDevice: {
                volumeType: "gp3",
                volumeSize: 30,
                encrypted: true,
                kmsKeyId: await around.keyArn(),
                deleteOnTermination: true,
                tags: { Name: "root" },
            },
            ...tagged("instance"),
        }),
        outputs: { instanceState: "running", disableApiTermination: false, sourceDestCheck: true },
        update: async (around) => ({
            instanceType: "m5.xlarge",
            iamInstanceProfile: await around.instanceProfileName(),
            userData: "#!/bin/sh\nexit 1\n",
            monitoring: false,
            metadataOptions: { ...METADATA, httpPutResponseHopLimit: 2, instanceMetadataTags: "enabled" },
            ...tagged("renamed"),
        }),
        replace: {
            inputs: async (around) => ({
                primaryNetworkInterface: { networkInterfaceId: await interfaceId(around, "10.0.53.0/24") },
                userData: "#!/bin/sh\nexit 2\n",
                userDataReplaceOnChange: true,
            }),
            replaces: ["primaryNetworkInterface", "userData"],
        },
        drift: {
            inject: async ({ ec2 }, { id }) => {
                const options = { InstanceId: id, HttpTokens: "optional" } as const;
                await ec2.send(new ModifyInstanceMetadataOptionsCommand(options));
            },
            shows: ["metadataOptions"],
        },
        notImported: ["forceDestroy", "userDataReplaceOnChange"],
    },
    {
        token: "aws:ec2/instance:Instance",
        inputs: async (around) => ({
            ami: await around.imageId(),
            instanceType: "m5.large",
            subnetId: await around.network.subnet("10.0.54.0/24"),
            vpcSecurityGroupIds: [await around.network.securityGroup("instances")],
            userDataBase64: Buffer.from("data").toString("base64"),
            disableApiTermination: true,
            forceDestroy: true,
            maintenanceOptions: { autoRecovery: "disabled" },
            privateDnsNameOptions: { hostnameType: "resource-name", enableResourceNameDnsARecord: true },
            volumeTags: { Name: "disk" },
        }),
        outputs: { instanceState: "running", publicIp: "", userData: "" },
        update: async (around) => ({
            vpcSecurityGroupIds: [await around.network.securityGroup("instances-2")],
            disableApiStop: true,
            instanceInitiatedShutdownBehavior: "terminate",
            maintenanceOptions: { autoRecovery: "default" },
            privateDnsNameOptions: { hostnameType: "resource-name", enableResourceNameDnsARecord: false },
            sourceDestCheck: false,
            volumeTags: { Name: "renamed", More: "yes" },
        }),
        replace: {
            inputs: async (around) => ({
                subnetId: await around.network.subnet("10.0.55.0/24"),
                privateDnsNameOptions: { hostnameType: "ip-name" },
            }),
            replaces: ["privateDnsNameOptions", "subnetId"],
        },
        drift: {
            inject: ({ ec2 }, { id }) =>
                ec2.send(
                    new ModifyInstanceAttributeCommand({
                        InstanceId: id,
                        DisableApiTermination: { Value: false },
                    }),
                ),
            shows: ["disableApiTermination"],
        },
        notImported: ["forceDestroy", "userDataReplaceOnChange", "userData", "userDataBase64", "volumeTags"],
    },
];

async function interfaceId({ ec2, network }: Surroundings, range: string): Promise<string> {
    const command = new CreateNetworkInterfaceCommand({ SubnetId: await network.subnet(range) });
    return given((await ec2.send(command)).NetworkInterface?.NetworkInterfaceId);
}
