import { type Finding, must, mustBe, type PlannedResource } from "./resource";

export const alarmActs = (resource: PlannedResource): Finding[] => [
    ...mustBe(resource, "actionsEnabled", true),
    ...must(
        resource,
        "alarmActions",
        (actions) => Array.isArray(actions) && actions.length > 0,
        "a list with a topic",
    ),
];
