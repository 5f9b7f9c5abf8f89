/**
 * Takes ids apart that are made of several parts.
 *
 * @param pattern With a group for each part.
 * @param form How an id looks, for the error.
 */
export const idParts =
    <Part extends string>(pattern: RegExp, form: string, ...parts: Part[]) =>
    (id: string): Record<Part, string> => {
        const match = pattern.exec(id);
        if (!match) throw new Error(`unexpected format for ID (${id}), expected ${form}`);
        return Object.fromEntries(parts.map((part, index) => [part, match[index + 1]])) as Record<
            Part,
            string
        >;
    };

type Word<Text extends string> = Text extends `${infer First} ${infer Rest}` ? First | Word<Rest> : Text;

/** Names out of texts in which spaces part them. */
export const words = <const Text extends string>(...texts: Text[]): Word<Text>[] =>
    texts.flatMap((text) => text.split(" ")) as Word<Text>[];
