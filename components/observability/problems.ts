import type { Problem } from "../validation";
import type { ObservabilityArgs } from "./args";

/** As many addresses as a notification of AWS Budgets takes. */
const MOST_EMAILS = 10;
/** As many alarms as one composite alarm may name. */
const MOST_ALARMS = 100;
/** Neptune takes so many replicas. */
const MOST_READ_REPLICAS = 15;

/** One @, no white space, a domain with a dot. Whether somebody reads there, only the confirmation shows. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

/** What is wrong with the arguments of an `Observability`; `alarmCount` is how many alarms they would make. */
export function observabilityProblems(args: ObservabilityArgs, alarmCount: number): Problem[] {
    return [
        ...emailProblems(args.alarmEmails),
        ...budgetProblems(args),
        ...serviceProblems(args.services),
        ...(alarmCount > MOST_ALARMS
            ? [
                  {
                      key: "services",
                      value: `${alarmCount} alarms`,
                      allowed: `at most ${MOST_ALARMS} alarms, which is what a composite alarm takes; watch the services with two of these components`,
                  },
              ]
            : []),
    ];
}

/** What is wrong with addresses that alarms are mailed to. */
export function emailProblems(emails: readonly string[]): Problem[] {
    const problems = emails.flatMap((email, index): Problem[] => {
        const key = `alarmEmails[${index}]`;
        if (!EMAIL.test(email))
            return [{ key, value: email, allowed: "an address such as team@example.com" }];
        return emails.indexOf(email) === index
            ? []
            : [{ key, value: email, allowed: "each address once; leave this one out" }];
    });
    return emails.length > MOST_EMAILS
        ? [
              ...problems,
              {
                  key: "alarmEmails",
                  value: emails.length,
                  allowed: `at most ${MOST_EMAILS} addresses, which is what AWS Budgets takes; give the address of a group`,
              },
          ]
        : problems;
}

function budgetProblems({ monthlyBudgetUsd, budgetTag }: ObservabilityArgs): Problem[] {
    const problems: Problem[] = [];
    if (monthlyBudgetUsd !== undefined && !(Number.isFinite(monthlyBudgetUsd) && monthlyBudgetUsd > 0))
        problems.push({
            key: "monthlyBudgetUsd",
            value: monthlyBudgetUsd,
            allowed: "a number of US dollars above 0; leave it out for no budget",
        });
    if (budgetTag !== undefined && monthlyBudgetUsd === undefined)
        problems.push({
            key: "budgetTag",
            value: budgetTag.key,
            allowed: "given together with monthlyBudgetUsd; without that there is no budget",
        });
    if (budgetTag !== undefined && !/^[^$\s][^$]{0,127}$/.test(budgetTag.key))
        problems.push({
            key: "budgetTag.key",
            value: budgetTag.key,
            allowed: "a tag's key of 1 to 128 characters without $, such as ExperimentID",
        });
    return problems;
}

function serviceProblems({ neptune, opensearch, pulsar }: ObservabilityArgs["services"]): Problem[] {
    const whole = (key: string, value: number | undefined, least: number, most: number): Problem[] =>
        value === undefined || (Number.isInteger(value) && value >= least && value <= most)
            ? []
            : [{ key: `services.${key}`, value, allowed: `a whole number from ${least} to ${most}` }];
    const names = (pulsar?.nodes ?? []).map(({ name }) => name);
    const duplicate = names.find((node, index) => names.indexOf(node) !== index);
    return [
        ...whole("neptune.readReplicas", neptune?.readReplicas, 0, MOST_READ_REPLICAS),
        ...whole("opensearch.dataNodeCount", opensearch?.dataNodeCount, 1, 1002),
        ...whole("opensearch.dedicatedMasterCount", opensearch?.dedicatedMasterCount, 0, 5),
        ...whole("opensearch.volumeSizeGib", opensearch?.volumeSizeGib, 1, 65536),
        ...(duplicate === undefined
            ? []
            : [
                  {
                      key: "services.pulsar.nodes",
                      value: duplicate,
                      allowed: "each name once, as PulsarCluster.nodes has them",
                  },
              ]),
    ];
}
