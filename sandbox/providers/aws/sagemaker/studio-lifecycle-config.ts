import {
    CreateStudioLifecycleConfigCommand,
    DeleteStudioLifecycleConfigCommand,
    DescribeStudioLifecycleConfigCommand,
    type StudioLifecycleConfigAppType,
} from "@aws-sdk/client-sagemaker";
import type {
    StudioLifecycleConfigArgs,
    StudioLifecycleConfigState,
} from "@pulumi/aws/sagemaker/studioLifecycleConfig";

import { oneOf, string, text } from "../../server/property";
import { resource } from "../resource";
import { changeTags, readTags, sagemaker, tagList, validName } from "./support";

export const studioLifecycleConfig = resource<StudioLifecycleConfigArgs, StudioLifecycleConfigState>({
    noun: "SageMaker AI Studio Lifecycle Config",
    properties: {
        studioLifecycleConfigAppType: string({
            required: true,
            forceNew: true,
            validate: oneOf("JupyterServer", "KernelGateway", "CodeEditor", "JupyterLab"),
        }),
        studioLifecycleConfigContent: string({ required: true, forceNew: true, validate: text(16_384) }),
        studioLifecycleConfigName: string({ required: true, forceNew: true, validate: validName }),
    },
    async create(inputs, context) {
        await sagemaker(context).send(
            new CreateStudioLifecycleConfigCommand({
                StudioLifecycleConfigName: inputs.studioLifecycleConfigName,
                StudioLifecycleConfigAppType:
                    inputs.studioLifecycleConfigAppType as StudioLifecycleConfigAppType,
                StudioLifecycleConfigContent: inputs.studioLifecycleConfigContent,
                Tags: tagList(context),
            }),
        );
        return inputs.studioLifecycleConfigName;
    },
    async read(id, context) {
        const found = await sagemaker(context).send(
            new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName: id }),
        );
        return {
            arn: found.StudioLifecycleConfigArn,
            studioLifecycleConfigAppType: found.StudioLifecycleConfigAppType,
            studioLifecycleConfigContent: found.StudioLifecycleConfigContent,
            studioLifecycleConfigName: found.StudioLifecycleConfigName,
            tags: await readTags(found.StudioLifecycleConfigArn!, context),
        };
    },
    async tag(_id, change, context, { arn }) {
        await changeTags(arn!, change, context);
    },
    async delete(id, _state, context) {
        await sagemaker(context).send(
            new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName: id }),
        );
    },
});
