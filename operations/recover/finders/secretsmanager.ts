import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { type Finders, isTagged, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:secretsmanager/secret:Secret": async (inputs, aws) => {
        const command = new DescribeSecretCommand({ SecretId: text(inputs.name) });
        const found = await unlessMissing(aws.client(SecretsManagerClient).send(command));
        // A secret that is scheduled for deletion counts as deleted. AWS also finds secrets by a part of their ARN, which is not a name.
        if (!found || found.DeletedDate || found.Name !== inputs.name) return undefined;
        return isTagged(inputs, found.Tags) ? found.ARN : undefined;
    },
};
