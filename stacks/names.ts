import { domainNameFrom } from "../components/opensearch/domain-name";

/** The name of a stack and of its project: together they are unique in an account and region. */
export interface StackName {
    readonly project: string;
    readonly stack: string;
}

/** Names that AWS wants to be unique in an account and region, or that people see. */
export interface ServiceNames {
    readonly pulsarCluster: string;
    readonly neptuneCluster: string;
    readonly opensearchDomain: string;
    readonly studioDomain: string;
}

/**
 * The names of a stack's services. They follow from the stack and from nothing else, so that they stay; what the configuration names
 * wins over them. All are valid as a name of OpenSearch, which is the strictest.
 */
export function serviceNames({ project, stack }: StackName): ServiceNames {
    const name = domainNameFrom(project, stack);
    return { pulsarCluster: name, neptuneCluster: name, opensearchDomain: name, studioDomain: name };
}
