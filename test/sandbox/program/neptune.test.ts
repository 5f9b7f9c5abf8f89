import {
    CreateDBClusterCommand,
    CreateDBInstanceCommand,
    CreateDBSubnetGroupCommand,
    type DBCluster,
    DescribeDBClustersCommand,
    ModifyDBClusterCommand,
    NeptuneClient,
} from "@aws-sdk/client-neptune";
import assert from "node:assert/strict";
import { cp, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { Sandbox } from "../../../sandbox";

const REPOSITORY = path.join(__dirname, "../../..");
const STACK = ["--stack", "dev", "--non-interactive"];

interface Outputs {
    vpcId: string;
    endpoint: string;
    readPolicy: string;
    subnetIds: string[];
    adoptedEndpoint?: string;
}

interface StateResource {
    urn: string;
    type: string;
    protect?: boolean;
    dependencies?: string[];
    outputs?: Record<string, unknown>;
}

describe("a Neptune cluster under the real engine", function () {
    this.timeout(300_000);
    let folder: string;
    let sandbox: Sandbox;
    let neptune: NeptuneClient;

    const attempt = async (...args: string[]) => {
        const { code, stdout, stderr } = await sandbox.pulumi([...args, ...STACK]);
        return { code, text: `${stdout}${stderr}`, stdout };
    };
    const pulumi = async (...args: string[]) => {
        const { code, text, stdout } = await attempt(...args);
        assert.equal(code, 0, `${args.join(" ")}\n${text}`);
        return stdout;
    };
    const configure = (...pairs: string[]) =>
        pulumi("config", "set-all", ...pairs.flatMap((pair) => ["--plaintext", pair]));
    const up = () => pulumi("up", "--yes", "--skip-preview");
    const outputs = async () => JSON.parse(await pulumi("stack", "output", "--json")) as Outputs;
    const state = async () => {
        const exported = JSON.parse(await pulumi("stack", "export")) as {
            deployment: { resources: StateResource[] };
        };
        return exported.deployment.resources.filter(({ type }) => !type.startsWith("pulumi:"));
    };
    const one = async (type: string) => {
        const found = (await state()).filter((resource) => resource.type === type);
        assert.equal(found.length, 1, type);
        return found[0] as StateResource;
    };
    const described = async (DBClusterIdentifier: string): Promise<DBCluster> => {
        const found = await neptune.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
        return found.DBClusters?.[0] as DBCluster;
    };
    const left = async () => (await sandbox.resources()).map(({ type, id }) => `${type} ${id}`);

    before(async () => {
        folder = await realpath(await mkdtemp(path.join(tmpdir(), "neptune-")));
        const project = path.join(folder, "project");
        const program = "test/sandbox/program/neptune";
        await cp(path.join(REPOSITORY, program), path.join(project, program), { recursive: true });
        for (const name of ["node_modules", "components", "checks"])
            await symlink(path.join(REPOSITORY, name), path.join(project, name));
        await cp(path.join(REPOSITORY, "tsconfig.json"), path.join(project, "tsconfig.json"));
        const files = {
            "Pulumi.yaml": "name: neptune\nruntime: nodejs\n",
            "Pulumi.dev.yaml": 'config:\n  aws:region: us-east-1\n  neptune:engineVersion: "1.3.4.0"\n',
            "package.json": `{ "name": "neptune", "main": "${program}/index.ts" }\n`,
        };
        for (const [name, content] of Object.entries(files))
            await writeFile(path.join(project, name), content);
        sandbox = await Sandbox.start({ dir: path.join(folder, "state"), project });
        neptune = new NeptuneClient(sandbox.clientSettings());
    });
    after(async () => {
        await sandbox?.stop();
        await rm(folder, { recursive: true, force: true });
    });

    it("is previewed and made, its audit log group first, and is then as declared", async () => {
        await pulumi("preview");
        await up();
        const cluster = await one("aws:neptune/cluster:Cluster");
        assert.equal(cluster.protect, true);
        assert.ok(cluster.dependencies?.some((urn) => urn.endsWith("::graph-audit")));
        assert.match(String(cluster.outputs?.finalSnapshotIdentifier), /^lab-graph-final-[0-9a-f]{7}$/);
        const found = await described("lab-graph");
        assert.equal(found.IAMDatabaseAuthenticationEnabled, true);
        assert.equal(found.DBClusterMembers?.length, 2);
        assert.equal(found.AssociatedRoles?.length, 1);
        const { endpoint, readPolicy } = await outputs();
        assert.equal(endpoint, found.Endpoint);
        assert.ok(readPolicy.includes(`:123456789012:${found.DbClusterResourceId}/*`));
        await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await pulumi("preview", "--expect-no-changes");
    });

    it("is upgraded to another family in place, with new parameter groups", async () => {
        const before = await described("lab-graph");
        await configure("engineVersion=1.4.5.1");
        await up();
        const after = await described("lab-graph");
        assert.equal(after.DbClusterResourceId, before.DbClusterResourceId);
        assert.equal(after.EngineVersion, "1.4.5.1");
        assert.notEqual(after.DBClusterParameterGroup, before.DBClusterParameterGroup);
        const groups = (await left()).filter((item) => item.includes("parameter-group"));
        assert.equal(groups.length, 2, groups.join("\n"));
        await pulumi("preview", "--expect-no-changes");
    });

    it("adopts a cluster that fits, changes nothing of it, and says what does not fit", async () => {
        const { vpcId, subnetIds } = await outputs();
        const DBSubnetGroupName = "their-subnets";
        await neptune.send(
            new CreateDBSubnetGroupCommand({
                DBSubnetGroupName,
                DBSubnetGroupDescription: "theirs",
                SubnetIds: subnetIds,
            }),
        );
        const DBClusterIdentifier = "theirs";
        await neptune.send(
            new CreateDBClusterCommand({
                DBClusterIdentifier,
                DBSubnetGroupName,
                Engine: "neptune",
                EngineVersion: "1.4.5.1",
                StorageEncrypted: true,
            }),
        );
        for (let found = 0; found < 2; found++) await described(DBClusterIdentifier);

        await configure("adopt=nobodys");
        const missing = await attempt("up", "--yes", "--skip-preview");
        assert.notEqual(missing.code, 0);
        assert.match(
            missing.text,
            /clusterIdentifier: "nobodys" is not allowed: the name of a Neptune cluster that exists/,
        );
        assert.doesNotMatch(missing.text, /at .*adopt\.ts/);

        await configure("adopt=theirs", "adoptFromVpc=vpc-elsewhere");
        const unfit = await attempt("up", "--yes", "--skip-preview");
        assert.notEqual(unfit.code, 0);
        assert.match(
            unfit.text,
            /the Neptune cluster "theirs" cannot be adopted; nothing of it was changed:/,
        );
        assert.match(unfit.text, new RegExp(`vpcId: "${vpcId}" is not allowed: the VPC vpc-elsewhere`));
        assert.match(unfit.text, /iamDatabaseAuthenticationEnabled: false is not allowed/);
        assert.match(unfit.text, /clusterMembers: \[\] is not allowed/);
        assert.doesNotMatch(unfit.text, /at .*adopt\.ts/);

        await neptune.send(
            new CreateDBInstanceCommand({
                DBInstanceIdentifier: "theirs-1",
                DBInstanceClass: "db.r6g.large",
                Engine: "neptune",
                DBClusterIdentifier,
            }),
        );
        await neptune.send(
            new ModifyDBClusterCommand({ DBClusterIdentifier, EnableIAMDatabaseAuthentication: true }),
        );
        for (let found = 0; found < 2; found++) await described(DBClusterIdentifier);
        await pulumi("config", "rm", "adoptFromVpc");
        const writes = await sandbox.writesDuring(up);
        assert.deepEqual(
            writes.filter(({ service }) => service === "rds"),
            [],
        );
        assert.equal((await outputs()).adoptedEndpoint, (await described("theirs")).Endpoint);
        await pulumi("config", "rm", "adopt");
        await up();
        assert.equal((await described("theirs")).Status, "available");
    });

    it("is not destroyed before that is said, and then leaves its final snapshot", async () => {
        const refused = await attempt("destroy", "--yes", "--skip-preview");
        assert.notEqual(refused.code, 0);
        assert.match(refused.text, /protected/);
        assert.equal((await described("lab-graph")).Status, "available");

        await configure("protectData=false", "finalSnapshot=true");
        await up();
        assert.equal((await described("lab-graph")).DeletionProtection, false);
        // What the network of the adopted cluster is in use for keeps it; the cluster itself goes.
        const urns = (await state())
            .filter(({ urn }) => urn.includes("NeptuneCluster$"))
            .map(({ urn }) => urn);
        await pulumi("destroy", "--yes", "--skip-preview", ...urns.flatMap((urn) => ["--target", urn]));
        const remaining = await left();
        assert.equal(remaining.filter((item) => item.includes("lab-graph")).length, 1, remaining.join("\n"));
        assert.match(
            remaining.find((item) => item.includes("lab-graph")) ?? "",
            /^db-cluster-snapshot .*:cluster-snapshot:lab-graph-final-[0-9a-f]{7}$/,
        );
    });
});
