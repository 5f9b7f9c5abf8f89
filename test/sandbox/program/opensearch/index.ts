import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { EncryptionKey } from "../../../../components/encryption";
import { AdoptedOpenSearchDomain } from "../../../../components/opensearch/adopt";
import { OpenSearchDomain } from "../../../../components/opensearch-domain";

// What a test wants changed.
const config = new pulumi.Config();
const owner = { accountId: "123456789012", region: "us-east-1" };

const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16" });
const subnet = new aws.ec2.Subnet("isolated", {
    vpcId: vpc.id,
    cidrBlock: "10.0.0.0/24",
    availabilityZone: "us-east-1a",
});
const group = new aws.ec2.SecurityGroup("search", { vpcId: vpc.id });
const key = new EncryptionKey("lab", { ...owner, description: "the search" });
const master = new aws.iam.Role("master", {
    assumeRolePolicy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [] }),
});

const search = new OpenSearchDomain("search", {
    ...owner,
    availabilityZones: ["us-east-1a"],
    subnetIds: [subnet.id],
    securityGroupIds: [group.id],
    kmsKeyArn: key.keyArn,
    masterUserArn: master.arn,
    dataNodeCount: 1,
    dataNodeType: "t3.small.search",
    dedicatedMasterCount: 0,
    volumeSizeGib: 10,
    protectData: config.getBoolean("protectData") ?? true,
    tags: { ExperimentID: "exp-1" },
});

const theirs = config.get("adopt");
const adopted =
    theirs === undefined
        ? undefined
        : new AdoptedOpenSearchDomain("theirs", { domainName: theirs, vpcId: vpc.id });

export const endpoint = search.endpoint;
export const roleArn = search.serviceLinkedRoleArn;
export const adoptedEndpoint = adopted?.endpoint;
