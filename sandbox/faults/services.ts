import { DescribeDomainCommand, ListDomainsCommand, UpdateDomainCommand } from "@aws-sdk/client-sagemaker";

import { type Faults, must } from "./fault";

/** Faults of services in the network. */
export const SERVICE_FAULTS: Faults = {
    49: {
        title: "the SageMaker domain reaches the internet past the VPC",
        code: "X_SM_MODE",
        async inject({ sageMaker, vpcId }) {
            const client = must(sageMaker, "connection to SageMaker");
            const { Domains = [] } = await client.send(new ListDomainsCommand({}));
            for (const { DomainId } of Domains) {
                const domain = await client.send(new DescribeDomainCommand({ DomainId }));
                if (domain.VpcId !== vpcId) continue;
                const AppNetworkAccessType = "PublicInternetOnly";
                await client.send(new UpdateDomainCommand({ DomainId, AppNetworkAccessType }));
                return [must(DomainId, "id of the domain")];
            }
            return must<string[]>(undefined, "SageMaker domain");
        },
    },
};
