import { createHash } from "node:crypto";
import * as path from "node:path";

import { ShellTemplate, type ShellValues, shellWord } from "../shell-template";
import type { PackageSource } from "./schema";

/** Where notebooks find the lab's services; nothing in it is secret. */
export interface NotebookEndpoints {
    /** The graph database. */
    neptune?: {
        endpoint: string;
        readerEndpoint: string;
        port: number;
        /** Part of the ARN in IAM policies: `cluster-...`. */
        clusterResourceId: string;
    };
    /** The search domain, with or without `https://`. */
    opensearch?: { endpoint: string };
    /** The messaging cluster. */
    pulsar?: { serviceUrl: string; adminUrl: string };
}

/** A Git repository that is cloned into a user's home. */
export interface NotebookRepository {
    url: string;
    branch?: string | undefined;
    /** ARN of the secret with `{"username": ..., "password": ...}`. */
    secretArn?: string | undefined;
}

/** What the script follows from; every value is known. */
export interface LifecycleScriptFacts {
    region: string;
    endpoints: NotebookEndpoints;
    packageSource: PackageSource;
    repository?: NotebookRepository | undefined;
}

/** The notebook tools, one version each, so that two users have the same: graph, search and messaging. */
export const NOTEBOOK_TOOLS: readonly string[] = [
    "graph-notebook==5.3.0",
    "opensearch-py==3.2.0",
    "pulsar-client==3.13.0",
];

/** The longest content that SageMaker takes, in base64 (CreateStudioLifecycleConfig). */
export const MAX_CONTENT_LENGTH = 16_384;

const SCRIPT = new ShellTemplate(path.join(__dirname, "lifecycle.sh"));
const GIT_CREDENTIALS = new ShellTemplate(path.join(__dirname, "git-credentials.sh"));

/**
 * The script that SageMaker runs as the user at each start of the user's JupyterLab. It can run any number of times and never
 * fails: an app whose script fails, or takes five minutes, does not start. So the steps that are slow, or need a way to the
 * internet (tools, a clone), run in the background, write their result to `~/.pulsar-lab/*.log`, and are tried
 * again at the next start. Tools are installed in the user's home, which is kept when the app is deleted.
 */
export function lifecycleScript(facts: LifecycleScriptFacts): string {
    const variables = environmentVariables(facts);
    return SCRIPT.render({
        ENDPOINTS_JSON: JSON.stringify(variables, null, 2),
        ENDPOINTS_EXPORTS: Object.entries(variables)
            .map(([name, value]) => `export ${name}=${shellWord(value)}`)
            .join("\n"),
        GRAPH_NOTEBOOK_CONFIG: graphNotebookConfig(facts),
        ...repositoryValues(facts),
        ...packageValues(facts),
    });
}

/** The content as SageMaker takes it. */
export function lifecycleContent(script: string): string {
    const content = Buffer.from(script, "utf8").toString("base64");
    if (content.length > MAX_CONTENT_LENGTH) {
        throw new Error(
            `the lifecycle configuration is ${content.length} characters long in base64; SageMaker takes ${MAX_CONTENT_LENGTH}: shorten the endpoints or the URL of the repository`,
        );
    }
    return content;
}

/**
 * A name that changes whenever the content changes. A lifecycle configuration cannot be changed, and cannot be deleted while a domain
 * uses it: the new one has to exist, under a name of its own, before the old one is deleted. The same is true for repositories.
 */
export function nameOfContent(domainName: string, content: string): string {
    const digest = digestOf(content);
    return `${domainName.slice(0, 63 - digest.length - 1).replace(/-+$/, "")}-${digest}`;
}

/** The names under which notebooks find the services. */
function environmentVariables({ region, endpoints }: LifecycleScriptFacts): Record<string, string> {
    const { neptune, opensearch, pulsar } = endpoints;
    const variables: Record<string, string> = {
        AWS_DEFAULT_REGION: region,
        ...(neptune && {
            NEPTUNE_ENDPOINT: neptune.endpoint,
            NEPTUNE_READER_ENDPOINT: neptune.readerEndpoint,
            NEPTUNE_PORT: String(neptune.port),
            NEPTUNE_CLUSTER_RESOURCE_ID: neptune.clusterResourceId,
        }),
        ...(opensearch && { OPENSEARCH_ENDPOINT: opensearch.endpoint }),
        ...(pulsar && { PULSAR_SERVICE_URL: pulsar.serviceUrl, PULSAR_ADMIN_URL: pulsar.adminUrl }),
    };
    // A line break could end the heredoc that the value is written with.
    const broken = Object.keys(variables).find((name) => /[\r\n]/.test(variables[name] ?? ""));
    if (broken !== undefined)
        throw new Error(`the value of ${broken} for the notebooks has a line break: give it as one line`);
    return variables;
}

/** The configuration of graph-notebook. */
function graphNotebookConfig({ region, endpoints: { neptune } }: LifecycleScriptFacts): string | undefined {
    if (neptune === undefined) return undefined;
    const config = {
        host: neptune.endpoint,
        neptune_service: "neptune-db",
        port: neptune.port,
        proxy_host: "",
        proxy_port: neptune.port,
        auth_mode: "IAM",
        load_from_s3_arn: "",
        ssl: true,
        ssl_verify: true,
        aws_region: region,
    };
    return JSON.stringify(config, null, 2);
}

function repositoryValues({ repository, region }: LifecycleScriptFacts): ShellValues {
    if (repository === undefined) return {};
    const { url, branch, secretArn } = repository;
    const folder = /([^/]+?)(\.git)?\/*$/.exec(url)?.[1] ?? "notebooks";
    const origin = /^https:\/\/[^/]+/.exec(url)?.[0] ?? url;
    return {
        FOLDER: shellWord(folder),
        CLONE_ARGUMENTS: [
            ...(branch === undefined ? [] : ["--branch", shellWord(branch)]),
            "--",
            shellWord(url),
        ].join(" "),
        ...(secretArn !== undefined && {
            CREDENTIAL_HELPER: shellWord(`credential.${origin}.helper`),
            GIT_CREDENTIALS: GIT_CREDENTIALS.render({
                REGION: shellWord(region),
                SECRET_ARN: shellWord(secretArn),
            }).trimEnd(),
        }),
    };
}

function packageValues({ packageSource: source, region }: LifecycleScriptFacts): ShellValues {
    if (source.kind === "none") return {};
    return {
        TOOLS: NOTEBOOK_TOOLS.map(shellWord).join(" "),
        TOOLS_DIGEST: digestOf(NOTEBOOK_TOOLS.join("\n")),
        ...(source.kind === "index" && { INDEX_URL: shellWord(source.url) }),
        ...(source.kind === "codeArtifact" && {
            CODE_ARTIFACT_DOMAIN: `--domain ${shellWord(source.domain)} --domain-owner ${shellWord(source.domainOwner)} --region ${shellWord(region)}`,
            CODE_ARTIFACT_REPOSITORY: shellWord(source.repository),
        }),
    };
}

/** Eight characters that change whenever the content changes. */
function digestOf(content: string): string {
    return createHash("sha256").update(content).digest("hex").slice(0, 8);
}
