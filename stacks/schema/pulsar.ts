import { adoptedPulsarRule, adoptedPulsarSettings, pulsarSettings } from "../../components/pulsar/schema";
import { serviceSchema } from "./service";

/** Apache Pulsar. Its roles are judged with the zones of the network. */
export const pulsar = serviceSchema(pulsarSettings, (adopt) =>
    adopt(adoptedPulsarSettings).check(adoptedPulsarRule),
);
