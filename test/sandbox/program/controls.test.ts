import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";

import { RULES } from "./rules";
import { ABOUT_NOTHING, EXEMPTIONS, MET_ELSEWHERE } from "./rules/controls";

const ROOT = path.join(__dirname, "../../..");
const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

const many = (prefix: string, numbers: string): string[] =>
    numbers.split(" ").map((number) => `${prefix}${number}`);

/** Every control that concerns the kinds of resources of a lab. */
const APPLICABLE: readonly string[] = [
    // VPC and security groups
    ...many("CKV2_AWS_", "1 5 11 12 19 35 44"),
    ...many("CKV_AWS_", "23 24 25 260 277 382 130 123 229 230 231 232 352"),
    // Instances and volumes
    ...many("CKV_AWS_", "8 46 79 88 126 135 341 153 315 3 189 106 183"),
    ...many("CKV2_AWS_", "2 9 41"),
    // Neptune
    ...many("CKV_AWS_", "44 347 101 102 359 361 362 279 280"),
    "CKV2_AWS_58",
    // OpenSearch
    ...many("CKV_AWS_", "5 6 83 84 137 228 247 248 317 318"),
    ...many("CKV2_AWS_", "52 59"),
    // SageMaker, KMS, IAM
    ...many("CKV_AWS_", "187 7 33 227 40 60 61 62 63 273 274 286 287 288 289 290 355 393"),
    ...many("CKV2_AWS_", "64 40 56"),
    // Secrets, Systems Manager, logs, alarms, topics, EFS
    ...many("CKV_AWS_", "149 304 112 113 303 337 66 158 338 319 26 385 42 184"),
    ...many("CKV2_AWS_", "57 34 18"),
    ...many("EC2.", "1 2 3 4 6 7 8 9 10 12 13 14 15 16 17 18 19 21 24 25 28 55 56 57 58 60 170 172 180 181"),
    ...many("Neptune.", "1 2 3 4 5 6 7 8 9"),
    ...many("Opensearch.", "1 2 3 4 5 6 7 8 10 11"),
    ...many("KMS.", "1 2 3 4 5"),
    ...many("IAM.", "1 2 21"),
    ...many("SecretsManager.", "1 2 3 4"),
    ...many("EFS.", "1 2 3 4"),
    "SNS.4",
    "sagemaker-domain-in-vpc",
];

const asked = RULES.flatMap(({ controls }) => controls);
const elsewhere = MET_ELSEWHERE.flatMap(({ controls }) => controls);
const aboutNothing = ABOUT_NOTHING.flatMap(({ controls }) => controls);
const exempt = EXEMPTIONS.flatMap(({ controls }) => controls);

describe("published controls", () => {
    it("are each asked for by a rule, met elsewhere, about nothing here, or not followed with a reason", () => {
        const accounted = new Set([...asked, ...elsewhere, ...aboutNothing, ...exempt]);
        assert.deepEqual(
            APPLICABLE.filter((control) => !accounted.has(control)),
            [],
            "nobody says anything of these",
        );
        assert.deepEqual(
            [...accounted].filter((control) => !APPLICABLE.includes(control)),
            [],
            "these are not in the list",
        );
    });

    it("are not called met and about nothing at once", () => {
        assert.deepEqual(
            aboutNothing.filter((control) => [...asked, ...elsewhere, ...exempt].includes(control)),
            [],
        );
    });

    it("are not followed only where the file that is responsible names them and says why", () => {
        for (const { controls, file } of EXEMPTIONS) {
            const text = read(file);
            for (const control of controls)
                assert.match(
                    text,
                    new RegExp(`\\b${control.replace(".", "\\.")}\\b`),
                    `${file} does not name it`,
                );
        }
    });

    it("are not followed only where the docs say so too", () => {
        const page = read("docs/controls.md");
        for (const control of exempt) assert.ok(page.includes(control), control);
    });

    it("are met elsewhere by tests that there are", () => {
        for (const { test } of MET_ELSEWHERE) assert.match(read(test), /\bit\(/, test);
    });
});
