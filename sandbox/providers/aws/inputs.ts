import { only, type Property, type PropertyKind, type PropertyTraits } from "../server/property";
import type { SdkProperties, SdkProperty, SdkType } from "../server/sdk-schema";

/** What the SDK's declarations do not say of an input. */
export interface InputTraits extends PropertyTraits {
    /** @default what the declarations say; lists count as sets, numbers as whole ones */
    kind?: PropertyKind;
    /** The members of an object that are done. AWS chooses those that a program leaves out, unless their traits deny it. */
    members?: Readonly<Record<string, InputTraits>>;
}

/** The inputs of a type that are done, by what a change of them does. */
export interface InputLists {
    fixed?: readonly string[];
    plain?: readonly string[];
    remembered?: readonly string[];
    inputs?: Readonly<Record<string, InputTraits | undefined>>;
    only?: Readonly<Record<string, unknown>>;
    instead?: string;
}

/** The inputs of a type with all their traits. */
export function propertiesOf(sdk: SdkType, lists: InputLists): Record<string, Property> {
    const { fixed = [], plain = [], remembered = [], inputs = {}, only: single = {}, instead } = lists;
    const names = new Set([
        ...fixed,
        ...plain,
        ...remembered,
        ...Object.keys(inputs),
        ...Object.keys(single),
    ]);
    return Object.fromEntries(
        [...names].map((name) => {
            const declared = sdk.properties[name];
            if (!declared) throw new Error(`the SDK has no property "${name}"`);
            const isRequired = sdk.required.has(name);
            const hasDefault = inputs[name]?.default !== undefined;
            const traits: InputTraits = {
                required: isRequired,
                computed: !isRequired && !declared.optional && !hasDefault,
                forceNew: fixed.includes(name),
                ...(name in single && only(inputKind(declared.kind), single[name], instead)),
                ...inputs[name],
            };
            return [name, input(declared, traits)];
        }),
    );
}

function input(declared: SdkProperty, { members, ...traits }: InputTraits): Property {
    const definition = { kind: inputKind(declared.kind), ...traits };
    if (!members) return definition;
    const nested: SdkProperties = declared.members ?? {};
    return {
        ...definition,
        members: Object.fromEntries(
            Object.entries(members).map(([name, more]) => {
                const byDefault = { computed: !more.required };
                return [
                    name,
                    input(nested[name] ?? { kind: "string", optional: true }, { ...byDefault, ...more }),
                ];
            }),
        ),
        outputs: Object.keys(nested).filter((name) => !(name in members)),
    };
}

function inputKind(kind: PropertyKind): PropertyKind {
    return kind === "list" ? "set" : kind === "number" ? "integer" : kind;
}
