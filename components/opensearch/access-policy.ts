import type { PolicyStatement } from "../../lib/policy/statement";

/** HTTP methods of the OpenSearch API that IAM knows an action for (`es:ESHttpGet`, ...). */
export const HTTP_METHODS = ["Get", "Head", "Post", "Put", "Patch", "Delete"] as const;

/** One of {@link HTTP_METHODS}. */
export type HttpMethod = (typeof HTTP_METHODS)[number];

/**
 * What a role may do with a domain's data: `read` searches (a search with a body is a POST), `write` indexes and deletes as
 * well. Which indexes, fine-grained access control decides.
 */
export type DataAccess = "read" | "write";

const METHODS: Readonly<Record<DataAccess, readonly HttpMethod[]>> = {
    read: ["Get", "Head", "Post"],
    write: ["Get", "Head", "Post", "Put", "Delete"],
};

/** Lets the role of the policy call the domain, and nothing else; pure. */
export function domainStatement(domainArn: string, access: DataAccess): PolicyStatement {
    return {
        Sid: access === "read" ? "ReadOpenSearch" : "WriteOpenSearch",
        Effect: "Allow",
        Action: METHODS[access].map(action),
        Resource: `${domainArn}/*`,
    };
}

/**
 * The resource policy of a domain: these roles may send requests, and nobody else; pure. The configuration of the domain
 * (`es:UpdateDomainConfig` and its like) is in no statement: that takes an identity's own policy.
 */
export function accessPolicy(domainArn: string, roleArns: readonly string[]): object {
    return {
        Version: "2012-10-17",
        Statement: [
            {
                Sid: "NamedRolesCallTheDomain",
                Effect: "Allow",
                Principal: { AWS: [...new Set(roleArns)] },
                Action: HTTP_METHODS.map(action),
                Resource: `${domainArn}/*`,
            },
        ],
    };
}

const action = (method: HttpMethod) => `es:ESHttp${method}`;
