import {
    GetSecretValueCommand,
    ListSecretsCommand,
    SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import type { IssuedSecret } from "../../../components/pulsar/credentials/inputs";
import type { Authority, RoleMaterial } from "../../../components/pulsar/credentials/material";
import { Sandbox } from "../../../sandbox";

const REPOSITORY = path.join(__dirname, "../../..");
const STACK = ["--stack", "dev", "--non-interactive"];

interface Outputs {
    secretArns: Record<string, string>;
    authoritySecretArn: string;
    issued: Record<string, IssuedSecret>;
}

describe("a Pulsar cluster's credentials under the real engine", function () {
    this.timeout(180_000);
    let folder: string;
    let sandbox: Sandbox;
    let secrets: SecretsManagerClient;
    /** Everything that any command has printed. */
    let printed = "";

    const pulumi = async (...args: string[]) => {
        const { code, stdout, stderr } = await sandbox.pulumi([...args, ...STACK]);
        printed += stdout + stderr;
        assert.equal(code, 0, `${args.join(" ")}\n${stdout}${stderr}`);
        return stdout;
    };
    const up = () => pulumi("up", "--yes", "--skip-preview");
    const outputs = async () => JSON.parse(await pulumi("stack", "output", "--json")) as Outputs;
    const read = async <T>(secretArn: string | undefined) => {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: secretArn }));
        return JSON.parse(SecretString ?? "") as T;
    };

    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "pulsar-credentials-")));
        const project = path.join(folder, "project");
        const program = "test/sandbox/program/pulsar-credentials";
        await cp(path.join(REPOSITORY, program), path.join(project, program), { recursive: true });
        // The provider loads its implementation from the project's folder, as in this repository.
        for (const name of ["node_modules", "components", "checks"])
            await symlink(path.join(REPOSITORY, name), path.join(project, name));
        await cp(path.join(REPOSITORY, "tsconfig.json"), path.join(project, "tsconfig.json"));
        const files = {
            "Pulumi.yaml": "name: credentials\nruntime: nodejs\n",
            "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
            "package.json": `{ "name": "credentials", "main": "${program}/index.ts" }\n`,
        };
        for (const [name, content] of Object.entries(files))
            await writeFile(path.join(project, name), content);
        sandbox = await Sandbox.start({ dir: path.join(folder, "state"), project });
        secrets = new SecretsManagerClient(sandbox.clientSettings());
    });
    after(async () => {
        await sandbox?.stop();
        await rm(folder, { recursive: true, force: true });
    });

    it("are in Secrets Manager, and neither in the state nor in anything printed", async () => {
        await pulumi("preview");
        await up();
        const { secretArns, authoritySecretArn, issued } = await outputs();
        const authority = await read<Authority>(authoritySecretArn);
        const broker = await read<RoleMaterial>(secretArns.broker);
        assert.equal(broker.caCertificate, authority.caCertificate);
        assert.deepEqual(Object.keys(issued).sort(), ["broker", "client", "zookeeper"]);

        const state = await pulumi("stack", "export", "--show-secrets");
        const hidden = [
            authority.caPrivateKey,
            authority.tokenPrivateKey,
            authority.adminToken,
            broker.privateKey ?? "",
            broker.token ?? "",
        ];
        for (const secret of hidden) {
            const part = secret.replaceAll("\n", "").slice(40, 100);
            assert.equal(part.length, 60);
            assert.ok(!state.includes(part) && !printed.includes(part), "a secret has leaked");
        }
        assert.doesNotMatch(state, /PRIVATE KEY/);
    });

    it("stay as they are: at the next update, at a refresh, and for a role that is added", async () => {
        const before = await outputs();
        const writes = await sandbox.writesDuring(async () => {
            await pulumi("preview", "--expect-no-changes");
            await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
            await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        });
        assert.deepEqual(writes, []);

        await pulumi("config", "set", "proxy", "true");
        await up();
        const { issued } = await outputs();
        assert.ok(issued.proxy);
        assert.deepEqual({ ...before.issued, proxy: issued.proxy }, issued);
    });

    it("are issued anew when the program asks, under the same authority", async () => {
        const before = await outputs();
        const authority = await read<Authority>(before.authoritySecretArn);
        await pulumi("config", "set", "rotation", "2");
        await up();
        const { issued, secretArns } = await outputs();
        for (const role of ["zookeeper", "broker", "client", "proxy"])
            assert.notEqual(issued[role]?.versionId, before.issued[role]?.versionId, role);
        assert.deepEqual(await read<Authority>(before.authoritySecretArn), authority);
        assert.equal((await read<RoleMaterial>(secretArns.broker)).caCertificate, authority.caCertificate);
    });

    it("go with their secrets", async () => {
        await pulumi("destroy", "--yes", "--skip-preview");
        const { SecretList } = await secrets.send(new ListSecretsCommand({}));
        assert.deepEqual(SecretList, []);
    });
});
