import { z } from "zod";

import { PROPOSED_REPAIRS } from "../../checks/repair/plan";
import { MODES, ON_FAILURE, TIMEOUT_SECONDS } from "../../checks/provider/check-inputs";
import { deletionWindowProblems } from "../../components/encryption";
import { experimentProblems } from "../../components/experiment";
import { emailProblems } from "../../components/observability/problems";
import { allowed, flag, number, object, oneOf, tagValue, text, valueJudgedBy, wholeNumber } from "./common";
import { networkSchema } from "./network";
import { pulsarSchema } from "./pulsar";
import { neptune, opensearch } from "./stores";
import { sagemakerSchema } from "./studio";
import { tagsSchema } from "./tags";

/** What a stack is: a whole lab, or the long-lived network that labs share. */
export const COMPOSITIONS = ["lab", "foundation"] as const;

const experiment = z
    .strictObject(
        {
            experimentId: z
                .string(allowed("exp-YYYYMMDD-HHMMSS, such as exp-20260131-093000"))
                .superRefine(valueJudgedBy((experimentId) => experimentProblems({ experimentId })))
                .optional(),
            ttlHours: number("a whole number of hours from 1 to 8760, a year")
                .superRefine(valueJudgedBy((ttlHours) => experimentProblems({ ttlHours })))
                .optional(),
        },
        object,
    )
    .prefault({});

const encryption = z
    .strictObject(
        {
            deletionWindowInDays: number("a whole number of days from 7 to 30")
                .superRefine(valueJudgedBy(deletionWindowProblems))
                .default(30),
        },
        object,
    )
    .prefault({});

const checks = z
    .strictObject(
        {
            mode: oneOf(MODES).default("fix"),
            allowedRepairs: z
                .array(oneOf(PROPOSED_REPAIRS), allowed(`a list of ${PROPOSED_REPAIRS.join(", ")}`))
                .default([]),
            everyUpdate: flag().default(false),
            timeoutSeconds: wholeNumber(TIMEOUT_SECONDS.least, TIMEOUT_SECONDS.most, "seconds").default(300),
            onFailure: oneOf(ON_FAILURE).default("fail"),
        },
        object,
    )
    .prefault({});

const observability = z
    .strictObject(
        {
            alarmEmails: z
                .array(text("an e-mail address"), allowed("a list of e-mail addresses"))
                .superRefine(valueJudgedBy(emailProblems))
                .default([]),
        },
        object,
    )
    .prefault({});

/** What a budget counts: everything in the account, or what carries the tag of the project. */
export const COST_SCOPES = ["account", "project"] as const;

const cost = z
    .strictObject(
        {
            monthlyBudgetUsd: z
                .number(allowed("a number of US dollars above 0"))
                .positive(allowed("a number of US dollars above 0"))
                .optional(),
            scope: oneOf(COST_SCOPES).default("account"),
        },
        object,
    )
    .prefault({});

/**
 * The configuration of a stack in `region`, under the project's namespace; field by field. What fields have to be together is judged
 * by `combinationProblems`. Defaults are the safe choice.
 */
export const configSchema = (region: string) =>
    z.strictObject({
        owner: tagValue.min(1, allowed("who answers for the stack: a team or a person")),
        tags: tagsSchema,
        composition: oneOf(COMPOSITIONS).default("lab"),
        protectData: flag().default(true),
        experiment,
        encryption,
        network: networkSchema(region),
        pulsar: pulsarSchema,
        neptune,
        opensearch,
        sagemaker: sagemakerSchema,
        observability,
        cost,
        checks,
    });
