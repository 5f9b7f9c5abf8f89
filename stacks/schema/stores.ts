import { adoptedNeptuneSettings, neptuneSettings } from "../../components/neptune/schema";
import { adoptedOpensearchSettings, opensearchSettings } from "../../components/opensearch/schema";
import { serviceSchema } from "./service";

/** Amazon Neptune. */
export const neptune = serviceSchema(
    {
        ...neptuneSettings,
        /**
         * Name of the cluster, unique in the account and region. A new name replaces the cluster and its data.
         * @default made from the names of the project and the stack
         */
        clusterIdentifier: neptuneSettings.clusterIdentifier.optional(),
    },
    (adopt) => adopt(adoptedNeptuneSettings),
);

/** Amazon OpenSearch Service. */
export const opensearch = serviceSchema(
    {
        ...opensearchSettings,
        /**
         * Name of the domain, unique in the account and region. A new name is a new, empty domain.
         * @default made from the names of the project and the stack
         */
        domainName: opensearchSettings.domainName,
        /**
         * ARN of the IAM role that administers fine-grained access control: it maps other roles to what they may do.
         * @default a role that the stack makes, which the account's administrators may assume
         */
        masterUserArn: opensearchSettings.masterUserArn.optional(),
    },
    (adopt) => adopt(adoptedOpensearchSettings),
);
