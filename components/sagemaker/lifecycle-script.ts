import { createHash } from "node:crypto";

import type { CodeArtifactRepository } from "./execution-role";

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

/** Where the tools are installed from. */
export type PackageSource =
    /** The public index; needs NAT. */
    | { kind: "pypi" }
    /** A private index that needs no credentials. */
    | { kind: "index"; url: string }
    /** CodeArtifact, through its VPC endpoints or NAT; notebooks sign in with their role. */
    | ({ kind: "codeArtifact" } & CodeArtifactRepository)
    /** Nothing is installed: the image brings the tools. */
    | { kind: "none" };

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

/** Under this word heredocs end; no line of what they hold can be it, as each begins with a brace, a space or a command. */
const END = "PULSAR_LAB_END";

/**
 * The script that SageMaker runs at each start of a user's JupyterLab, as the user. It may run any number of times and never
 * fails: an app whose script fails, or takes five minutes, does not start. So what may take long, or may not work without
 * a way to the internet (tools, a clone), is done in the background, says in `~/.pulsar-lab/*.log` how it went, and is tried
 * again at the next start. What is installed goes to the user's home, which outlives the app.
 */
export function lifecycleScript(facts: LifecycleScriptFacts): string {
    const variables = environmentVariables(facts);
    const parts = [
        "#!/bin/bash",
        "# Made by pulsar-lab. Writes where the lab's services are, and installs what notebooks use them with.",
        "# Never fails: JupyterLab would not start. See ~/.pulsar-lab/*.log for what did not work.",
        "set -u",
        'lab="$HOME/.pulsar-lab"',
        'startup="$HOME/.ipython/profile_default/startup"',
        'mkdir -p "$lab" "$startup"',
        "",
        "# For notebooks: each kernel has the endpoints in its environment.",
        writeFile('"$lab/endpoints.json"', JSON.stringify(variables, null, 2)),
        writeFile('"$startup/00-pulsar-lab.py"', KERNEL_STARTUP),
        "",
        "# For terminals.",
        writeFile(
            '"$lab/endpoints.sh"',
            Object.entries(variables)
                .map(([name, value]) => `export ${name}=${quote(value)}`)
                .join("\n"),
        ),
        'touch "$HOME/.bashrc"',
        'grep -qs pulsar-lab/endpoints.sh "$HOME/.bashrc" || echo \'. "$HOME/.pulsar-lab/endpoints.sh"\' >> "$HOME/.bashrc"',
        ...graphNotebook(facts),
        ...clone(facts.repository, facts.region),
        ...install(facts.packageSource, facts.region),
        "",
        "exit 0",
        "",
    ];
    return parts.join("\n");
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
 * A name that is another for another content. A lifecycle configuration cannot be changed, and cannot be deleted while a domain
 * uses it: the new one has to be there, under a name of its own, before the old one goes. So it is with repositories.
 */
export function nameOfContent(domainName: string, content: string): string {
    const digest = createHash("sha256").update(content).digest("hex").slice(0, 8);
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

const KERNEL_STARTUP = `import json, os, pathlib

_file = pathlib.Path.home() / ".pulsar-lab" / "endpoints.json"
if _file.exists():
    os.environ.update(json.loads(_file.read_text()))
del _file`;

/** The file by which graph-notebook's magics find Neptune, with requests signed by the notebook's role. */
function graphNotebook({ region, endpoints: { neptune } }: LifecycleScriptFacts): string[] {
    if (neptune === undefined) return [];
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
    return ["", writeFile('"$HOME/graph_notebook_config.json"', JSON.stringify(config, null, 2))];
}

/** Clones the repository once; after that it is the user's, whose commits nothing here may touch. */
function clone(repository: NotebookRepository | undefined, region: string): string[] {
    if (repository === undefined) return [];
    const { url, branch, secretArn } = repository;
    const folder = /([^/]+?)(\.git)?\/*$/.exec(url)?.[1] ?? "notebooks";
    return [
        "",
        ...(secretArn === undefined ? [] : gitCredentials(url, secretArn, region)),
        `folder="$HOME"/${quote(folder)}`,
        'if [ ! -e "$folder" ]; then',
        "  (",
        "    trap '' HUP",
        "    export GIT_TERMINAL_PROMPT=0",
        `    timeout 600 git clone ${branch === undefined ? "" : `--branch ${quote(branch)} `}-- ${quote(url)} "$folder" && echo "cloned" ||`,
        `      echo "the repository was not cloned: is there a way to it from the VPC? It is tried again at the next start."`,
        '  ) > "$lab/git.log" 2>&1 < /dev/null &',
        "fi",
    ];
}

/** Git asks a helper for the credentials, which asks Secrets Manager: they are never written to the disk. */
function gitCredentials(url: string, secretArn: string, region: string): string[] {
    const script = `#!/bin/bash
[ "\${1:-}" = get ] || exit 0
aws secretsmanager get-secret-value --region ${quote(region)} --secret-id ${quote(secretArn)} --query SecretString --output text |
  python3 -c 'import json, sys; s = json.load(sys.stdin); print("username=" + s["username"]); print("password=" + s["password"])'`;
    const origin = /^https:\/\/[^/]+/.exec(url)?.[0] ?? url;
    return [
        writeFile('"$lab/git-credentials"', script),
        'chmod 700 "$lab/git-credentials"',
        `git config --global ${quote(`credential.${origin}.helper`)} "$lab/git-credentials" || true`,
    ];
}

/** Installs the tools where this very list is not installed yet for this Python. */
function install(source: PackageSource, region: string): string[] {
    if (source.kind === "none") return ["", 'echo "no tools are installed: the image has to bring them"'];
    const list = createHash("sha256").update(NOTEBOOK_TOOLS.join("\n")).digest("hex").slice(0, 8);
    return [
        "",
        "(",
        "  trap '' HUP",
        `  python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit`,
        `  installed="$lab/tools-${list}-$python"`,
        '  [ -e "$installed" ] && exit',
        ...index(source, region).map((line) => `  ${line}`),
        "  if timeout 900 python3 -m pip install --user --quiet --no-input --disable-pip-version-check --timeout 10 --retries 2 \\",
        `    ${NOTEBOOK_TOOLS.map(quote).join(" ")}; then`,
        "    python3 -m graph_notebook.ipython_profile.configure_ipython_profile",
        '    touch "$installed"',
        '    echo "installed; kernels that run already have to be restarted"',
        "  else",
        '    echo "the tools were not installed: is there a way to the package index from the VPC? It is tried again at the next start."',
        "  fi",
        ') > "$lab/tools.log" 2>&1 < /dev/null &',
    ];
}

function index(source: PackageSource, region: string): string[] {
    switch (source.kind) {
        case "index":
            return [`export PIP_INDEX_URL=${quote(source.url)}`];
        case "codeArtifact": {
            const domain = `--domain ${quote(source.domain)} --domain-owner ${quote(source.domainOwner)} --region ${quote(region)}`;
            // The token is kept in the environment of this one pip and written nowhere.
            return [
                `token=$(aws codeartifact get-authorization-token ${domain} --query authorizationToken --output text)`,
                `url=$(aws codeartifact get-repository-endpoint ${domain} --repository ${quote(source.repository)} --format pypi --query repositoryEndpoint --output text)`,
                'if [ -z "$token" ] || [ -z "$url" ]; then',
                '  echo "CodeArtifact did not answer; it is tried again at the next start."',
                "  exit",
                "fi",
                'export PIP_INDEX_URL="https://aws:$token@${url#https://}simple/"',
            ];
        }
        default:
            return [];
    }
}

function writeFile(path: string, content: string): string {
    return [`cat > ${path} <<'${END}'`, content, END].join("\n");
}

/** The text as one word of the shell, whatever is in it. */
function quote(text: string): string {
    return `'${text.replaceAll("'", `'\\''`)}'`;
}
