import { ENDPOINT_FAULTS } from "./endpoints";
import type { Faults } from "./fault";
import { NETWORK_ACL_FAULTS } from "./network-acls";
import { ROUTE_FAULTS } from "./routes";
import { SECURITY_GROUP_FAULTS } from "./security-groups";
import { SERVICE_FAULTS } from "./services";

export type { BreakableNetwork, Fault } from "./fault";

/** The faults by the number of their row in docs/explanations.md. */
export const FAULTS: Faults = {
    ...ROUTE_FAULTS,
    ...NETWORK_ACL_FAULTS,
    ...SECURITY_GROUP_FAULTS,
    ...ENDPOINT_FAULTS,
    ...SERVICE_FAULTS,
};
