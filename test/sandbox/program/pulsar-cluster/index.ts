import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { EncryptionKey } from "../../../../components/encryption";
import { PulsarCluster } from "../../../../components/pulsar-cluster";

const config = new pulumi.Config();
const zones = config.requireObject<string[]>("zones");
const vpc = new aws.ec2.Vpc("lab", { cidrBlock: "10.0.0.0/16", enableDnsHostnames: true });
// By zone, so that a zone more changes no subnet.
const subnetIds = zones.map(
    (availabilityZone) =>
        new aws.ec2.Subnet(availabilityZone, {
            vpcId: vpc.id,
            availabilityZone,
            cidrBlock: `10.0.${availabilityZone.charCodeAt(availabilityZone.length - 1)}.0/24`,
        }).id,
);
const group = new aws.ec2.SecurityGroup("lab", { vpcId: vpc.id, description: "all roles" });
const accountId = "123456789012";
const region = "us-east-1";
const key = new EncryptionKey("lab", { description: "data", accountId, region });
const groups = [group.id];

const cluster = new PulsarCluster("lab", {
    accountId,
    region,
    vpcId: vpc.id,
    availabilityZones: zones,
    subnetIds,
    securityGroupIds: { zookeeper: groups, bookkeeper: groups, broker: groups, client: groups },
    kmsKeyArn: key.keyArn,
    pulsarVersion: config.require("version"),
    amiId: config.get("amiId"),
    zookeeper: { count: 1 },
    bookkeeper: {
        count: config.requireNumber("bookies"),
        instanceType: "t3.small",
        journalVolume: { sizeGib: 8 },
        ledgersVolume: { sizeGib: 16 },
    },
    broker: { count: 1, instanceType: "t3.small" },
    client: { count: 0 },
    protectData: false,
    secretRecoveryWindowInDays: 0,
    tags: { Project: "pulsar-lab", ExperimentID: "exp-1" },
});

export const instances = cluster.instances;
export const serviceUrl = cluster.serviceUrl;
export const vpcId = vpc.id;
