import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

// What a test wants changed.
const config = new pulumi.Config();
const stage = config.get("stage") ?? "first";

const zone = aws.getAvailabilityZonesOutput({ state: "available" }).names[0]!;
const vpc = new aws.ec2.Vpc("main", {
    cidrBlock: "10.0.0.0/16",
    enableDnsHostnames: true,
    tags: { Name: "main", Stage: stage },
});
const internetGateway = new aws.ec2.InternetGateway("main", { vpcId: vpc.id });
const publicSubnet = new aws.ec2.Subnet("public", {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: zone,
});
const privateSubnet = new aws.ec2.Subnet("private", {
    vpcId: vpc.id,
    cidrBlock: "10.0.1.0/24",
    availabilityZone: zone,
});
const address = new aws.ec2.Eip("nat", { domain: "vpc" });
const natGateway = new aws.ec2.NatGateway(
    "nat",
    { subnetId: publicSubnet.id, allocationId: address.allocationId },
    { dependsOn: [internetGateway] },
);
const table = new aws.ec2.RouteTable("private", { vpcId: vpc.id });
new aws.ec2.RouteTableAssociation("private", { routeTableId: table.id, subnetId: privateSubnet.id });
new aws.ec2.Route("private", {
    routeTableId: table.id,
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: natGateway.id,
});
const group = new aws.ec2.SecurityGroup("web", { vpcId: vpc.id, description: `the ${stage} group` });
const rule = new aws.ec2.SecurityGroupRule("https", {
    type: "ingress",
    securityGroupId: group.id,
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrBlocks: [vpc.cidrBlock],
});
new aws.ec2.VpcEndpoint("ssm", {
    vpcId: vpc.id,
    serviceName: "com.amazonaws.us-east-1.ssm",
    vpcEndpointType: "Interface",
    subnetIds: [privateSubnet.id],
    securityGroupIds: [group.id],
    privateDnsEnabled: true,
});

// A node of a cluster: what it is known by and what it stores outlive its instance.
const key = new aws.kms.Key("node", { deletionWindowInDays: 7 });
const role = new aws.iam.Role("node", {
    assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
            { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } },
        ],
    },
});
const profile = new aws.iam.InstanceProfile("node", { role: role.name });
const token = new aws.secretsmanager.Secret("node", { kmsKeyId: key.arn });
const names = new aws.route53.Zone("node", { name: "lab.internal", vpcs: [{ vpcId: vpc.id }] });
const nic = new aws.ec2.NetworkInterface("node", { subnetId: privateSubnet.id, securityGroups: [group.id] });
const record = new aws.route53.Record("node", {
    zoneId: names.zoneId,
    name: "node",
    type: "A",
    ttl: 60,
    records: [nic.privateIp],
});
const disk = new aws.ebs.Volume("node", {
    availabilityZone: zone,
    size: 10,
    type: "gp3",
    encrypted: true,
    kmsKeyId: key.arn,
});
const image = aws.ec2.getAmiOutput({
    owners: ["self"],
    mostRecent: true,
    filters: [
        { name: "tag:PulsarVersion", values: ["4.0.7"] },
        { name: "architecture", values: ["x86_64"] },
    ],
});
const node = new aws.ec2.Instance(
    "node",
    {
        ami: image.id,
        instanceType: "m5.large",
        primaryNetworkInterface: { networkInterfaceId: nic.id },
        iamInstanceProfile: profile.name,
        userData: pulumi.interpolate`${token.arn} ${stage}`,
        userDataReplaceOnChange: true,
        rootBlockDevice: { encrypted: true, kmsKeyId: key.arn, tags: { Name: "root" } },
    },
    { deleteBeforeReplace: true, dependsOn: [record] },
);
new aws.ec2.VolumeAttachment(
    "node",
    {
        deviceName: "/dev/sdf",
        instanceId: node.id,
        volumeId: disk.id,
        stopInstanceBeforeDetaching: true,
    },
    { deleteBeforeReplace: true },
);
export const nodeId = node.id;
export const nodeIp = node.privateIp;
export const nodeName = record.fqdn;
export const diskId = disk.id;

// A second instance, with settings of its own.
const west = new aws.Provider("west", { region: "us-west-2", defaultTags: { tags: { Where: "west" } } });
const western = new aws.ec2.Vpc("western", { cidrBlock: "10.9.0.0/16" }, { provider: west });

// Adopted, if a test made one.
const foundId = config.get("foundId");
const found =
    foundId === undefined
        ? undefined
        : new aws.ec2.Vpc("found", { cidrBlock: "10.8.0.0/16" }, { import: foundId, retainOnDelete: true });

export const vpcId = vpc.id;
export const groupId = group.id;
export const groupName = group.name;
export const ruleId = rule.id;
export const publicIp = natGateway.publicIp;
export const gotten = aws.ec2.Vpc.get("gotten", vpc.id).tagsAll;
export const westernArn = western.arn;
export const westernTags = western.tagsAll;
export const foundTags = found?.tagsAll;
