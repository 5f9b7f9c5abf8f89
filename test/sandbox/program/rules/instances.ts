import { type Finding, must, mustBe, mustBeGiven, type PlannedResource } from "./resource";

export const equipped = (resource: PlannedResource): Finding[] => [
    ...mustBeGiven(resource, "iamInstanceProfile"),
    ...mustBe(resource, "monitoring", true),
    ...mustBe(resource, "ebsOptimized", true),
];

/** What forwards for others needs it off; nothing here does. */
export const checksSource = (resource: PlannedResource): Finding[] =>
    mustBe(resource, "sourceDestCheck", true);

export const alarmActs = (resource: PlannedResource): Finding[] => [
    ...mustBe(resource, "actionsEnabled", true),
    ...must(
        resource,
        "alarmActions",
        (actions) => Array.isArray(actions) && actions.length > 0,
        "a list with a topic",
    ),
];
