import type { Problem } from "../validation";
import { type InstanceTypeFacts, instanceTypeFacts } from "./instance-types";
import { PULSAR_ROLES, type PulsarRole } from "./ports";

/** The instances of each role, as far as one image has to fit them all. */
type Instances = Readonly<Record<PulsarRole, { readonly count: number; readonly instanceType: string }>>;

/** The roles that have instances. */
export function presentRoles(instances: Instances): PulsarRole[] {
    return PULSAR_ROLES.filter((role) => instances[role].count > 0);
}

/** The architecture of the instances: one image is for one architecture. Undefined when it is not known. */
export function architectureOf(instances: Instances): InstanceTypeFacts["architecture"] | undefined {
    return presentRoles(instances)
        .map((role) => instanceTypeFacts(instances[role].instanceType)?.architecture)
        .find((architecture) => architecture !== undefined);
}

/** Instance types that need another image than the first one does. */
export function architectureProblems(instances: Instances): Problem[] {
    const first = architectureOf(instances);
    return presentRoles(instances).flatMap((role) => {
        const { instanceType } = instances[role];
        const architecture = instanceTypeFacts(instanceType)?.architecture;
        if (architecture === undefined || architecture === first) return [];
        const allowed = `a type for ${first}, as the other roles have: it is for ${architecture}, and all start from one image`;
        return [{ key: `${role}.instanceType`, value: instanceType, allowed }];
    });
}
