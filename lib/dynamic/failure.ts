/** Under this key the engine passes the serialized provider; a failure has to give it back, or the state loses it. */
const PROVIDER_KEY = "__provider";

/**
 * The error of a dynamic provider that keeps its state: the engine stores the outputs, creates nothing that depends on the
 * resource, and calls `update` at the next `up`, whatever `diff` says. Only `reasons` is printed.
 *
 * @param id The resource's id.
 * @param inputs The inputs as the engine handed them over.
 * @param outs The outputs to be stored.
 * @param report What the user reads.
 */
export function failure(id: string, inputs: object, outs: object, report: string): Error {
    const provider = (inputs as Record<string, unknown>)[PROVIDER_KEY];
    const properties = provider === undefined ? outs : { ...outs, [PROVIDER_KEY]: provider };
    return Object.assign(new Error(report), { id, properties, reasons: [report] });
}
