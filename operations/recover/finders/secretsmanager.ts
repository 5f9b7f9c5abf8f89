import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { type Finders, isTagged, text, unlessMissing } from "../finder";

export const finders: Finders = {
    "aws:secretsmanager/secret:Secret": async (inputs, aws) => {
        const command = new DescribeSecretCommand({ SecretId: text(inputs.name) });
        const found = await unlessMissing(aws.client(SecretsManagerClient).send(command));
        // One that waits for its deletion counts as deleted; a part of an ARN is not a name.
        if (!found || found.DeletedDate || found.Name !== inputs.name) return undefined;
        return isTagged(inputs, found.Tags) ? found.ARN : undefined;
    },
};
