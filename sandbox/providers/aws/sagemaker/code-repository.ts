import {
    CreateCodeRepositoryCommand,
    DeleteCodeRepositoryCommand,
    DescribeCodeRepositoryCommand,
    type GitConfig,
    UpdateCodeRepositoryCommand,
} from "@aws-sdk/client-sagemaker";
import type { CodeRepositoryArgs, CodeRepositoryState } from "@pulumi/aws/sagemaker/codeRepository";

import { string } from "../../server/property";
import { resource } from "../resource";
import { fromApi, settings, toApi } from "./settings";
import { changeTags, readTags, sagemaker, tagList, validName } from "./support";

interface Git {
    branch?: string;
    repositoryUrl?: string;
    secretArn?: string;
}

export const codeRepository = resource<CodeRepositoryArgs, CodeRepositoryState>({
    noun: "SageMaker AI Code Repository",
    properties: {
        codeRepositoryName: string({ required: true, forceNew: true, validate: validName }),
        gitConfig: settings(["repositoryUrl"], { required: true }),
    },
    // The secret alone can change.
    replaces: (changed, olds, news) => {
        const [before, after] = [olds.gitConfig as Git | undefined, news.gitConfig as Git | undefined];
        const isSame = before?.repositoryUrl === after?.repositoryUrl && before?.branch === after?.branch;
        return changed.has("gitConfig") && !isSame ? ["gitConfig"] : [];
    },
    async create({ codeRepositoryName, gitConfig }, context) {
        await sagemaker(context).send(
            new CreateCodeRepositoryCommand({
                CodeRepositoryName: codeRepositoryName,
                GitConfig: toApi<GitConfig>(gitConfig as object)!,
                Tags: tagList(context),
            }),
        );
        return codeRepositoryName;
    },
    async read(id, context) {
        try {
            const command = new DescribeCodeRepositoryCommand({ CodeRepositoryName: id });
            const found = await sagemaker(context).send(command);
            return {
                arn: found.CodeRepositoryArn,
                codeRepositoryName: found.CodeRepositoryName,
                gitConfig: fromApi(found.GitConfig),
                tags: await readTags(found.CodeRepositoryArn!, context),
            };
        } catch (error) {
            if (isUnknown(error)) return undefined;
            throw error;
        }
    },
    async update(id, { gitConfig }, _change, context) {
        const { secretArn } = gitConfig as Git;
        const GitConfig = { SecretArn: secretArn ?? "" };
        await sagemaker(context).send(new UpdateCodeRepositoryCommand({ CodeRepositoryName: id, GitConfig }));
    },
    async tag(_id, change, context, { arn }) {
        await changeTags(arn!, change, context);
    },
    async delete(id, _state, context) {
        try {
            await sagemaker(context).send(new DeleteCodeRepositoryCommand({ CodeRepositoryName: id }));
        } catch (error) {
            if (!isUnknown(error)) throw error;
        }
    },
});

/** AWS says so in words; the code is that of any bad request. */
function isUnknown(error: unknown): boolean {
    return /Cannot find CodeRepository/.test(String(error));
}
