import { z } from "zod";

import { allowed, object } from "./common";

/** How a lab comes to a service: it makes it, takes one that is there, or does without. */
export const SERVICE_MODES = ["create", "adopt", "off"] as const;

/** A strict object with the mode adopt. */
const adoptObject = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
    z.strictObject({ mode: z.literal("adopt"), ...shape }, object);

/**
 * The schema of one service: the fields of each mode.
 *
 * @param create what a service that is made takes.
 * @param adopt makes the schema of one that is taken over.
 */
export function serviceSchema<
    Create extends z.core.$ZodLooseShape,
    Adopt extends z.core.$ZodTypeDiscriminable,
>(create: Create, adopt: (fields: typeof adoptObject) => Adopt) {
    return z
        .discriminatedUnion(
            "mode",
            [
                z.strictObject({ mode: z.literal("off") }, object),
                z.strictObject({ mode: z.literal("create"), ...create }, object),
                adopt(adoptObject),
            ],
            allowed(`an object whose mode is one of ${SERVICE_MODES.join(", ")}`),
        )
        .prefault({ mode: "off" } as never);
}
