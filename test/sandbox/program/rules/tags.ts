import { sdkType } from "../../../../sandbox/providers/server/sdk-schema";
import { type Finding, must, type PlannedResource, type StackFacts } from "./resource";

/** As the SDK says: what can carry tags answers with all that it carries. */
export const isTaggable = (type: string): boolean =>
    sdkType("@pulumi/aws", type)?.outputs.has("tagsAll") ?? false;

/** The tags of everything, also of the volume that comes with an instance and has no resource of its own. */
export function identityTags(resource: PlannedResource, { project, stack, owner }: StackFacts): Finding[] {
    const places =
        resource.type === "aws:ec2/instance:Instance" ? ["tags", "rootBlockDevice.tags"] : ["tags"];
    const is = (wanted: string) => [(value: unknown) => value === wanted, JSON.stringify(wanted)] as const;
    const matches = (pattern: RegExp) =>
        [(value: unknown) => typeof value === "string" && pattern.test(value), String(pattern)] as const;
    const wanted = {
        Project: is(project),
        Stack: is(stack),
        ManagedBy: is("pulumi"),
        Owner: is(owner),
        ExperimentID: matches(/^exp-\d{8}-\d{6}$/),
        ExpiresAt: matches(/^(never|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)$/),
        Component: matches(/^[a-z]+$/),
    };
    return places.flatMap((place) =>
        Object.entries(wanted).flatMap(([tag, [isRight, what]]) =>
            must(resource, `${place}.${tag}`, isRight, what),
        ),
    );
}
