import { z } from "zod";

import {
    allowed,
    fieldFacts,
    flag,
    fromResource,
    listOf,
    object,
    oneOf,
    text,
    wholeNumber,
} from "../schema/fields";
import { judgedBy, together } from "../schema/problems";
import type { Problem } from "../validation";

/** How users sign in: through IAM, or through IAM Identity Center. */
const AUTH_MODES = ["IAM", "SSO"] as const;

/** What happens to the users' home directories when the domain is destroyed. */
const HOME_RETENTIONS = ["Retain", "Delete"] as const;
export type HomeRetention = (typeof HOME_RETENTIONS)[number];

/** The limits of SageMaker's API for idle shutdown (IdleSettings), in minutes. */
export const IDLE_MINUTES = { least: 60, most: 525_600 };

/** The limits of SageMaker's API for a space's volume (DefaultEbsStorageSettings), in GB. */
const SPACE_VOLUME_GB = { least: 5, most: 16_384 };

/** SageMaker adds a group of its own to each interface, which takes one of the five (UserSettings, SecurityGroups). */
const MOST_SECURITY_GROUPS = 4;

/** A name by SageMaker's pattern: of domains, user profiles and most else. */
const nameText = () =>
    text(
        "1 to 63 letters, digits and hyphens, with a letter or digit at either end",
        /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
    );

/** A URL for the notebooks. They get it as plain text, so it must not hold credentials; an error does not repeat them. */
function httpsUrl(example: string) {
    const rule = (value: string): Problem[] => {
        const url = URL.canParse(value) ? new URL(value) : undefined;
        if (url !== undefined && url.username + url.password !== "") {
            const without = `a URL without them, such as ${example}`;
            return [{ key: "", value: "a URL with credentials", allowed: without }];
        }
        const fits = url?.protocol === "https:" && value.length <= 1024 && !/[\s']/.test(value);
        return fits
            ? []
            : [{ key: "", value, allowed: `a URL that begins with https://, such as ${example}` }];
    };
    return z.string(allowed("a URL")).superRefine(judgedBy(rule)).register(fieldFacts, {
        type: "text",
        allowed: "a URL that begins with https://, without credentials",
    });
}

const userProfile = {
    /** Name of the profile, unique in the domain. */
    name: nameText(),
    /**
     * The user's name in IAM Identity Center. Required with `authMode` SSO, not allowed otherwise.
     * @default none
     */
    singleSignOnUserName: text("the name of a user in IAM Identity Center").optional(),
};

const SOURCE_KINDS = ["pypi", "index", "codeArtifact", "none"] as const;

const codeArtifactName = (what: string) =>
    text(
        `the name of a CodeArtifact ${what}: 2 to 100 letters, digits, dots, hyphens and underscores`,
        /^[A-Za-z0-9][A-Za-z0-9._-]{1,99}$/,
    );

const packageSource = z
    .discriminatedUnion(
        "kind",
        [
            // The public index; it needs NAT.
            object({ kind: z.literal("pypi") }),
            // A private index that needs no credentials.
            object({
                kind: z.literal("index"),
                /** Address of the index, without credentials. */
                url: httpsUrl("https://packages.example.com/simple"),
            }),
            // CodeArtifact, through its VPC endpoints or NAT; notebooks sign in with their role.
            object({
                kind: z.literal("codeArtifact"),
                /** The CodeArtifact domain of the repository. */
                domain: codeArtifactName("domain"),
                /** The repository in the CodeArtifact domain. */
                repository: codeArtifactName("repository"),
                /** The account that owns the CodeArtifact domain. */
                domainOwner: text("the account that owns the CodeArtifact domain, 12 digits", /^\d{12}$/),
            }),
            // Nothing is installed: the image has the tools.
            object({ kind: z.literal("none") }),
        ],
        {
            error: ({ code }) =>
                code === "invalid_union" ? `one of ${SOURCE_KINDS.join(", ")}` : "an object with a kind",
        },
    )
    .register(fieldFacts, { type: "object", allowed: `kind: ${SOURCE_KINDS.join(", ")}` });

/** Where the notebook tools are installed from. */
export type PackageSource = z.output<typeof packageSource>;

const repository = object({
    /** Its address, without credentials. */
    url: httpsUrl("https://example.com/team/notebooks.git"),
    /**
     * The branch that is checked out.
     * @default the default branch of the repository
     */
    branch: text("the name of a branch, without blanks and ~ ^ : ? * [", /^[^ ~^:?*[\\]+$/).optional(),
    /**
     * ARN of a Secrets Manager secret with `{"username": ..., "password": ...}`. Notebooks may read it, and so can everyone who
     * runs code in one: give it a token for this one repository.
     * @default none: the repository is public
     */
    secretArn: fromResource(text("the ARN of a secret")).optional(),
});

const spaceVolumeSizeGb = object({
    /** Size of a new volume, in GB. */
    default: wholeNumber(SPACE_VOLUME_GB.least, SPACE_VOLUME_GB.most, "GB"),
    /** The largest size that a user may choose, in GB. */
    maximum: wholeNumber(SPACE_VOLUME_GB.least, SPACE_VOLUME_GB.most, "GB"),
});

/** Instance types for notebooks that work on data elsewhere: a cheap one, and two with more memory. */
export const DEFAULT_INSTANCE_TYPES: readonly string[] = ["ml.t3.medium", "ml.t3.large", "ml.m5.large"];

/** What a user decides about a domain: the fields of `sagemaker` in a stack's configuration. */
export const sageMakerSettings = {
    /** Name of the domain. What must be unique in the account and region is named from it. */
    domainName: nameText(),
    /**
     * The users.
     * @default []
     */
    userProfiles: listOf(object(userProfile), "a list of { name }").default([]),
    /**
     * How users sign in: `IAM`, or `SSO` through IAM Identity Center.
     * @default "IAM"
     */
    authMode: oneOf(AUTH_MODES).default("IAM"),
    /**
     * What happens to the home directories and to the users' spaces when the domain is destroyed. `Retain` leaves the file system,
     * its interfaces and its security groups, so the VPC cannot be deleted before they are. `Delete` deletes all of them.
     * It can be changed at any time: the value at the time of the destruction counts.
     * @default "Retain"
     */
    homeRetention: oneOf(HOME_RETENTIONS).default("Retain"),
    /**
     * Minutes without activity after which an app is shut down.
     * @default 60, the smallest that SageMaker allows
     */
    idleTimeoutMinutes: wholeNumber(IDLE_MINUTES.least, IDLE_MINUTES.most, "minutes").default(
        IDLE_MINUTES.least,
    ),
    /**
     * The most minutes that a user may choose for their own app.
     * @default `idleTimeoutMinutes`: users can shorten it, and not lengthen it
     */
    maxIdleTimeoutMinutes: wholeNumber(IDLE_MINUTES.least, IDLE_MINUTES.most, "minutes").optional(),
    /**
     * Instance types that apps may run on. The first is the default of an app.
     * @default ml.t3.medium, ml.t3.large, ml.m5.large
     */
    allowedInstanceTypes: listOf(
        text(
            "an instance type of SageMaker without wildcards, such as ml.t3.medium",
            /^ml\.[a-z0-9-]+\.[a-z0-9]+$/,
        ),
        "a list of instance types",
        { least: 1, allowed: "at least one type, such as ml.t3.medium; the first is the default" },
    ).default(DEFAULT_INSTANCE_TYPES),
    /**
     * Size of the volume of a space.
     * @default 5 GB for a new one, at most 50 GB
     */
    spaceVolumeSizeGb: spaceVolumeSizeGb.default({ default: 5, maximum: 50 }),
    /**
     * A Git repository that is cloned into each user's home, so that notebooks outlive the domain.
     * @default none
     */
    repository: repository.optional(),
    /**
     * Where the notebook tools are installed from. Without NAT that is a private index, CodeArtifact through its VPC endpoints,
     * or none. A notebook starts even if the index cannot be reached.
     * @default { kind: "pypi" }, the public index
     */
    packageSource: packageSource.default({ kind: "pypi" }),
    /**
     * Allows apps to run Docker. Everyone who runs code in an app can then run other software in it.
     * @default false
     */
    enableDocker: flag().default(false),
};

/** The settings with the rules about several of them. */
export const sageMakerSettingsSchema = z
    .object(sageMakerSettings)
    .check(
        together(profileProblems),
        together(idleTimeoutProblems),
        together(instanceTypeProblems),
        together(volumeSizeProblems),
    );

const securityGroupIds = () =>
    fromResource(
        listOf(fromResource(text("the id of a security group")), "a list of security groups", {
            least: 1,
            most: MOST_SECURITY_GROUPS,
            allowed: `1 to ${MOST_SECURITY_GROUPS} security groups (SageMaker takes five and adds one of its own for NFS)`,
        }),
    );

/** The arguments of a domain that can be judged. */
export const sageMakerSchema = sageMakerSettingsSchema.safeExtend({
    /**
     * Private subnets for apps and the home file system, one in each zone; each user takes two to four addresses. A domain keeps the
     * subnets that it was created with. It uses one that is added here only after `aws sagemaker update-domain` has named it.
     */
    subnetIds: fromResource(
        listOf(fromResource(text("the id of a subnet")), "a list of subnets", {
            least: 1,
            most: 16,
            allowed: "1 to 16 subnets of the VPC",
        }),
    ),
    /** Security groups of users whose profile names none. */
    securityGroupIds: securityGroupIds(),
    /**
     * The users.
     * @default []
     */
    userProfiles: listOf(
        object({
            ...userProfile,
            /**
             * The security groups of this user's apps. A group of their own keeps users apart. Apps need TCP 8192-65535
             * within the group (kernels), and NFS (TCP 2049) to the home file system.
             */
            securityGroupIds: securityGroupIds(),
            /**
             * ARN of the role of this user's notebooks.
             * @default the domain's execution role
             */
            executionRoleArn: fromResource(text("the ARN of a role")).optional(),
        }),
        "a list of { name, securityGroupIds }",
    ).default([]),
});

/** The fields of `sagemaker` for a domain that exists already. */
export const adoptedSageMakerSettings = {
    /** Id of the domain that exists, in the account and region of the stack. */
    domainId: text("the id of a domain, such as d-abcdefghijkl", /^d-(-*[a-z0-9]){1,61}$/),
};

/** The plain arguments of a domain that exists already. */
export const adoptedSageMakerSchema = z.object(adoptedSageMakerSettings);

function profileProblems(args: {
    readonly userProfiles: readonly { readonly name: string; readonly singleSignOnUserName?: string }[];
    readonly authMode: (typeof AUTH_MODES)[number];
}): Problem[] {
    const names = args.userProfiles.map(({ name }) => name);
    const isSingleSignOn = args.authMode === "SSO";
    const rule = isSingleSignOn
        ? "the user's name in IAM Identity Center, as authMode is SSO"
        : "only with authMode SSO; leave it out";
    return [
        ...duplicateProblems(names, (index) => `userProfiles[${index}].name`, "each name once in a domain"),
        ...args.userProfiles.flatMap(({ singleSignOnUserName: value }, index) =>
            isSingleSignOn === (value !== undefined)
                ? []
                : [{ key: `userProfiles[${index}].singleSignOnUserName`, value, allowed: rule }],
        ),
    ];
}

function idleTimeoutProblems(args: {
    readonly idleTimeoutMinutes: number;
    readonly maxIdleTimeoutMinutes?: number;
}): Problem[] {
    const { idleTimeoutMinutes: idle, maxIdleTimeoutMinutes: most = idle } = args;
    const limit = `a whole number of minutes from idleTimeoutMinutes (${idle}) to ${IDLE_MINUTES.most}`;
    return most >= idle ? [] : [{ key: "maxIdleTimeoutMinutes", value: most, allowed: limit }];
}

function duplicateProblems(
    values: readonly string[],
    keyOf: (index: number) => string,
    rule: string,
): Problem[] {
    return values.flatMap((value, index) =>
        values.indexOf(value) < index ? [{ key: keyOf(index), value, allowed: rule }] : [],
    );
}

function instanceTypeProblems(args: { readonly allowedInstanceTypes: readonly string[] }): Problem[] {
    const keyOf = (index: number) => `allowedInstanceTypes[${index}]`;
    return duplicateProblems(args.allowedInstanceTypes, keyOf, "each type once");
}

function volumeSizeProblems(args: {
    readonly spaceVolumeSizeGb: { readonly default: number; readonly maximum: number };
}): Problem[] {
    const { default: initial, maximum } = args.spaceVolumeSizeGb;
    const limit = `a whole number of GB from spaceVolumeSizeGb.default (${initial}) to ${SPACE_VOLUME_GB.most}`;
    return maximum >= initial ? [] : [{ key: "spaceVolumeSizeGb.maximum", value: maximum, allowed: limit }];
}
