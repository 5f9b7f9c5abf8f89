import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";

import type { PolicyStatement } from "../../lib/policy/statement";
import { validated } from "../schema/problems";
import { assertNoProblems, describeProblem, missingProblem, type Problem } from "../validation";
import { type DataAccess, domainStatement } from "./access-policy";
import type { OpenSearchOutputs } from "./outputs";
import { adoptedOpensearchSchema, TLS_SECURITY_POLICIES } from "./schema";

/** Arguments of an {@link AdoptedOpenSearchDomain}: the plain ones of its schema, and these, which may come from resources. */
export interface AdoptedOpenSearchDomainArgs extends z.input<typeof adoptedOpensearchSchema> {
    /**
     * The VPC that the domain has to be in.
     * @default any: a domain in another VPC needs peering, and rules by address
     */
    vpcId?: pulumi.Input<string>;
}

/** What is looked at of an existing domain. */
export interface FoundDomain {
    readonly vpcId: string | undefined;
    readonly encryptedAtRest: boolean;
    readonly encryptedBetweenNodes: boolean;
    readonly fineGrainedAccessControl: boolean;
    readonly enforcesHttps: boolean;
    readonly tlsSecurityPolicy: string | undefined;
}

/**
 * An OpenSearch domain that exists already and is somebody else's: read, held to what this lab asks of a domain, and never
 * changed. It has the outputs of an `OpenSearchDomain`.
 *
 * **Cost**: none.
 */
export class AdoptedOpenSearchDomain extends pulumi.ComponentResource implements OpenSearchOutputs {
    readonly endpoint: pulumi.Output<string>;
    readonly dashboardEndpoint: pulumi.Output<string>;
    readonly domainArn: pulumi.Output<string>;
    readonly domainName: pulumi.Output<string>;
    readonly securityGroupIds: pulumi.Output<string[]>;
    readonly subnetIds: pulumi.Output<string[]>;

    /**
     * @param name The logical name; children are named from it.
     * @param args Which domain.
     * @param opts Component options.
     * @throws when the name is none that a domain can have. A domain that is not there or does not fit fails the outputs.
     */
    constructor(name: string, args: AdoptedOpenSearchDomainArgs, opts?: pulumi.ComponentResourceOptions) {
        super("pulsar-lab:search:AdoptedOpenSearchDomain", name, {}, opts);
        validated(this, name, adoptedOpensearchSchema, args);
        // The function says what the resource cannot: that there is no such domain, in words that name it.
        const found = pulumi.output(
            aws.opensearch
                .getDomain({ domainName: args.domainName }, { parent: this })
                .catch((error: unknown) => {
                    throw new pulumi.ResourceError(notAdoptable(name, args.domainName, error), this, true);
                }),
        );
        // The function leaves out how the endpoint is secured; a read of the resource tells it.
        const read = aws.opensearch.Domain.get(
            `${name}-domain`,
            found.arn,
            { domainName: args.domainName },
            { parent: this },
        );
        const fit = pulumi
            .all([found, read.domainEndpointOptions, args.vpcId])
            .apply(([domain, endpointOptions, vpcId]) => {
                const facts: FoundDomain = {
                    vpcId: domain.vpcOptions[0]?.vpcId,
                    encryptedAtRest: domain.encryptionAtRests[0]?.enabled ?? false,
                    encryptedBetweenNodes: domain.nodeToNodeEncryptions[0]?.enabled ?? false,
                    fineGrainedAccessControl: domain.advancedSecurityOptions[0]?.enabled ?? false,
                    enforcesHttps: endpointOptions?.enforceHttps ?? false,
                    tlsSecurityPolicy: endpointOptions?.tlsSecurityPolicy,
                };
                assertNoProblems(this, name, adoptionProblems(args.domainName, facts, vpcId));
                return domain;
            });

        this.endpoint = fit.endpoint;
        this.dashboardEndpoint = fit.dashboardEndpoint;
        this.domainArn = fit.arn;
        this.domainName = fit.domainName;
        this.securityGroupIds = fit.apply(({ vpcOptions }) => vpcOptions[0]?.securityGroupIds ?? []);
        this.subnetIds = fit.apply(({ vpcOptions }) => vpcOptions[0]?.subnetIds ?? []);
        this.registerOutputs({
            endpoint: this.endpoint,
            dashboardEndpoint: this.dashboardEndpoint,
            domainArn: this.domainArn,
            domainName: this.domainName,
        });
    }

    accessStatement(access: DataAccess): pulumi.Output<PolicyStatement> {
        return this.domainArn.apply((arn) => domainStatement(arn, access));
    }
}

function notAdoptable(name: string, domainName: string, error: unknown): string {
    const problem = missingProblem("domainName", domainName, "the name of a domain", error);
    return `AdoptedOpenSearchDomain "${name}" cannot be adopted:\n  - ${describeProblem(problem)}`;
}

/** What keeps an existing domain from being adopted; pure. */
export function adoptionProblems(domainName: string, found: FoundDomain, vpcId?: string): Problem[] {
    const policies: readonly string[] = TLS_SECURITY_POLICIES;
    const problem = (allowed: string) => [{ key: "domainName", value: domainName, allowed }];
    const inVpc = found.vpcId !== undefined && found.vpcId !== "";
    return [
        ...(inVpc ? [] : problem("a domain in a VPC; this one has a public endpoint, and cannot be moved")),
        ...(inVpc && vpcId !== undefined && found.vpcId !== vpcId
            ? problem(`a domain in ${vpcId}; this one is in ${found.vpcId}`)
            : []),
        ...(found.fineGrainedAccessControl
            ? []
            : problem("a domain with fine-grained access control; enable it on this one first")),
        ...(found.encryptedAtRest
            ? []
            : problem("a domain that is encrypted at rest; enable it on this one first")),
        ...(found.encryptedBetweenNodes
            ? []
            : problem("a domain with node-to-node encryption; enable it on this one first")),
        ...(found.enforcesHttps ? [] : problem("a domain that requires HTTPS; require it on this one first")),
        ...(policies.includes(found.tlsSecurityPolicy ?? "")
            ? []
            : problem(
                  `a domain with one of ${policies.join(", ")}; this one has ${found.tlsSecurityPolicy ?? "no TLS policy"}`,
              )),
    ];
}
