import { allProperties, defaultedNames } from "./check";
import { sameValue, type Property } from "./property";
import type { AnyResource } from "./resource";
import { isObject, isZero, type PropertyMap } from "./values";

/**
 * The inputs that a resource read from AWS corresponds to.
 *
 * After a refresh, an input that the program had set (or that has a default) shows what it has become, and one that it had
 * left out shows up only where leaving it out means "nothing": AWS's own choices are no drift. An import has nothing
 * remembered, and gets every input that says something.
 */
export function inputsFromState<C>(
    spec: AnyResource<C>,
    state: PropertyMap,
    oldInputs: PropertyMap,
): PropertyMap {
    const imported = Object.keys(oldInputs).length === 0;
    const inputs = inputsOf(allProperties(spec), state, oldInputs, imported);
    if (!imported) inputs.__defaults = [...defaultedNames(oldInputs)];
    return inputs;
}

function inputsOf(
    properties: Readonly<Record<string, Property>>,
    state: PropertyMap,
    oldInputs: PropertyMap,
    imported: boolean,
): PropertyMap {
    const inputs: PropertyMap = {};
    for (const [name, definition] of Object.entries(properties)) {
        const old = oldInputs[name];
        const actual = asInput(definition, state[name], old, imported);
        if (old !== undefined) {
            // What AWS does not tell (the waiting time of a deletion) stays as it was; an equal value keeps its form.
            const kept = !(name in state) || sameValue(definition, old, actual);
            const value = kept ? old : actual;
            if (value !== undefined) inputs[name] = value;
        } else if (imported ? shows(actual, definition.default) : !definition.computed && !isZero(actual)) {
            inputs[name] = actual;
        }
    }
    return inputs;
}

/** What of an object is an input. */
function asInput({ members }: Property, actual: unknown, old: unknown, imported: boolean): unknown {
    if (!members || !isObject(actual)) return actual;
    return inputsOf(members, actual, isObject(old) ? old : {}, imported);
}

/** A default of `true` makes `false` worth showing. */
function shows(actual: unknown, byDefault: unknown): boolean {
    return actual !== undefined && (!isZero(actual) || (byDefault !== undefined && !isZero(byDefault)));
}
