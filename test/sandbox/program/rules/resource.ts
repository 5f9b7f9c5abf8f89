import { UNKNOWN } from "../../../../sandbox/providers/server/values";

/** A resource as a preview plans it, or as a state records it. */
export interface PlannedResource {
    readonly urn: string;
    /** Type token, for example `aws:ec2/vpc:Vpc`. */
    readonly type: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly protect?: boolean;
    /** For each input the resources that its value is made of; the engine knows them even while the value is unknown. */
    readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

/** What the rules have to know of the stack. */
export interface StackFacts {
    readonly project: string;
    readonly stack: string;
    readonly owner: string;
    /** Whether its data is to survive a mistake: `protectData`. */
    readonly protectsData: boolean;
}

/** What a rule has to say of one property. */
export interface Finding {
    /** `unknown`: the value will be known when the stack is there; never a pass. */
    readonly kind: "violation" | "unknown";
    readonly property: string;
    readonly text: string;
}

/** The mark of a value that the engine hands on in a wrapper: secrets, assets, outputs. */
const WRAPPED = "4dabf18193072939515e22adb298388d";

/** Whether a rule can judge a value: not one that a preview cannot know, nor a secret. */
export function isKnown(value: unknown): boolean {
    if (value === UNKNOWN) return false;
    return typeof value !== "object" || value === null || !(WRAPPED in value);
}

/** The value at a path such as `rootBlockDevice.encrypted`; unknown when something on the way is. */
export function valueAt(inputs: unknown, path: string): unknown {
    return path.split(".").reduce((value: unknown, key) => {
        if (!isKnown(value)) return value;
        return typeof value === "object" && value !== null
            ? (value as Record<string, unknown>)[key]
            : undefined;
    }, inputs);
}

/** The elements of a list, none when it is absent. A list that is unknown as a whole is one unknown element. */
export function listAt(inputs: unknown, path: string): unknown[] {
    const value = valueAt(inputs, path);
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? (value as unknown[]) : [value];
}

export const violation = (property: string, text: string): Finding => ({ kind: "violation", property, text });

export const unknown = (property: string): Finding => ({
    kind: "unknown",
    property,
    text: "not known before it is made",
});

/** Nothing when the value of a property is as it must be. A property that is absent is judged as `undefined`. */
export function must(
    { inputs }: Pick<PlannedResource, "inputs">,
    property: string,
    isRight: (value: unknown) => boolean,
    what: string,
): Finding[] {
    const value = valueAt(inputs, property);
    if (!isKnown(value)) return [unknown(property)];
    return isRight(value)
        ? []
        : [violation(property, `${JSON.stringify(value) ?? "nothing"} is not ${what}`)];
}

export const mustBe = (
    resource: Pick<PlannedResource, "inputs">,
    property: string,
    wanted: unknown,
): Finding[] => must(resource, property, (value) => value === wanted, JSON.stringify(wanted));

/** For what is wrong when it is there at all. */
export const mustBeAbsent = (resource: Pick<PlannedResource, "inputs">, property: string): Finding[] =>
    must(resource, property, (value) => value === undefined || value === null, "allowed here");

/** For a switch whose default is the safe side. */
export const mustNotBeOn = (resource: Pick<PlannedResource, "inputs">, property: string): Finding[] =>
    must(resource, property, (value) => value === undefined || value === false, "off");

/** For a property whose value may be of another resource and unknown, but has to be given. */
export function mustBeGiven({ inputs }: Pick<PlannedResource, "inputs">, property: string): Finding[] {
    const value = valueAt(inputs, property);
    const isEmpty =
        value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
    return isEmpty ? [violation(property, "has to be given")] : [];
}
