import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { EncryptionKey } from "../../../../components/encryption";
import { AdoptedNeptuneCluster } from "../../../../components/neptune/adopt";
import { NeptuneCluster } from "../../../../components/neptune-cluster";

// What a test wants changed.
const config = new pulumi.Config();
const owner = { accountId: "123456789012", region: "us-east-1" };
const availabilityZones = ["us-east-1a", "us-east-1b"];

const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16" });
const subnets = availabilityZones.map(
    (availabilityZone, zone) =>
        new aws.ec2.Subnet(`isolated-${zone + 1}`, {
            vpcId: vpc.id,
            cidrBlock: `10.0.${zone}.0/24`,
            availabilityZone,
        }),
);
const group = new aws.ec2.SecurityGroup("graph", { vpcId: vpc.id });
const key = new EncryptionKey("lab", { ...owner, description: "the graph" });

const graph = new NeptuneCluster("graph", {
    ...owner,
    clusterIdentifier: "lab-graph",
    subnetIds: subnets.map(({ id }) => id),
    availabilityZones,
    securityGroupIds: [group.id],
    kmsKeyArn: key.keyArn,
    engineVersion: config.get("engineVersion"),
    allowMajorVersionUpgrade: true,
    protectData: config.getBoolean("protectData"),
    finalSnapshot: config.getBoolean("finalSnapshot"),
    bulkLoad: { sources: [{ bucket: "data", prefix: "graphs/" }] },
    tags: { ExperimentID: "exp-1" },
});

const theirs = config.get("adopt");
const adopted =
    theirs === undefined
        ? undefined
        : new AdoptedNeptuneCluster("theirs", {
              ...owner,
              clusterIdentifier: theirs,
              vpcId: config.get("adoptFromVpc") ?? vpc.id,
          });

export const vpcId = vpc.id;
export const endpoint = graph.endpoint;
export const readPolicy = graph.grantPolicy("read");
export const subnetIds = subnets.map(({ id }) => id);
export const adoptedEndpoint = adopted?.endpoint;
