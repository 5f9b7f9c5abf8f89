import type { Ec2 } from "../../../lib/aws/ec2";
import type { Studio } from "../../../lib/aws/studio";
import type { ObservedNetwork } from "../../observations";

/** The services that edits are made with. */
export interface EditServices {
    ec2: Ec2;
    /** @default none: a SageMaker domain cannot be changed */
    studio?: Studio;
}

/** What AWS created while it carried out an edit. The undo has to name it. */
export interface Applied {
    /** The id of a new association, of a route table or of a network ACL. */
    associationId?: string;
}

/** What a repair created that is not in Pulumi's state, so that the check itself has to remove it. */
export interface Leftover {
    associationId: string;
    routeTableId: string;
    subnetId: string;
}

/** The setting that an edit writes, as a snapshot has it. */
export interface Current {
    /** The value as the record of a repair shows it: "nat-1", "no route". */
    text: string;
    /**
     * Everything that must not change between the plan and the edit, for edits that overwrite or remove a setting.
     *
     * @default none: the edit only adds, or AWS itself refuses it when the setting has changed
     */
    guarded?: string;
    /** The association that carries the setting. */
    associationId?: string;
}

/**
 * One kind of edit: a setting of the network, and the API actions that write it. All that the project knows about the kind is in its
 * file, except whether an edit is admitted: that is for the gate to say.
 */
export interface EditKind<E extends { action: string }> {
    /**
     * What each action costs, so that of two edits that cure the same finding the planner takes the cheaper. The unit is not money: an
     * edit that only adds costs least, one that overwrites a setting costs more, one that removes something costs most. From 10 on an
     * edit is only made when the configuration allows it by name. An action that costs Infinity only undoes and is never planned.
     */
    readonly costs: Readonly<Record<E["action"], number>>;
    /** @default 0 */
    extraCost?(edit: E): number;

    /** The edit in one line, without its action. */
    describe(edit: E): string;
    /** The ids of the resources that the edit changes. A resource that it only names, such as the target of a route, is not among them. */
    touches(edit: E): string[];

    /** Reads the setting again from AWS: the part of the network that {@link current} looks at. */
    read(edit: E, services: EditServices, region: string): Promise<ObservedNetwork>;
    /** The setting as a snapshot has it. */
    current(edit: E, network: ObservedNetwork): Current;
    /** The text of {@link current} once the edit is in effect. */
    wanted(edit: E): string;

    /**
     * Reads what else has to hold right before the edit is made.
     *
     * @throws when it does not hold.
     * @default nothing else has to hold
     */
    assertAllowed?(edit: E, services: EditServices): Promise<void>;
    /** @throws what the SDK throws when AWS refuses the edit. */
    apply(edit: E, services: EditServices): Promise<Applied>;
    /** The edit that restores the setting as it was; nothing when AWS offers none. */
    undo(edit: E, before: ObservedNetwork, applied: Applied): E | undefined;
    /** @default nothing: Pulumi finds what the edit made by its content, and takes it for the program's own */
    leftover?(edit: E, applied: Applied): Leftover | undefined;
}
