import { z } from "zod";

import { MODES, ON_FAILURE, TIMEOUT_SECONDS } from "../checks/provider/check-inputs";
import { addressPlanProblems } from "../components/address-plan";
import { deletionWindowProblems } from "../components/encryption";
import { experimentProblems } from "../components/experiment";
import { retentionProblems } from "../components/flow-logs";
import { NAT_STRATEGIES, zoneProblems } from "../components/network";
import type { Problem } from "../components/validation";
import { type InterfaceEndpointService, interfaceServiceProblems } from "../components/endpoint-services";

/** Tag keys that the program sets itself; `tags` in the configuration may not name them. */
export const RESERVED_TAGS = [
    "Project",
    "Stack",
    "ManagedBy",
    "Owner",
    "ExperimentID",
    "ExpiresAt",
    "Component",
    "Name",
] as const;

/** Why a value is refused. The schema below gives every field one, so that each error says what is allowed. */
const allowed = (text: string) => ({ error: text });

const oneOf = <const T extends string>(values: readonly T[]) =>
    z.enum(values, allowed(`one of ${values.join(", ")}`));

const wholeNumber = (min: number, max: number, unit: string) => {
    const error = allowed(`a whole number of ${unit} from ${min} to ${max}`);
    return z.int(error).min(min, error).max(max, error);
};

/** Lets a component's own rule judge a field; the rule's key says which element of a list it means. */
const judgedBy =
    <T>(rule: (value: T) => Problem[]) =>
    (value: T, context: z.RefinementCtx): void => {
        for (const problem of rule(value)) {
            const index = /\[(\d+)\]$/.exec(problem.key)?.[1];
            const path = index === undefined ? [] : [Number(index)];
            context.addIssue({ code: "custom", message: problem.allowed, path });
        }
    };

const object = allowed("an object");

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const tagValue = z
    .string(allowed("a text in quotes"))
    .max(256, allowed("at most 256 characters"))
    .regex(TAG_TEXT, allowed("letters, digits, spaces and _ . : / = + - @"));

/** The configuration of a stack in `region`, under the project's namespace. Defaults are the safe choice. */
export const configSchema = (region: string) =>
    z.strictObject({
        owner: tagValue.min(1, allowed("who answers for the stack: a team or a person")),
        tags: z
            .record(z.string(), tagValue, allowed('an object of texts, such as { CostCenter: "1234" }'))
            .superRefine(judgedBy(tagKeyProblems))
            .default({}),
        encryption: z
            .strictObject(
                {
                    deletionWindowInDays: z
                        .number(allowed("a whole number of days from 7 to 30"))
                        .superRefine(judgedBy(deletionWindowProblems))
                        .default(30),
                },
                object,
            )
            .prefault({}),
        experiment: z
            .strictObject(
                {
                    experimentId: z
                        .string(allowed("exp-YYYYMMDD-HHMMSS, such as exp-20260131-093000"))
                        .superRefine(judgedBy((experimentId) => experimentProblems({ experimentId })))
                        .optional(),
                    ttlHours: z
                        .number(allowed("a whole number of hours from 1 to 8760, a year"))
                        .superRefine(judgedBy((ttlHours) => experimentProblems({ ttlHours })))
                        .optional(),
                },
                object,
            )
            .prefault({}),
        network: z.strictObject(
            {
                cidrBlock: z
                    .string(allowed('an IPv4 range in quotes, such as "10.0.0.0/16"'))
                    .superRefine(judgedBy(addressPlanProblems))
                    .default("10.0.0.0/16"),
                availabilityZones: z
                    .array(
                        z.string(allowed(`the name of a zone, such as ${region}a`)),
                        allowed("a list of zone names"),
                    )
                    .superRefine(judgedBy((zones) => zoneProblems(zones, region))),
                natGateways: oneOf(NAT_STRATEGIES).default("perAz"),
                interfaceEndpoints: z
                    .array(
                        z.string(allowed("the name of a service, such as ssm")),
                        allowed("a list of service names"),
                    )
                    .superRefine(judgedBy(interfaceServiceProblems))
                    .transform((services) => services as InterfaceEndpointService[])
                    .default([]),
                flowLogRetentionInDays: z
                    .number(allowed("a number of days"))
                    .superRefine(judgedBy(retentionProblems))
                    .default(365),
            },
            object,
        ),
        checks: z
            .strictObject(
                {
                    mode: oneOf(MODES).default("fix"),
                    everyUpdate: z.boolean(allowed("true or false, without quotes")).default(false),
                    timeoutSeconds: wholeNumber(
                        TIMEOUT_SECONDS.least,
                        TIMEOUT_SECONDS.most,
                        "seconds",
                    ).default(300),
                    onFailure: oneOf(ON_FAILURE).default("fail"),
                },
                object,
            )
            .prefault({}),
    });

/** What is wrong with the keys of the additional tags. */
function tagKeyProblems(tags: Record<string, string>): Problem[] {
    const reserved: readonly string[] = RESERVED_TAGS;
    return Object.keys(tags).flatMap((key) => {
        if (reserved.includes(key))
            return [{ key, value: key, allowed: `not ${key}: the program sets it itself` }];
        if (/^aws:/i.test(key))
            return [{ key, value: key, allowed: "no key that begins with aws:, which AWS reserves" }];
        if (key.length > 128 || !TAG_TEXT.test(key)) {
            return [
                {
                    key,
                    value: key,
                    allowed: "keys of at most 128 letters, digits, spaces and _ . : / = + - @",
                },
            ];
        }
        return [];
    });
}
