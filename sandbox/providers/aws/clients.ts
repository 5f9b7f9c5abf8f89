import { createRequire } from "node:module";

import type { Budgets } from "@aws-sdk/client-budgets";
import type { CloudWatch } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { EC2 } from "@aws-sdk/client-ec2";
import type { IAM } from "@aws-sdk/client-iam";
import type { KMS } from "@aws-sdk/client-kms";
import type { Neptune } from "@aws-sdk/client-neptune";
import type { OpenSearch } from "@aws-sdk/client-opensearch";
import type { Route53 } from "@aws-sdk/client-route-53";
import type { SageMaker } from "@aws-sdk/client-sagemaker";
import type { SecretsManager } from "@aws-sdk/client-secrets-manager";
import type { SNS } from "@aws-sdk/client-sns";
import type { STS } from "@aws-sdk/client-sts";

/** Settings that every client takes. */
export interface ClientSettings {
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
    maxAttempts: number;
}

/** The clients of a region, by service. */
export interface Clients {
    readonly budgets: Budgets;
    readonly cloudwatch: CloudWatch;
    readonly ec2: EC2;
    readonly iam: IAM;
    readonly kms: KMS;
    readonly logs: CloudWatchLogs;
    readonly neptune: Neptune;
    readonly opensearch: OpenSearch;
    readonly route53: Route53;
    readonly sagemaker: SageMaker;
    readonly secrets: SecretsManager;
    readonly sns: SNS;
    readonly sts: STS;
}

/** Package and class of each client. */
const CLASSES: Readonly<Record<keyof Clients, readonly [module: string, name: string]>> = {
    budgets: ["@aws-sdk/client-budgets", "Budgets"],
    cloudwatch: ["@aws-sdk/client-cloudwatch", "CloudWatch"],
    ec2: ["@aws-sdk/client-ec2", "EC2"],
    iam: ["@aws-sdk/client-iam", "IAM"],
    kms: ["@aws-sdk/client-kms", "KMS"],
    logs: ["@aws-sdk/client-cloudwatch-logs", "CloudWatchLogs"],
    neptune: ["@aws-sdk/client-neptune", "Neptune"],
    opensearch: ["@aws-sdk/client-opensearch", "OpenSearch"],
    route53: ["@aws-sdk/client-route-53", "Route53"],
    sagemaker: ["@aws-sdk/client-sagemaker", "SageMaker"],
    secrets: ["@aws-sdk/client-secrets-manager", "SecretsManager"],
    sns: ["@aws-sdk/client-sns", "SNS"],
    sts: ["@aws-sdk/client-sts", "STS"],
};

const load = createRequire(__filename);

/** The clients with these settings. Each is loaded and made at its first use: a service that a program does not use costs nothing. */
export function clientsOf(settings: ClientSettings): Clients {
    const clients = {};
    for (const [service, [module, name]] of Object.entries(CLASSES)) {
        let client: unknown;
        const make = () => {
            const Client = (load(module) as Record<string, new (given: ClientSettings) => unknown>)[name]!;
            return new Client(settings);
        };
        Object.defineProperty(clients, service, { get: () => (client ??= make()), enumerable: true });
    }
    return clients as Clients;
}
