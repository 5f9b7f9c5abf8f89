import { z } from "zod";

import { object } from "../../components/schema/fields";

/** How a lab comes to a service: it makes it, uses one that exists, or does without. */
export const SERVICE_MODES = ["create", "adopt", "off"] as const;

/** An object with the mode adopt. */
const adoptObject = <const Shape extends z.ZodRawShape>(shape: Shape) =>
    object({ mode: z.literal("adopt"), ...shape });

/**
 * The schema of one service: the fields of each mode.
 *
 * @param create the fields of a service that is made.
 * @param adopt makes the schema of one that exists.
 */
export function serviceSchema<const Create extends z.ZodRawShape, Adopt extends z.core.$ZodTypeDiscriminable>(
    create: Create,
    adopt: (fields: typeof adoptObject) => Adopt,
) {
    return z
        .discriminatedUnion(
            "mode",
            [
                object({ mode: z.literal("off") }),
                object({ mode: z.literal("create"), ...create }),
                adopt(adoptObject),
            ],
            { error: `an object whose mode is one of ${SERVICE_MODES.join(", ")}` },
        )
        .prefault({ mode: "off" } as never);
}
