import {
    DescribeCodeRepositoryCommand,
    DescribeStudioLifecycleConfigCommand,
    DescribeUserProfileCommand,
    paginateListDomains,
    paginateListTags,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";

import type { Aws } from "../../../lib/aws/clients";
import { type Finders, type Inputs, isTagged, onlyOne, text, unlessMissing } from "../finder";

async function isOurs(arn: string | undefined, inputs: Inputs, aws: Aws): Promise<boolean> {
    if (arn === undefined) return false;
    const tags = [];
    for await (const page of paginateListTags({ client: aws.client(SageMakerClient) }, { ResourceArn: arn }))
        tags.push(...(page.Tags ?? []));
    return isTagged(inputs, tags);
}

export const finders: Finders = {
    "aws:sagemaker/domain:Domain": async (inputs, aws, known) => {
        const found: string[] = [];
        for await (const { Domains = [] } of paginateListDomains(
            { client: aws.client(SageMakerClient) },
            {},
        )) {
            for (const { DomainId = "", DomainName, DomainArn, Status } of Domains) {
                const fits =
                    DomainName === inputs.domainName && Status !== "Deleting" && !known.has(DomainId);
                if (fits && (await isOurs(DomainArn, inputs, aws))) found.push(DomainId);
            }
        }
        return onlyOne(found);
    },
    // Imported by its ARN.
    "aws:sagemaker/userProfile:UserProfile": async (inputs, aws) => {
        const command = new DescribeUserProfileCommand({
            DomainId: text(inputs.domainId),
            UserProfileName: text(inputs.userProfileName),
        });
        const found = await unlessMissing(aws.client(SageMakerClient).send(command));
        const arn = found?.Status === "Deleting" ? undefined : found?.UserProfileArn;
        return (await isOurs(arn, inputs, aws)) ? arn : undefined;
    },
    "aws:sagemaker/studioLifecycleConfig:StudioLifecycleConfig": async (inputs, aws) => {
        const command = new DescribeStudioLifecycleConfigCommand({
            StudioLifecycleConfigName: text(inputs.studioLifecycleConfigName),
        });
        const found = await unlessMissing(aws.client(SageMakerClient).send(command));
        return (await isOurs(found?.StudioLifecycleConfigArn, inputs, aws))
            ? found?.StudioLifecycleConfigName
            : undefined;
    },
    "aws:sagemaker/codeRepository:CodeRepository": async (inputs, aws) => {
        const command = new DescribeCodeRepositoryCommand({
            CodeRepositoryName: text(inputs.codeRepositoryName),
        });
        // AWS says so in words; the code is that of any bad request.
        const found = await unlessMissing(aws.client(SageMakerClient).send(command), ({ name, message }) =>
            /NotFound|Cannot find CodeRepository/.test(`${name} ${message}`),
        );
        return (await isOurs(found?.CodeRepositoryArn, inputs, aws)) ? found?.CodeRepositoryName : undefined;
    },
};
