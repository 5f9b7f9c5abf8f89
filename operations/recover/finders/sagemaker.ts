import {
    DescribeCodeRepositoryCommand,
    DescribeStudioLifecycleConfigCommand,
    DescribeUserProfileCommand,
    paginateListDomains,
    paginateListTags,
    SageMakerClient,
} from "@aws-sdk/client-sagemaker";

import type { Aws } from "../../../lib/aws/clients";
import { collect, type Finders, type Inputs, isTagged, onlyOne, text, unlessMissing } from "../finder";

async function isOurs(arn: string | undefined, inputs: Inputs, aws: Aws): Promise<boolean> {
    if (arn === undefined) return false;
    const pages = paginateListTags({ client: aws.client(SageMakerClient) }, { ResourceArn: arn });
    return isTagged(inputs, await collect(pages, ({ Tags }) => Tags));
}

export const finders: Finders = {
    "aws:sagemaker/domain:Domain": async (inputs, aws, known) => {
        const found: string[] = [];
        const pages = paginateListDomains({ client: aws.client(SageMakerClient) }, {});
        for (const domain of await collect(pages, ({ Domains }) => Domains)) {
            const { DomainId = "", DomainName, DomainArn, Status } = domain;
            const fits = DomainName === inputs.domainName && Status !== "Deleting" && !known.has(DomainId);
            if (fits && (await isOurs(DomainArn, inputs, aws))) found.push(DomainId);
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
        // AWS names the cause in the message only; the code is that of any bad request.
        const found = await unlessMissing(aws.client(SageMakerClient).send(command), ({ name, message }) =>
            /NotFound|Cannot find CodeRepository/.test(`${name} ${message}`),
        );
        return (await isOurs(found?.CodeRepositoryArn, inputs, aws)) ? found?.CodeRepositoryName : undefined;
    },
};
