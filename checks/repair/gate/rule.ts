import type { NetworkIntent } from "../../intent";
import type { ObservedNetwork } from "../../observations";

/** Whether the gate admits an edit of one action. An action without a condition is refused: it only undoes. */
export interface GateRule<E> {
    /** The declared network says that the setting has this value. */
    declared?: Condition<E>;
    /** What the configuration can allow by name. */
    allowedByName?: Condition<E>;
}

type Condition<E> = (edit: E, intent: NetworkIntent, network: ObservedNetwork) => boolean;
