import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import { validated } from "../schema/problems";
import { assertNoProblems, type Problem } from "../validation";
import type { SageMakerOutputs } from "./outputs";
import { adoptedSageMakerSchema } from "./schema";

/** Arguments of an {@link AdoptedSageMakerDomain}: those of its schema, and these, which resources may give. */
export interface AdoptedSageMakerDomainArgs extends z.input<typeof adoptedSageMakerSchema> {
    /** The VPC that it has to be in: from another one it reaches none of the lab's services. */
    vpcId: pulumi.Input<string>;
}

/**
 * A SageMaker Studio domain that exists already and is somebody else's: it is read, and never changed or deleted. That it is there,
 * is in the VPC and lets no traffic past it is a condition of everything that takes an output of it.
 *
 * The provider has no function that looks a domain up, so that it is read as a resource, and a program cannot catch that: when there
 * is none of that id, the deployment ends with the engine's own message, which names the id and this component's child
 * `<name>-domain`: "resource 'd-...' does not exist". Then `domainId` has to be the id of a domain that exists in the region of the
 * stack.
 *
 * **Cost**: none of its own.
 */
export class AdoptedSageMakerDomain extends pulumi.ComponentResource implements SageMakerOutputs {
    readonly domainId: pulumi.Output<string>;
    readonly domainArn: pulumi.Output<string>;
    readonly domainUrl: pulumi.Output<string>;
    readonly homeEfsFileSystemId: pulumi.Output<string>;
    readonly executionRoleArn: pulumi.Output<string>;
    readonly securityGroupIds: pulumi.Output<string[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args The domain, and what it must be like.
     * @param opts Component options.
     * @throws when `domainId` is no domain's id; and, once the domain has been read, when it does not fit.
     */
    constructor(name: string, args: AdoptedSageMakerDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:sagemaker:AdoptedSageMakerDomain", name, {}, opts);
        const { domainId } = validated(this, name, adoptedSageMakerSchema, args);

        const found = aws.sagemaker.Domain.get(`${name}-domain`, domainId, undefined, { parent: this });
        const fits = pulumi
            .all([found.vpcId, found.appNetworkAccessType, args.vpcId])
            .apply(([vpcId, appNetworkAccessType, wantedVpcId]) =>
                assertNoProblems(
                    this,
                    name,
                    adoptionProblems({ domainId, vpcId, appNetworkAccessType }, wantedVpcId),
                ),
            );
        const checked = <T>(output: pulumi.Output<T>): pulumi.Output<T> =>
            pulumi.all([output, fits]).apply(([value]) => value) as pulumi.Output<T>;

        this.domainId = checked(pulumi.output(domainId));
        this.domainArn = checked(found.arn);
        this.domainUrl = checked(found.url);
        this.homeEfsFileSystemId = checked(found.homeEfsFileSystemId);
        this.executionRoleArn = checked(
            found.defaultUserSettings.apply((settings) => settings.executionRole),
        );
        this.securityGroupIds = checked(
            found.defaultUserSettings.apply((settings) => settings.securityGroups ?? []),
        );
        this.registerOutputs({
            domainId: this.domainId,
            domainArn: this.domainArn,
            domainUrl: this.domainUrl,
            homeEfsFileSystemId: this.homeEfsFileSystemId,
            executionRoleArn: this.executionRoleArn,
        });
    }
}

/** Why an existing domain cannot serve in a VPC; pure. */
export function adoptionProblems(
    domain: { domainId: string; vpcId: string; appNetworkAccessType: string | undefined },
    vpcId: string,
): Problem[] {
    const problems: Problem[] = [];
    if (domain.appNetworkAccessType !== "VpcOnly") {
        const allowed = `VpcOnly, so that no traffic goes past the VPC: update domain ${domain.domainId}, which takes that while no app runs, or name another`;
        const value = domain.appNetworkAccessType ?? "PublicInternetOnly";
        problems.push({ key: "the domain's appNetworkAccessType", value, allowed });
    }
    if (domain.vpcId !== vpcId) {
        const allowed = `${vpcId}, the VPC of the lab: a domain cannot be moved, so name another or let the lab create one`;
        problems.push({ key: "the domain's vpcId", value: domain.vpcId, allowed });
    }
    return problems;
}
