import { z } from "zod";

import { interfaceServices } from "../../components/endpoint-services";
import { httpsEgressRoles } from "../../components/flows";
import {
    adoptedNetworkSettings,
    networkSettings,
    sharedNetworkSettings,
} from "../../components/network/schema";
import { flag, object } from "../../components/schema/fields";

const egress = {
    /**
     * Roles that may reach the internet, on HTTPS through NAT. No other role has a way there.
     * @default []
     */
    httpsEgress: httpsEgressRoles().default([]),
};

const endpoints = {
    /**
     * Services with an interface endpoint, besides those that roles without a way to the internet need.
     * @default []
     */
    interfaceEndpoints: interfaceServices().default([]),
};

const modes = z.discriminatedUnion(
    "mode",
    [
        object({ mode: z.literal("create"), ...networkSettings, ...endpoints, ...egress }),
        object({
            mode: z.literal("adopt"),
            ...adoptedNetworkSettings,
            /**
             * Whether the private subnets reach the internet through NAT.
             * @default true
             */
            nat: flag().default(true),
            ...endpoints,
            ...egress,
        }),
        object({ mode: z.literal("shared"), ...sharedNetworkSettings, ...egress }),
    ],
    { error: "an object whose mode is one of create, adopt, shared" },
);

const isObject = (value: unknown): value is object =>
    typeof value === "object" && value !== null && !Array.isArray(value);

/** The network of a stack: made (which is what most stacks do), adopted by id, or shared by another stack. */
export const network = z.preprocess(
    (given) => (isObject(given) && !("mode" in given) ? { mode: "create", ...given } : given),
    modes,
);
