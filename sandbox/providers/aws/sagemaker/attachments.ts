import type {
    DescribeCodeRepositoryOutput,
    DescribeStudioLifecycleConfigResponse,
} from "@aws-sdk/client-sagemaker";
import type { CodeRepositoryArgs, CodeRepositoryState } from "@pulumi/aws/sagemaker/codeRepository";
import type {
    StudioLifecycleConfigArgs,
    StudioLifecycleConfigState,
} from "@pulumi/aws/sagemaker/studioLifecycleConfig";

import { oneOf, text } from "../../server/property";
import { tagList } from "../api";
import { resource } from "../resource";
import { fromSettings, settings } from "./settings";
import { sagemakerTags, validName } from "./support";

interface Git {
    branch?: string;
    repositoryUrl?: string;
    secretArn?: string;
}

/** AWS says so in words; the code is that of any bad request. */
function unlessUnknown(error: unknown): undefined {
    if (!/Cannot find CodeRepository/.test(String(error))) throw error;
}

export const codeRepository = resource<CodeRepositoryArgs, CodeRepositoryState, DescribeCodeRepositoryOutput>(
    "sagemaker/codeRepository:CodeRepository",
    {
        noun: "SageMaker AI Code Repository",
        fixed: ["codeRepositoryName"],
        inputs: { codeRepositoryName: { validate: validName }, gitConfig: settings("repositoryUrl") },
        // The secret alone can change.
        replaces: (changed, olds, news) => {
            const [before, after] = [olds.gitConfig as Git | undefined, news.gitConfig as Git | undefined];
            const isSame = before?.repositoryUrl === after?.repositoryUrl && before?.branch === after?.branch;
            return changed.has("gitConfig") && !isSame ? ["gitConfig"] : [];
        },
        find: (id, { aws }) =>
            aws.sagemaker.describeCodeRepository({ CodeRepositoryName: id }).catch(unlessUnknown),
        outputs: ({ CodeRepositoryArn, GitConfig }) => ({
            arn: CodeRepositoryArn,
            gitConfig: fromSettings(GitConfig),
        }),
        async create({ codeRepositoryName }, { aws, tags }, request) {
            await aws.sagemaker.createCodeRepository(request({ Tags: tagList(tags) }));
            return codeRepositoryName;
        },
        update(id, { gitConfig }, _change, { aws }) {
            const { secretArn = "" } = gitConfig as Git;
            const GitConfig = { SecretArn: secretArn };
            return aws.sagemaker.updateCodeRepository({ CodeRepositoryName: id, GitConfig });
        },
        tags: sagemakerTags,
        delete: (id, _state, { aws }) =>
            aws.sagemaker.deleteCodeRepository({ CodeRepositoryName: id }).catch(unlessUnknown),
    },
);

export const studioLifecycleConfig = resource<
    StudioLifecycleConfigArgs,
    StudioLifecycleConfigState,
    DescribeStudioLifecycleConfigResponse
>("sagemaker/studioLifecycleConfig:StudioLifecycleConfig", {
    noun: "SageMaker AI Studio Lifecycle Config",
    inputs: {
        studioLifecycleConfigAppType: {
            forceNew: true,
            validate: oneOf("JupyterServer", "KernelGateway", "CodeEditor", "JupyterLab"),
        },
        studioLifecycleConfigContent: { forceNew: true, validate: text(16_384) },
        studioLifecycleConfigName: { forceNew: true, validate: validName },
    },
    names: { arn: "StudioLifecycleConfigArn" },
    find: (id, { aws }) => aws.sagemaker.describeStudioLifecycleConfig({ StudioLifecycleConfigName: id }),
    async create({ studioLifecycleConfigName }, { aws, tags }, request) {
        await aws.sagemaker.createStudioLifecycleConfig(request({ Tags: tagList(tags) }));
        return studioLifecycleConfigName;
    },
    tags: sagemakerTags,
    delete: (id, _state, { aws }) =>
        aws.sagemaker.deleteStudioLifecycleConfig({ StudioLifecycleConfigName: id }),
});
