import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import assert from "node:assert/strict";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Sandbox } from "../../../sandbox";

const REPOSITORY = path.join(__dirname, "../../..");
const STACK = ["--stack", "dev", "--non-interactive"];
const RoleName = "AWSServiceRoleForAmazonOpenSearchService";

describe("an OpenSearch domain under the real engine", function () {
    this.timeout(300_000);
    let folder: string;
    let sandbox: Sandbox;
    let iam: IAMClient;

    const attempt = async (...args: string[]) => {
        const { code, stdout, stderr } = await sandbox.pulumi([...args, ...STACK]);
        return { code, text: `${stdout}${stderr}`, stdout };
    };
    const pulumi = async (...args: string[]) => {
        const { code, text, stdout } = await attempt(...args);
        assert.equal(code, 0, `${args.join(" ")}\n${text}`);
        return stdout;
    };
    const configure = (pair: string) => pulumi("config", "set-all", "--plaintext", pair);
    const outputs = async () =>
        JSON.parse(await pulumi("stack", "output", "--json")) as Record<string, string>;

    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "opensearch-")));
        const project = path.join(folder, "project");
        const program = "test/sandbox/program/opensearch";
        await cp(path.join(REPOSITORY, program), path.join(project, program), { recursive: true });
        for (const name of ["node_modules", "components", "checks"])
            await symlink(path.join(REPOSITORY, name), path.join(project, name));
        await cp(path.join(REPOSITORY, "tsconfig.json"), path.join(project, "tsconfig.json"));
        const files = {
            "Pulumi.yaml": "name: opensearch\nruntime: nodejs\n",
            "Pulumi.dev.yaml": "config:\n  aws:region: us-east-1\n",
            "package.json": `{ "name": "opensearch", "main": "${program}/index.ts" }\n`,
        };
        for (const [name, content] of Object.entries(files))
            await writeFile(path.join(project, name), content);
        sandbox = await Sandbox.start({ dir: path.join(folder, "state"), project });
        iam = new IAMClient(sandbox.clientSettings());
    });
    after(async () => {
        await sandbox?.stop();
        await rm(folder, { recursive: true, force: true });
    });

    it("is made with the role that the account lacks, and is then as declared", async () => {
        await pulumi("preview");
        // A preview asks for nothing and makes nothing.
        await assert.rejects(iam.send(new GetRoleCommand({ RoleName })), { name: "NoSuchEntityException" });
        await pulumi("up", "--yes", "--skip-preview");
        const { endpoint, roleArn } = await outputs();
        assert.match(endpoint ?? "", /^vpc-search-[0-9a-f]{26}\.us-east-1\.es\.amazonaws\.com$/);
        assert.equal((await iam.send(new GetRoleCommand({ RoleName }))).Role?.Arn, roleArn);
        await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await pulumi("preview", "--expect-no-changes");
    });

    it("is adopted, and a domain that is not there is named", async () => {
        await configure("adopt=search");
        await pulumi("up", "--yes", "--skip-preview");
        const { endpoint, adoptedEndpoint } = await outputs();
        assert.equal(adoptedEndpoint, endpoint);
        await configure("adopt=nobodys");
        const { code, text } = await attempt("preview");
        assert.notEqual(code, 0);
        assert.match(text, /AdoptedOpenSearchDomain "theirs" cannot be adopted:/);
        assert.match(text, /domainName: "nobodys" is not allowed: the name of a domain that exists/);
        await pulumi("config", "rm", "adopt");
    });

    it("is protected, and once it is not, goes with everything but the account's role", async () => {
        const refused = await attempt("destroy", "--yes", "--skip-preview");
        assert.notEqual(refused.code, 0);
        assert.match(refused.text, /protected/);
        await configure("protectData=false");
        await pulumi("up", "--yes", "--skip-preview");
        await pulumi("destroy", "--yes", "--skip-preview");
        assert.deepEqual(await sandbox.resources(), []);
        assert.ok((await iam.send(new GetRoleCommand({ RoleName }))).Role);
    });
});
