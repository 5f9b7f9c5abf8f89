import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

import type { NeptuneOutputs } from "../components/neptune/outputs";
import type { OpenSearchOutputs } from "../components/opensearch/outputs";
import { kmsViaService } from "../lib/aws/names";
import type { PolicyStatement } from "../lib/policy/statement";
import type { PulsarOutputs } from "../components/pulsar/outputs";
import type { Identity } from "./identity";

/** The services that others of the lab use, made or adopted. */
export interface UsedServices {
    readonly pulsar: PulsarOutputs | undefined;
    /** The secret of Pulsar's clients; an adopted cluster may have none that is known. */
    readonly pulsarSecretArn: pulumi.Output<string> | undefined;
    readonly neptune: NeptuneOutputs | undefined;
    readonly opensearch: OpenSearchOutputs | undefined;
}

/** What notebooks may do: write to the graph and the search domain, and sign in to Pulsar as its clients do. */
export function notebookStatements(
    services: UsedServices,
    identity: Identity,
): pulumi.Input<PolicyStatement>[] {
    const { pulsarSecretArn } = services;
    return [
        ...storeStatements(services),
        ...(pulsarSecretArn ? secretStatements(pulsarSecretArn, identity) : []),
    ];
}

/** Lets the instances of Pulsar's clients use the data stores too: what is streamed ends up there. */
export function grantStoresToClients(
    clientRoleArn: pulumi.Output<string>,
    services: UsedServices,
    parent: pulumi.Resource,
): void {
    const statements = storeStatements(services);
    if (statements.length === 0) return;
    new aws.iam.RolePolicy(
        "lab-pulsar-client-stores",
        {
            role: clientRoleArn.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
            policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements }),
        },
        { parent },
    );
}

function storeStatements({ neptune, opensearch }: UsedServices): pulumi.Input<PolicyStatement>[] {
    return [
        ...(neptune ? [neptune.accessStatement("write")] : []),
        ...(opensearch ? [opensearch.accessStatement("write")] : []),
    ];
}

function secretStatements(
    secretArn: pulumi.Output<string>,
    { key, region }: Identity,
): pulumi.Output<PolicyStatement>[] {
    const read = secretArn.apply((Resource): PolicyStatement => ({
        Sid: "ReadPulsarClientSecret",
        Effect: "Allow",
        Action: "secretsmanager:GetSecretValue",
        Resource,
    }));
    const decrypt = key.keyArn.apply((keyArn): PolicyStatement => ({
        Sid: "DecryptPulsarClientSecret",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": kmsViaService("secretsmanager", region) } },
    }));
    return [read, decrypt];
}
