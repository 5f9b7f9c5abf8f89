import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import { PulsarCredentials } from "../../../../components/pulsar/credentials/pulsar-credentials";

const config = new pulumi.Config();
const key = new aws.kms.Key("key", { description: "secrets" });
const credentials = new PulsarCredentials("lab", {
    region: "us-east-1",
    cluster: "lab",
    zoneName: "lab.pulsar.internal",
    roles: config.getBoolean("proxy")
        ? ["zookeeper", "broker", "client", "proxy"]
        : ["zookeeper", "broker", "client"],
    kmsKeyArn: key.arn,
    validityDays: 365,
    rotation: config.getNumber("rotation") ?? 1,
    recoveryWindowInDays: 0,
});

export const secretArns = credentials.secretArns;
export const authoritySecretArn = credentials.authoritySecretArn;
export const issued = credentials.issued;
