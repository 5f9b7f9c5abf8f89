import { type Finding, mustBe, mustBeGiven, type PlannedResource } from "./resource";

export const equipped = (resource: PlannedResource): Finding[] => [
    ...mustBeGiven(resource, "iamInstanceProfile"),
    ...mustBe(resource, "monitoring", true),
    ...mustBe(resource, "ebsOptimized", true),
];

/** What forwards for others needs it off; nothing here does. */
export const checksSource = (resource: PlannedResource): Finding[] =>
    mustBe(resource, "sourceDestCheck", true);
