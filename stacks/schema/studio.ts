import { z } from "zod";

import { domainIdProblems } from "../../components/sagemaker/adopt";
import { AUTH_MODES, HOME_RETENTIONS } from "../../components/sagemaker/problems";
import { allowed, flag, number, object, oneOf, text, valueJudgedBy } from "./common";
import { serviceSchema } from "./service";

const packageSource = z.discriminatedUnion(
    "kind",
    [
        z.strictObject({ kind: z.literal("pypi") }, object),
        z.strictObject({ kind: z.literal("none") }, object),
        z.strictObject({ kind: z.literal("index"), url: text("the URL of an index") }, object),
        z.strictObject(
            {
                kind: z.literal("codeArtifact"),
                domain: text("the name of a CodeArtifact domain"),
                repository: text("the name of a CodeArtifact repository"),
                domainOwner: text("the account that owns the CodeArtifact domain, 12 digits"),
            },
            object,
        ),
    ],
    allowed("kind to be one of pypi, index, codeArtifact, none"),
);

/** Amazon SageMaker Studio. */
export const sagemakerSchema = serviceSchema(
    {
        domainName: text("the name of the domain").optional(),
        userProfiles: z
            .array(
                z.strictObject(
                    {
                        name: text("the name of a user profile"),
                        singleSignOnUserName: text("a user of IAM Identity Center").optional(),
                    },
                    object,
                ),
                allowed("a list of { name }"),
            )
            .default([]),
        repository: z
            .strictObject(
                {
                    url: text("the https URL of a Git repository"),
                    branch: text("the name of a branch").optional(),
                    secretArn: text("the ARN of a secret").optional(),
                },
                object,
            )
            .optional(),
        packageSource: packageSource.optional(),
        allowedInstanceTypes: z
            .array(text("an instance type, such as ml.t3.medium"), allowed("a list of instance types"))
            .optional(),
        idleTimeoutMinutes: number("a number of minutes").optional(),
        maxIdleTimeoutMinutes: number("a number of minutes").optional(),
        spaceVolumeSizeGb: z
            .strictObject({ default: number("a number of GB"), maximum: number("a number of GB") }, object)
            .optional(),
        homeRetention: oneOf(HOME_RETENTIONS).optional(),
        authMode: oneOf(AUTH_MODES).optional(),
        enableDocker: flag().optional(),
    },
    (adopt) =>
        adopt({
            domainId: text("the id of a domain that is there, d-...").superRefine(
                valueJudgedBy(domainIdProblems),
            ),
        }),
);
