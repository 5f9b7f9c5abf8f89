/**
 * What inputs have to be like together: the problems that there are.
 *
 * @param isGiven Whether the program gives an input that says something, be it unknown yet.
 */
export type Rule<Inputs> = (
    inputs: Partial<Inputs>,
    isGiven: (name: keyof Inputs & string) => boolean,
) => string[];

/** Inputs that are required although the SDK has them as optional; `because` ends the sentence. */
export const needs =
    <Inputs>(
        names: (keyof Inputs & string) | readonly (keyof Inputs & string)[],
        because: string,
    ): Rule<Inputs> =>
    (_inputs, isGiven) =>
        [names]
            .flat()
            .filter((name) => !isGiven(name as keyof Inputs & string))
            .map((name) => `Missing required argument: "${String(name)}" is required${because}`);

/** One of several inputs, and only one. */
export const exactlyOneOf =
    <Inputs>(names: readonly (keyof Inputs & string)[]): Rule<Inputs> =>
    (_inputs, isGiven) => {
        const given = names.filter(isGiven);
        return given.length === 1
            ? []
            : [`exactly one of [${names.join(", ")}] must be set, got [${given.join(", ")}]`];
    };

/** Inputs that exclude each other. */
export const conflicts =
    <Inputs>(name: keyof Inputs & string, ...others: (keyof Inputs & string)[]): Rule<Inputs> =>
    (_inputs, isGiven) =>
        isGiven(name) ? others.filter(isGiven).map((other) => `"${name}": conflicts with ${other}`) : [];

/** A problem, if there is one. */
export const when = (isWrong: boolean, problem: string): string[] => (isWrong ? [problem] : []);
