import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import {
    lifecycleContent,
    nameOfContent,
    lifecycleScript,
    type LifecycleScriptFacts,
    MAX_CONTENT_LENGTH,
    NOTEBOOK_TOOLS,
} from "../../../components/sagemaker/lifecycle-script";

const NOTHING: LifecycleScriptFacts = { region: "eu-west-1", endpoints: {}, packageSource: { kind: "none" } };
const ALL: LifecycleScriptFacts = {
    region: "eu-west-1",
    endpoints: {
        neptune: {
            endpoint: "lab.cluster-x.eu-west-1.neptune.amazonaws.com",
            readerEndpoint: "lab.cluster-ro-x.eu-west-1.neptune.amazonaws.com",
            port: 8182,
            clusterResourceId: "cluster-ABC",
        },
        opensearch: { endpoint: "vpc-lab.eu-west-1.es.amazonaws.com" },
        pulsar: {
            serviceUrl: "pulsar://broker.lab.internal:6650",
            adminUrl: "http://broker.lab.internal:8080",
        },
    },
    packageSource: { kind: "codeArtifact", domain: "pkgs", domainOwner: "123456789012", repository: "pypi" },
    repository: {
        url: "https://git.example.com/team/notebooks.git",
        branch: "main",
        secretArn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:git-AbCdEf",
    },
};

/** What each script on record is made from: between them they have every part of it. */
const RECORDED: Record<string, LifecycleScriptFacts> = {
    nothing: NOTHING,
    everything: ALL,
    index: {
        region: "us-east-1",
        endpoints: { opensearch: { endpoint: "it's.example.com" } },
        packageSource: { kind: "index", url: "https://packages.example.com/simple" },
        repository: { url: "https://git.example.com/team/notebooks" },
    },
    pypi: {
        region: "us-east-1",
        endpoints: { pulsar: { serviceUrl: "pulsar+ssl://b:6651", adminUrl: "https://b:8443" } },
        packageSource: { kind: "pypi" },
    },
};

describe("lifecycle script", () => {
    for (const [name, facts] of Object.entries(RECORDED)) {
        it(`is what is on record: ${name}`, () => {
            const file = golden(name);
            // UPDATE_GOLDEN=1 writes the record again. Review the difference: it replaces deployed configurations.
            if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, lifecycleScript(facts));
            assert.equal(lifecycleScript(facts), readFileSync(file, "utf8"));
        });
    }

    for (const facts of [NOTHING, ALL, { ...ALL, packageSource: { kind: "pypi" as const } }]) {
        it(`is Bash (${facts.packageSource.kind}) and fits into SageMaker's limit`, () => {
            const script = lifecycleScript(facts);
            execFileSync("bash", ["-n"], { input: script });
            const content = lifecycleContent(script);
            assert.ok(content.length <= MAX_CONTENT_LENGTH, `${content.length} characters`);
            assert.equal(Buffer.from(content, "base64").toString("utf8"), script);
        });
    }

    it("that does not fit is refused with what to do", () => {
        assert.throws(() => lifecycleContent("x".repeat(12_289)), {
            message:
                "the lifecycle configuration is 16388 characters long in base64; SageMaker takes 16384: " +
                "shorten the endpoints or the URL of the repository",
        });
        assert.equal(lifecycleContent("x".repeat(12_288)).length, 16_384);
    });

    it("takes no value that could end what it is written with", () => {
        const endpoint = "x\nPULSAR_LAB_END\ntouch /tmp/pwned";
        assert.throws(() => lifecycleScript({ ...NOTHING, endpoints: { opensearch: { endpoint } } }), {
            message:
                "the value of OPENSEARCH_ENDPOINT for the notebooks has a line break: give it as one line",
        });
    });

    it("keeps whatever a value holds from being a command", () => {
        const hostile = "x'; touch /tmp/pwned; echo '$(touch /tmp/pwned)";
        const script = lifecycleScript({ ...NOTHING, endpoints: { opensearch: { endpoint: hostile } } });
        const home = run(script).home;
        const shown = execFileSync(
            "bash",
            ["-c", '. "$HOME/.pulsar-lab/endpoints.sh"; printf %s "$OPENSEARCH_ENDPOINT"'],
            {
                env: { HOME: home, PATH: process.env.PATH },
                encoding: "utf8",
            },
        );
        assert.equal(shown, hostile);
        assert.ok(!existsSync("/tmp/pwned"));
    });
});

describe("a run of the lifecycle script", () => {
    it("tells notebooks and terminals where the services are", () => {
        const { home } = run(lifecycleScript(ALL));
        const told = readFileSync(path.join(home, ".pulsar-lab/endpoints.json"), "utf8");
        const variables = JSON.parse(told) as object;
        assert.deepEqual(variables, {
            AWS_DEFAULT_REGION: "eu-west-1",
            NEPTUNE_ENDPOINT: "lab.cluster-x.eu-west-1.neptune.amazonaws.com",
            NEPTUNE_READER_ENDPOINT: "lab.cluster-ro-x.eu-west-1.neptune.amazonaws.com",
            NEPTUNE_PORT: "8182",
            NEPTUNE_CLUSTER_RESOURCE_ID: "cluster-ABC",
            OPENSEARCH_ENDPOINT: "vpc-lab.eu-west-1.es.amazonaws.com",
            PULSAR_SERVICE_URL: "pulsar://broker.lab.internal:6650",
            PULSAR_ADMIN_URL: "http://broker.lab.internal:8080",
        });
        const kernel = path.join(home, ".ipython/profile_default/startup/00-pulsar-lab.py");
        const seen = execFileSync(
            "python3",
            ["-c", `exec(open(${JSON.stringify(kernel)}).read()); print(os.environ["PULSAR_SERVICE_URL"])`],
            { env: { HOME: home, PATH: process.env.PATH }, encoding: "utf8" },
        );
        assert.equal(seen.trim(), "pulsar://broker.lab.internal:6650");
        const graph = JSON.parse(
            readFileSync(path.join(home, "graph_notebook_config.json"), "utf8"),
        ) as object;
        assert.deepEqual(graph, {
            host: "lab.cluster-x.eu-west-1.neptune.amazonaws.com",
            neptune_service: "neptune-db",
            port: 8182,
            proxy_host: "",
            proxy_port: 8182,
            auth_mode: "IAM",
            load_from_s3_arn: "",
            ssl: true,
            ssl_verify: true,
            aws_region: "eu-west-1",
        });
    });

    it("succeeds where nothing can be reached, and says so", async () => {
        const { home, status } = run(lifecycleScript(ALL));
        assert.equal(status, 0);
        await eventually(() => {
            assert.match(log(home, "tools"), /CodeArtifact did not answer; it is tried again/);
            assert.match(log(home, "git"), /the repository was not cloned/);
        });
    });

    it("succeeds where pip fails, and tries again the next time", async () => {
        const script = lifecycleScript({ ...NOTHING, packageSource: { kind: "pypi" } });
        const { home, status } = run(script);
        assert.equal(status, 0);
        await eventually(() => assert.match(log(home, "tools"), /the tools were not installed/));
        run(script, home, {
            python3: `case "$*" in *pip*) echo "$@" >> "$HOME/pip"; exit 0;; *-c*) echo 3.11;; esac`,
        });
        await eventually(() => assert.match(log(home, "tools"), /^installed/m));
        const pip = readFileSync(path.join(home, "pip"), "utf8");
        for (const tool of NOTEBOOK_TOOLS) assert.ok(pip.includes(tool), tool);
    });

    it("a second time changes nothing, and installs nothing again", async () => {
        const script = lifecycleScript({ ...ALL, packageSource: { kind: "pypi" } });
        const python3 = `case "$*" in *pip*) echo pip >> "$HOME/calls";; *-c*) echo 3.11;; esac`;
        const git = `case "$1" in clone) mkdir -p "\${@: -1}"; echo clone >> "$HOME/calls";; esac`;
        const { home } = run(script, undefined, { python3, git });
        const calls = () => readFileSync(path.join(home, "calls"), "utf8").trim().split("\n").sort();
        await eventually(() => {
            assert.match(log(home, "tools"), /^installed/m);
            assert.match(log(home, "git"), /^cloned/m);
        });
        const bashrc = readFileSync(path.join(home, ".bashrc"), "utf8");
        run(script, home, { python3, git });
        await new Promise((resolve) => setTimeout(resolve, 300));
        assert.deepEqual(calls(), ["clone", "pip"]);
        assert.equal(readFileSync(path.join(home, ".bashrc"), "utf8"), bashrc);
        assert.equal(bashrc.match(/pulsar-lab/g)?.length, 1);
    });

    it("gives Git the credentials from Secrets Manager and writes them nowhere", () => {
        const { home } = run(lifecycleScript(ALL));
        const aws = `echo '{"username": "me", "password": "s3cret"}'`;
        const shown = runCommand([path.join(home, ".pulsar-lab/git-credentials"), "get"], home, { aws });
        assert.equal(shown.stdout, "username=me\npassword=s3cret\n");
        assert.equal(
            runCommand([path.join(home, ".pulsar-lab/git-credentials"), "store"], home, { aws }).stdout,
            "",
        );
        const found = spawnSync("grep", ["-r", "s3cret", home], { encoding: "utf8" });
        assert.equal(found.stdout, "");
    });
});

describe("the name of a lifecycle configuration", () => {
    it("is another for another content, and within SageMaker's limits", () => {
        const [one, two] = [nameOfContent("lab", "b25l"), nameOfContent("lab", "dHdv")];
        assert.notEqual(one, two);
        assert.equal(nameOfContent("lab", "b25l"), one);
        for (const name of [
            one,
            nameOfContent("a".repeat(63), "x"),
            nameOfContent(`${"a".repeat(53)}-bcdefghi`, "x"),
        ])
            assert.match(name, /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/);
    });
});

const homes: string[] = [];
after(() => homes.forEach((home) => rmSync(home, { recursive: true, force: true, maxRetries: 5 })));

/** Runs the script in a home of its own, where commands that would leave the machine fail, or do what `commands` says. */
function run(
    script: string,
    home = mkdtempSync(path.join(tmpdir(), "lcc-")),
    commands: Record<string, string> = {},
) {
    const { status } = runCommand(["bash", "-c", script], home, commands);
    return { home, status };
}

function runCommand(command: string[], home: string, commands: Record<string, string>) {
    if (!homes.includes(home)) homes.push(home);
    const bin = mkdtempSync(path.join(tmpdir(), "lcc-bin-"));
    homes.push(bin);
    const offline = `case "$*" in *pip*) exit 1;; *) PATH=$REAL_PATH exec python3 "$@";; esac`;
    const all = { aws: "exit 1", git: 'test "$1" != clone', python3: offline, ...commands };
    for (const [name, body] of Object.entries(all)) {
        writeFileSync(path.join(bin, name), `#!/bin/bash\n${body}\n`);
        chmodSync(path.join(bin, name), 0o755);
    }
    const env = { HOME: home, PATH: `${bin}:${process.env.PATH}`, REAL_PATH: process.env.PATH };
    return spawnSync(command[0]!, command.slice(1), { env, encoding: "utf8", timeout: 20_000 });
}

function log(home: string, name: string): string {
    return readFileSync(path.join(home, `.pulsar-lab/${name}.log`), "utf8");
}

async function eventually(holds: () => void): Promise<void> {
    for (let attempt = 0; ; attempt++) {
        try {
            return holds();
        } catch (error) {
            if (attempt === 50) throw error;
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
}

function golden(name: string): string {
    return path.join(__dirname, "golden", `${name}.sh`);
}
