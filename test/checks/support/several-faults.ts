import fc from "fast-check";

import type { NetworkIntent } from "../../../checks/intent";
import { allFaults, type Fault } from "./faults";

/** Two or three faults that do not exclude each other, at random places. */
export function severalFaults(intent: NetworkIntent): fc.Arbitrary<Fault[]> {
    return (
        fc
            .uniqueArray(fc.constantFrom(...allFaults(intent)), {
                minLength: 2,
                maxLength: 3,
                selector: (fault) => fault.slot,
            })
            // A route to an internet gateway that is detached is a blackhole, and is named as that; one to another zone's NAT gateway
            // that does not work is no mere crossing; and an appliance stops references of those alone who carry the groups, in
            // subnets that use its table.
            .filter((faults) => {
                const ids = faults.map(({ expected }) => expected.id);
                const both = (one: string, ...others: string[]) =>
                    ids.some((id) => id === one) && ids.some((id) => others.includes(id));
                return (
                    !both("PRIVATE_TO_IGW", "IGW_DETACHED") &&
                    !both("NAT_CROSSES_ZONE", "NAT_NOT_PUBLIC", "NAT_BAD_STATE") &&
                    !both(
                        "MIDDLEBOX_BREAKS_REFERENCES",
                        "INTERFACE_WRONG_GROUPS",
                        "SUBNET_ON_WRONG_TABLE",
                        "SUBNET_ON_MAIN_TABLE",
                    )
                );
            })
    );
}
