import { SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { Retries } from "../../../lib/aws/retry";
import type { StudioDomain } from "../../../lib/aws/studio";
import { actionOf, clientInMemory, type SentCommand } from "../../support/sdk-client";
import { awsError, type FakeEc2 } from "./fake-ec2";

type Input = Record<string, unknown>;

/**
 * SageMaker in memory, over the domain of a network's observations, with AWS's preconditions. Calls, missing permissions and errors
 * are the network's.
 */
export class FakeStudio {
    /** How often a domain is still being updated when it is looked at. */
    updating = 0;

    constructor(private readonly ec2: FakeEc2) {}

    /** A client that does not retry. */
    get client(): SageMakerClient {
        return this.connect();
    }

    connect(retries?: Retries): SageMakerClient {
        return clientInMemory(SageMakerClient, (command) => this.send(command), retries);
    }

    async send(command: SentCommand): Promise<unknown> {
        const action = actionOf(command);
        this.ec2.record(action, command.input);
        return structuredClone(this.answer(action, command.input));
    }

    private answer(action: string, input: Input): unknown {
        const domain = this.domain(input.DomainId ?? input.ResourceArn);
        switch (action) {
            case "DescribeDomain":
                return {
                    DomainArn: domain.domainId,
                    DomainId: domain.domainId,
                    AppNetworkAccessType: domain.accessType,
                    VpcId: domain.vpcId,
                    SubnetIds: domain.subnetIds,
                    Status: this.updating-- > 0 ? "Updating" : "InService",
                };
            case "ListTags":
                return { Tags: Object.entries(domain.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) };
            case "UpdateDomain":
                if (input.AppNetworkAccessType === "VpcOnly" && !(input.VpcId && input.SubnetIds))
                    throw awsError("ValidationException");
                domain.accessType = input.AppNetworkAccessType as string;
                return { DomainArn: domain.domainId };
            default:
                throw new Error(`SageMaker in memory does not know ${action}`);
        }
    }

    private domain(id: unknown): StudioDomain {
        const { studio } = this.ec2.observations;
        if (studio === undefined || studio.domainId !== id) throw awsError("ResourceNotFound");
        return studio;
    }
}
