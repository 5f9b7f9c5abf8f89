import { adoptedNeptuneSettings, neptuneSettings } from "../../components/neptune/schema";
import { adoptedOpensearchSettings, opensearchSettings } from "../../components/opensearch/schema";
import { serviceSchema } from "./service";

/** Amazon Neptune. */
export const neptune = serviceSchema(
    {
        ...neptuneSettings,
        /** @default made from the names of the project and the stack */
        clusterIdentifier: neptuneSettings.clusterIdentifier.optional(),
    },
    (adopt) => adopt(adoptedNeptuneSettings),
);

/** Amazon OpenSearch Service. */
export const opensearch = serviceSchema(
    {
        ...opensearchSettings,
        /** @default a role that the stack makes, which the account's administrators may assume */
        masterUserArn: opensearchSettings.masterUserArn.optional(),
    },
    (adopt) => adopt(adoptedOpensearchSettings),
);
