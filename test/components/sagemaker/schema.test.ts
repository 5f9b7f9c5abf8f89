import assert from "node:assert/strict";
import { inspect } from "node:util";

import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { adoptedSageMakerSchema, sageMakerSchema } from "../../../components/sagemaker/schema";
import { problemsOf } from "../../../components/schema/problems";
import { describeProblem } from "../../../components/validation";

const GOOD: z.input<typeof sageMakerSchema> = {
    domainName: "lab",
    subnetIds: ["subnet-1"],
    securityGroupIds: ["sg-1"],
    userProfiles: [{ name: "ada", securityGroupIds: ["sg-ada"] }],
};
const ada = (more: object) => ({ userProfiles: [{ name: "ada", securityGroupIds: ["sg-ada"], ...more }] });
const artifacts = (more: object) => ({
    packageSource: {
        kind: "codeArtifact" as const,
        domain: "pkgs",
        domainOwner: "123456789012",
        repository: "pypi",
        ...more,
    },
});
const groups = "1 to 4 security groups (SageMaker takes five and adds one of its own for NFS)";
const name = "1 to 63 letters, digits and hyphens, with a letter or digit at either end";

/** Settings that cannot work, and what is said of them. */
const BAD: [string, object, string[]][] = [
    ["a name with a blank", { domainName: "my lab" }, [`domainName: "my lab" is not allowed: ${name}`]],
    [
        "a name that ends with a hyphen",
        { domainName: "lab-" },
        [`domainName: "lab-" is not allowed: ${name}`],
    ],
    [
        "a name of 64 letters",
        { domainName: "a".repeat(64) },
        [`domainName: "${"a".repeat(64)}" is not allowed: ${name}`],
    ],
    ["no subnet", { subnetIds: [] }, ["subnetIds: [] is not allowed: 1 to 16 subnets of the VPC"]],
    ["no group", { securityGroupIds: [] }, [`securityGroupIds: [] is not allowed: ${groups}`]],
    [
        "five groups",
        { securityGroupIds: ["1", "2", "3", "4", "5"] },
        [`securityGroupIds: ["1","2","3","4","5"] is not allowed: ${groups}`],
    ],
    [
        "a user without a group",
        ada({ securityGroupIds: [] }),
        [`userProfiles[0].securityGroupIds: [] is not allowed: ${groups}`],
    ],
    ["a user with a bad name", ada({ name: "a_b" }), [`userProfiles[0].name: "a_b" is not allowed: ${name}`]],
    [
        "a user twice",
        { userProfiles: [...(GOOD.userProfiles ?? []), ...(GOOD.userProfiles ?? [])] },
        ['userProfiles[1].name: "ada" is not allowed: each name once in a domain'],
    ],
    ["an unknown way to sign in", { authMode: "LDAP" }, ['authMode: "LDAP" is not allowed: one of IAM, SSO']],
    [
        "a user that Identity Center does not know",
        { authMode: "SSO" },
        [
            "userProfiles[0].singleSignOnUserName is missing: the user's name in IAM Identity Center, as authMode is SSO",
        ],
    ],
    [
        "a name of Identity Center without it",
        ada({ singleSignOnUserName: "ada@example.com" }),
        [
            'userProfiles[0].singleSignOnUserName: "ada@example.com" is not allowed: only with authMode SSO; leave it out',
        ],
    ],
    [
        "an unknown retention",
        { homeRetention: "Keep" },
        ['homeRetention: "Keep" is not allowed: one of Retain, Delete'],
    ],
    ...[59, 525_601, 90.5, NaN].map((minutes): [string, object, string[]] => [
        `an idle time of ${minutes}`,
        { idleTimeoutMinutes: minutes },
        [`idleTimeoutMinutes: ${minutes} is not allowed: a whole number of minutes from 60 to 525600`],
    ]),
    [
        "a longest idle time under the usual one",
        { idleTimeoutMinutes: 120, maxIdleTimeoutMinutes: 60 },
        [
            "maxIdleTimeoutMinutes: 60 is not allowed: a whole number of minutes from idleTimeoutMinutes (120) to 525600",
        ],
    ],
    [
        "no instance type",
        { allowedInstanceTypes: [] },
        [
            "allowedInstanceTypes: [] is not allowed: at least one type, such as ml.t3.medium; the first is the default",
        ],
    ],
    [
        "a wildcard among instance types",
        { allowedInstanceTypes: ["ml.t3.medium", "ml.*"] },
        [
            'allowedInstanceTypes[1]: "ml.*" is not allowed: an instance type of SageMaker without wildcards, such as ml.t3.medium',
        ],
    ],
    [
        "an instance type twice",
        { allowedInstanceTypes: ["ml.t3.medium", "ml.t3.medium"] },
        ['allowedInstanceTypes[1]: "ml.t3.medium" is not allowed: each type once'],
    ],
    [
        "a volume of 4 GB",
        { spaceVolumeSizeGb: { default: 4, maximum: 10 } },
        ["spaceVolumeSizeGb.default: 4 is not allowed: a whole number of GB from 5 to 16384"],
    ],
    [
        "a largest volume under the usual one",
        { spaceVolumeSizeGb: { default: 20, maximum: 10 } },
        [
            "spaceVolumeSizeGb.maximum: 10 is not allowed: a whole number of GB from spaceVolumeSizeGb.default (20) to 16384",
        ],
    ],
    [
        "a repository over SSH",
        { repository: { url: "git@example.com:team/notebooks.git" } },
        [
            'repository.url: "git@example.com:team/notebooks.git" is not allowed: a URL that begins with https://, such as https://example.com/team/notebooks.git',
        ],
    ],
    [
        "credentials in the URL of a repository, which the error does not repeat",
        { repository: { url: "https://me:s3cret@example.com/notebooks.git" } },
        [
            'repository.url: "a URL with credentials" is not allowed: a URL without them, such as https://example.com/team/notebooks.git',
        ],
    ],
    [
        "a branch with a blank",
        { repository: { url: "https://example.com/notebooks.git", branch: "my branch" } },
        [
            'repository.branch: "my branch" is not allowed: the name of a branch, without blanks and ~ ^ : ? * [',
        ],
    ],
    [
        "an unknown source of packages",
        { packageSource: { kind: "conda" } },
        ['packageSource.kind: "conda" is not allowed: one of pypi, index, codeArtifact, none'],
    ],
    [
        "credentials in the URL of an index",
        { packageSource: { kind: "index", url: "https://aws:token@example.com/simple" } },
        [
            'packageSource.url: "a URL with credentials" is not allowed: a URL without them, such as https://packages.example.com/simple',
        ],
    ],
    [
        "an index without TLS",
        { packageSource: { kind: "index", url: "http://example.com/simple" } },
        [
            'packageSource.url: "http://example.com/simple" is not allowed: a URL that begins with https://, such as https://packages.example.com/simple',
        ],
    ],
    [
        "an owner that is no account",
        artifacts({ domainOwner: "me" }),
        [
            'packageSource.domainOwner: "me" is not allowed: the account that owns the CodeArtifact domain, 12 digits',
        ],
    ],
    [
        "a repository of packages with a bad name",
        artifacts({ repository: "a b" }),
        [
            'packageSource.repository: "a b" is not allowed: the name of a CodeArtifact repository: 2 to 100 letters, digits, dots, hyphens and underscores',
        ],
    ],
    [
        "two faults at once",
        { domainName: "", homeRetention: "x" },
        [
            `domainName: "" is not allowed: ${name}`,
            'homeRetention: "x" is not allowed: one of Retain, Delete',
        ],
    ],
];

/** Settings at the bounds, with the keys that are refused. */
const url = (length: number) => `https://example.com/${"a".repeat(length - 20)}`;
const BOUNDS: [object, string[]][] = [
    [{ domainName: "a" }, []],
    [{ domainName: "Lab--1" }, []],
    [{ domainName: "a".repeat(63) }, []],
    [{ domainName: "-lab" }, ["domainName"]],
    [{ subnetIds: Array(16).fill("s") }, []],
    [{ subnetIds: Array(17).fill("s") }, ["subnetIds"]],
    [{ subnetIds: [1] }, ["subnetIds[0]"]],
    [{ subnetIds: [pulumi.output("s")] }, []],
    [{ subnetIds: pulumi.output([]) }, []],
    [{ securityGroupIds: ["1", "2", "3", "4"] }, []],
    [{ securityGroupIds: undefined }, ["securityGroupIds"]],
    [ada({ securityGroupIds: ["1", "2", "3", "4"] }), []],
    [ada({ securityGroupIds: ["1", "2", "3", "4", "5"] }), ["userProfiles[0].securityGroupIds"]],
    [ada({ colour: "red" }), ["userProfiles[0].colour"]],
    [ada({ executionRoleArn: 7 }), ["userProfiles[0].executionRoleArn"]],
    [{ idleTimeoutMinutes: 60 }, []],
    [{ idleTimeoutMinutes: 525_600 }, []],
    [{ maxIdleTimeoutMinutes: 59 }, ["maxIdleTimeoutMinutes"]],
    [{ maxIdleTimeoutMinutes: 60 }, []],
    [{ maxIdleTimeoutMinutes: 525_601 }, ["maxIdleTimeoutMinutes"]],
    [{ idleTimeoutMinutes: 61, maxIdleTimeoutMinutes: 61 }, []],
    [{ idleTimeoutMinutes: 61, maxIdleTimeoutMinutes: 60 }, ["maxIdleTimeoutMinutes"]],
    [{ spaceVolumeSizeGb: { default: 5, maximum: 16_384 } }, []],
    [{ spaceVolumeSizeGb: { default: 5, maximum: 16_385 } }, ["spaceVolumeSizeGb.maximum"]],
    [{ spaceVolumeSizeGb: { default: 16_385, maximum: 16_384 } }, ["spaceVolumeSizeGb.default"]],
    [{ spaceVolumeSizeGb: { default: 6, maximum: 5 } }, ["spaceVolumeSizeGb.maximum"]],
    [{ allowedInstanceTypes: ["ml.t3.medium"] }, []],
    [{ allowedInstanceTypes: ["t3.medium"] }, ["allowedInstanceTypes[0]"]],
    [{ allowedInstanceTypes: ["ml.t3.medium.x"] }, ["allowedInstanceTypes[0]"]],
    [{ repository: { url: url(1024) } }, []],
    [{ repository: { url: url(1025) } }, ["repository.url"]],
    [{ repository: { url: "https://example.com/a b" } }, ["repository.url"]],
    [{ repository: { url: "https://example.com/a'b" } }, ["repository.url"]],
    [{ repository: { url: "http://example.com/a" } }, ["repository.url"]],
    [{ repository: { url: "https://me@example.com/a" } }, ["repository.url"]],
    [{ repository: { url: "https://:s3cret@example.com/a" } }, ["repository.url"]],
    [{ repository: { url: url(30), secretArn: pulumi.output("arn") } }, []],
    [{ repository: { url: url(30), branch: "" } }, ["repository.branch"]],
    [artifacts({ domain: "a" }), ["packageSource.domain"]],
    [artifacts({ domain: "a".repeat(100) }), []],
    [artifacts({ domain: "a".repeat(101) }), ["packageSource.domain"]],
    [artifacts({ repository: "a" }), ["packageSource.repository"]],
    [artifacts({ repository: "a.b_c-1" }), []],
    [artifacts({ domainOwner: "12345678901" }), ["packageSource.domainOwner"]],
    [artifacts({ domainOwner: "1234567890123" }), ["packageSource.domainOwner"]],
    [{ packageSource: "pypi" }, ["packageSource"]],
    [{ packageSource: { kind: "none", url: url(30) } }, ["packageSource.url"]],
    [{ enableDocker: "yes" }, ["enableDocker"]],
];

describe("the arguments of a SageMaker domain", () => {
    it("that can work are let pass", () => {
        const cases: object[] = [
            {},
            { userProfiles: [] },
            { authMode: "SSO", ...ada({ singleSignOnUserName: "ada@example.com" }) },
            { idleTimeoutMinutes: 60, maxIdleTimeoutMinutes: 525_600 },
            { spaceVolumeSizeGb: { default: 5, maximum: 5 } },
            { subnetIds: Promise.resolve([]) },
            { repository: { url: "https://example.com/a/b", branch: "main" } },
            { packageSource: { kind: "pypi" } },
            { packageSource: { kind: "none" } },
            { packageSource: { kind: "index", url: "https://example.com/simple" } },
            artifacts({}),
        ];
        for (const settings of cases)
            assert.deepEqual(problemsOf(sageMakerSchema, { ...GOOD, ...settings }), []);
    });

    for (const [what, settings, expected] of BAD) {
        it(`with ${what} are refused`, () => {
            const problems = problemsOf(sageMakerSchema, { ...GOOD, ...settings });
            assert.deepEqual(problems.map(describeProblem), expected);
        });
    }

    it("are refused beyond each bound, and not at it", () => {
        for (const [settings, keys] of BOUNDS)
            assert.deepEqual(
                problemsOf(sageMakerSchema, { ...GOOD, ...settings }).map(({ key }) => key),
                keys,
                inspect(settings),
            );
    });

    it("have these defaults", () => {
        const { domainName, subnetIds, securityGroupIds } = GOOD;
        const given = { domainName, subnetIds, securityGroupIds };
        assert.deepEqual(sageMakerSchema.parse(given), {
            ...given,
            userProfiles: [],
            authMode: "IAM",
            homeRetention: "Retain",
            idleTimeoutMinutes: 60,
            allowedInstanceTypes: ["ml.t3.medium", "ml.t3.large", "ml.m5.large"],
            spaceVolumeSizeGb: { default: 5, maximum: 50 },
            packageSource: { kind: "pypi" },
            enableDocker: false,
        });
    });
});

describe("the arguments of a SageMaker domain that exists", () => {
    it("have an id as SageMaker makes it", () => {
        const keys = (domainId: unknown) =>
            problemsOf(adoptedSageMakerSchema, { domainId }).map(({ key }) => key);
        for (const id of ["d-1", "d-abcdefghijkl", `d-${"a".repeat(61)}`]) assert.deepEqual(keys(id), []);
        for (const id of ["", "d-", "D-abc", "arn:aws:sagemaker:x", `d-${"a".repeat(62)}`, undefined])
            assert.deepEqual(keys(id), ["domainId"]);
    });
});
