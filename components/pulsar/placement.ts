import type { Problem } from "../validation";

/**
 * The zones of a role's instances, first to last.
 *
 * Those that `placement` names are there. Each further one goes where the role has the fewest, and of several such zones to the
 * first in the order of the list. A zone that is appended therefore attracts what is added later, and the zones that
 * `placement` names stay whatever is appended.
 *
 * No rule without a memory can leave everything in its place: four instances in three zones are a, b, c, a, in four they are a, b, c,
 * d. The memory is `placement`, and, for instances that it does not name, what has been created: a volume or an interface
 * never changes its zone (see `PulsarNode`).
 */
export function placeInstances(
    count: number,
    availabilityZones: readonly string[],
    placement: readonly string[] = [],
): string[] {
    const placed = placement.slice(0, count);
    while (placed.length < count) {
        const tally = availabilityZones.map((zone) => placed.filter((one) => one === zone).length);
        const zone = availabilityZones[tally.indexOf(Math.min(...tally))];
        if (zone === undefined) break;
        placed.push(zone);
    }
    return placed;
}

/** What is wrong with a role's placement. */
export function placementProblems(
    key: string,
    placement: readonly string[] | undefined,
    availabilityZones: readonly string[],
): Problem[] {
    return (placement ?? []).flatMap((zone, index) =>
        availabilityZones.includes(zone)
            ? []
            : [
                  {
                      key: `${key}[${index}]`,
                      value: zone,
                      allowed: `one of the availabilityZones ${availabilityZones.join(", ")}`,
                  },
              ],
    );
}
