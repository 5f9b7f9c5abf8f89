import * as assert from "node:assert/strict";
import {
    DeleteSubnetCommand,
    DescribeNetworkInterfacesCommand,
    type NetworkInterface,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
    AddRoleToDBClusterCommand,
    AddTagsToResourceCommand,
    CreateDBClusterCommand,
    type CreateDBClusterCommandInput,
    CreateDBClusterParameterGroupCommand,
    CreateDBInstanceCommand,
    type CreateDBInstanceCommandInput,
    CreateDBParameterGroupCommand,
    CreateDBSubnetGroupCommand,
    type DBCluster,
    type DBInstance,
    DeleteDBClusterCommand,
    DeleteDBClusterParameterGroupCommand,
    DeleteDBClusterSnapshotCommand,
    DeleteDBInstanceCommand,
    DeleteDBParameterGroupCommand,
    DeleteDBSubnetGroupCommand,
    DescribeDBClusterParametersCommand,
    DescribeDBClustersCommand,
    DescribeDBClusterSnapshotsCommand,
    DescribeDBInstancesCommand,
    DescribeDBParameterGroupsCommand,
    DescribeDBSubnetGroupsCommand,
    ListTagsForResourceCommand,
    ModifyDBClusterCommand,
    type ModifyDBClusterCommandInput,
    ModifyDBClusterParameterGroupCommand,
    ModifyDBInstanceCommand,
    ModifyDBSubnetGroupCommand,
    NeptuneClient,
    RemoveRoleFromDBClusterCommand,
    RemoveTagsFromResourceCommand,
    ResetDBClusterParameterGroupCommand,
} from "@aws-sdk/client-neptune";
import { uniqueName } from "../../support/unique-name";
import { clientSettings, given, Network, refused } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";

// Neptune's API reference: https://docs.aws.amazon.com/neptune/latest/apiref/Welcome.html
describe("sandbox/moto Neptune", () => {
    let neptune: NeptuneClient;
    let network: Network;
    let subnets: string[];
    let subnetGroup: string;

    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
        neptune = new NeptuneClient(await clientSettings());
        network = await Network.create();
        subnets = [await network.subnet("10.0.0.0/24"), await network.subnet("10.0.1.0/24", "us-east-1b")];
        subnetGroup = await makeSubnetGroup(subnets);
    });

    const makeSubnetGroup = async (SubnetIds: string[]) => {
        const name = uniqueName("subnets");
        await neptune.send(
            new CreateDBSubnetGroupCommand({
                DBSubnetGroupName: name,
                DBSubnetGroupDescription: "test",
                SubnetIds,
                Tags: [{ Key: "Owner", Value: "me" }],
            }),
        );
        return name;
    };
    const clusterOf = async (id: string): Promise<DBCluster> =>
        given(
            (await neptune.send(new DescribeDBClustersCommand({ DBClusterIdentifier: id }))).DBClusters?.[0],
        );
    const describeInstance = async (id: string): Promise<DBInstance> =>
        given(
            (await neptune.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id })))
                .DBInstances?.[0],
        );
    const begin = async (input: Partial<CreateDBClusterCommandInput> = {}): Promise<DBCluster> =>
        given(
            (
                await neptune.send(
                    new CreateDBClusterCommand({
                        DBClusterIdentifier: uniqueName("graph"),
                        Engine: "neptune",
                        EngineVersion: "1.4.5.1",
                        DBSubnetGroupName: subnetGroup,
                        ...input,
                    }),
                )
            ).DBCluster,
        );
    const makeCluster = async (input: Partial<CreateDBClusterCommandInput> = {}): Promise<DBCluster> => {
        const { DBClusterIdentifier: id } = await begin(input);
        await clusterOf(given(id));
        return clusterOf(given(id));
    };
    const makeInstance = async (input: Partial<CreateDBInstanceCommandInput>): Promise<DBInstance> => {
        const id = uniqueName("instance");
        await neptune.send(
            new CreateDBInstanceCommand({
                DBInstanceIdentifier: id,
                DBInstanceClass: "db.r6g.large",
                Engine: "neptune",
                ...input,
            } as CreateDBInstanceCommandInput),
        );
        await describeInstance(id);
        return describeInstance(id);
    };
    const change = async (input: ModifyDBClusterCommandInput): Promise<DBCluster> => {
        const id = given(input.DBClusterIdentifier);
        const { DBCluster: answered } = await neptune.send(new ModifyDBClusterCommand(input));
        assert.equal(answered?.Status, "modifying");
        await clusterOf(id);
        return clusterOf(id);
    };
    const remove = async (id: string) => {
        await neptune.send(new DeleteDBClusterCommand({ DBClusterIdentifier: id, SkipFinalSnapshot: true }));
        await clusterOf(id);
    };
    const removeInstance = async (id: string) => {
        await neptune.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: id }));
        assert.equal((await describeInstance(id)).DBInstanceStatus, "deleting");
        await refused(describeInstance(id), "DBInstanceNotFoundFault");
    };
    const makeGroup = async (family: string) => {
        const name = uniqueName("cluster-parameters");
        await neptune.send(
            new CreateDBClusterParameterGroupCommand({
                DBClusterParameterGroupName: name,
                DBParameterGroupFamily: family,
                Description: "test",
            }),
        );
        return name;
    };
    const interfaces = async (): Promise<NetworkInterface[]> =>
        given(
            (
                await network.ec2.send(
                    new DescribeNetworkInterfacesCommand({
                        Filters: [{ Name: "vpc-id", Values: [network.vpcId] }],
                    }),
                )
            ).NetworkInterfaces,
        );

    // https://docs.aws.amazon.com/neptune/latest/userguide/iam-auth-enable.html and feature-overview-endpoints.html
    it("takes IAM authentication, an audit log, a key and a range of capacity, and has Neptune's endpoints", async () => {
        const kms = new KMSClient(await clientSettings());
        const key = given((await kms.send(new CreateKeyCommand({}))).KeyMetadata);
        const group = await network.securityGroup(uniqueName("group"));
        const cluster = await makeCluster({
            EnableIAMDatabaseAuthentication: true,
            EnableCloudwatchLogsExports: ["audit"],
            StorageEncrypted: true,
            KmsKeyId: key.Arn,
            ServerlessV2ScalingConfiguration: { MinCapacity: 1, MaxCapacity: 2.5 },
            BackupRetentionPeriod: 7,
            CopyTagsToSnapshot: true,
            DeletionProtection: false,
            VpcSecurityGroupIds: [group],
        });
        const id = given(cluster.DBClusterIdentifier);
        assert.equal(cluster.IAMDatabaseAuthenticationEnabled, true);
        assert.deepEqual(cluster.EnabledCloudwatchLogsExports, ["audit"]);
        assert.deepEqual([cluster.StorageEncrypted, cluster.KmsKeyId], [true, key.Arn]);
        assert.deepEqual(cluster.ServerlessV2ScalingConfiguration, { MinCapacity: 1, MaxCapacity: 2.5 });
        assert.equal(cluster.BackupRetentionPeriod, 7);
        assert.equal(cluster.Port, 8182);
        assert.match(given(cluster.DbClusterResourceId), /^cluster-[A-Z0-9]{26}$/);
        assert.match(
            given(cluster.Endpoint),
            new RegExp(`^${id}\\.cluster-[a-z0-9]{12}\\.us-east-1\\.neptune\\.amazonaws\\.com$`),
        );
        assert.equal(cluster.ReaderEndpoint, given(cluster.Endpoint).replace(".cluster-", ".cluster-ro-"));
        assert.equal(cluster.DBClusterParameterGroup, "default.neptune1.4");
        assert.deepEqual(cluster.VpcSecurityGroups, [{ VpcSecurityGroupId: group, Status: "active" }]);
        await remove(id);
    });

    it("is created and gone only after it was seen on its way", async () => {
        const created = await begin();
        const id = given(created.DBClusterIdentifier);
        assert.equal(created.Status, "creating");
        const call = new ModifyDBClusterCommand({ DBClusterIdentifier: id, BackupRetentionPeriod: 3 });
        await refused(
            neptune.send(call),
            "InvalidDBClusterStateFault",
            /not currently in the available state/,
        );
        assert.equal((await clusterOf(id)).Status, "creating");
        assert.equal((await clusterOf(id)).Status, "available");
        await neptune.send(new DeleteDBClusterCommand({ DBClusterIdentifier: id, SkipFinalSnapshot: true }));
        assert.equal((await clusterOf(id)).Status, "deleting");
        await refused(clusterOf(id), "DBClusterNotFoundFault");
    });

    // API_CreateDBCluster
    it("refuses what does not exist or does not fit", async () => {
        const taken = given((await makeCluster()).DBClusterIdentifier);
        await refused(begin({ DBClusterIdentifier: taken }), "DBClusterAlreadyExistsFault");
        await refused(begin({ DBSubnetGroupName: "none" }), "DBSubnetGroupNotFoundFault");
        await refused(begin({ VpcSecurityGroupIds: ["sg-none"] }), "InvalidParameterValue", /sg-none/);
        const elsewhere = await (await Network.create()).securityGroup(uniqueName("group"));
        const apart = begin({ VpcSecurityGroupIds: [elsewhere] });
        await refused(apart, "InvalidParameterCombination", /different VPCs/);
        await refused(
            begin({ EngineVersion: "9.9.9.9" }),
            "InvalidParameterCombination",
            /Cannot find version 9\.9/,
        );
        const old = await makeGroup("neptune1.2");
        const mismatch = begin({ DBClusterParameterGroupName: old });
        await refused(mismatch, "InvalidParameterCombination", /DBParameterGroupFamily neptune1\.4/);
        const missing = begin({ DBClusterParameterGroupName: "none" });
        await refused(missing, "DBParameterGroupNotFoundFault");
        const key = "arn:aws:kms:us-east-1:123456789012:key/none";
        await refused(begin({ StorageEncrypted: true, KmsKeyId: key }), "KMSKeyNotAccessibleFault");
        const capacity = { MinCapacity: 1, MaxCapacity: 2 };
        await refused(begin({ ServerlessV2ScalingConfiguration: capacity }), "InvalidParameterValue");
        await remove(taken);
    });

    // API_ModifyDBCluster
    it("changes in place", async () => {
        const id = given((await makeCluster()).DBClusterIdentifier);
        const changed = await change({
            DBClusterIdentifier: id,
            EnableIAMDatabaseAuthentication: true,
            CloudwatchLogsExportConfiguration: { EnableLogTypes: ["audit", "slowquery"] },
            BackupRetentionPeriod: 9,
            ServerlessV2ScalingConfiguration: { MinCapacity: 2, MaxCapacity: 8 },
            DeletionProtection: true,
        });
        assert.equal(changed.IAMDatabaseAuthenticationEnabled, true);
        assert.deepEqual(changed.EnabledCloudwatchLogsExports, ["audit", "slowquery"]);
        assert.equal(changed.BackupRetentionPeriod, 9);
        assert.deepEqual(changed.ServerlessV2ScalingConfiguration, { MinCapacity: 2, MaxCapacity: 8 });
        const back = await change({
            DBClusterIdentifier: id,
            CloudwatchLogsExportConfiguration: { DisableLogTypes: ["slowquery"] },
            DeletionProtection: false,
        });
        assert.deepEqual(back.EnabledCloudwatchLogsExports, ["audit"]);
        await remove(id);
    });

    // https://docs.aws.amazon.com/neptune/latest/userguide/engine-releases-1.4.4.0.html#engine-releases-1.4.4.0-upgrading
    it("is upgraded to another family when that is allowed, with a group of that family", async () => {
        const group = await makeGroup("neptune1.3");
        const cluster = await makeCluster({ EngineVersion: "1.3.4.0", DBClusterParameterGroupName: group });
        const id = given(cluster.DBClusterIdentifier);
        const upgrade = { DBClusterIdentifier: id, EngineVersion: "1.4.5.1" };
        const send = (input: object) => neptune.send(new ModifyDBClusterCommand({ ...upgrade, ...input }));
        await refused(send({}), "InvalidParameterCombination", /AllowMajorVersionUpgrade flag/);
        const allowed = { AllowMajorVersionUpgrade: true };
        await refused(send(allowed), "InvalidParameterCombination", /DBParameterGroupFamily neptune1\.4/);
        const next = await makeGroup("neptune1.4");
        const changed = await change({ ...upgrade, ...allowed, DBClusterParameterGroupName: next });
        assert.deepEqual([changed.EngineVersion, changed.DBClusterParameterGroup], ["1.4.5.1", next]);
        await neptune.send(new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: group }));
        await remove(id);
    });

    // API_DeleteDBCluster, and manage-console-instances-delete.html of the user guide
    it("is not deleted while it is protected or has members, and asks about a final snapshot", async () => {
        const cluster = await makeCluster({
            DeletionProtection: true,
            CopyTagsToSnapshot: true,
            Tags: [{ Key: "ExperimentID", Value: "exp-1" }],
        });
        const id = given(cluster.DBClusterIdentifier);
        const member = given((await makeInstance({ DBClusterIdentifier: id })).DBInstanceIdentifier);
        const drop = (input: object = { SkipFinalSnapshot: true }) =>
            neptune.send(new DeleteDBClusterCommand({ DBClusterIdentifier: id, ...input }));
        await refused(drop(), "InvalidParameterCombination", /Cannot delete protected Cluster/);
        await change({ DBClusterIdentifier: id, DeletionProtection: false });
        await refused(drop(), "InvalidDBClusterStateFault", /still contains DB instances/);
        await removeInstance(member);
        await refused(drop({}), "InvalidParameterCombination", /FinalDBSnapshotIdentifier is required/);
        const both = { SkipFinalSnapshot: true, FinalDBSnapshotIdentifier: "final" };
        await refused(drop(both), "InvalidParameterCombination");

        const final = uniqueName("final");
        await drop({ FinalDBSnapshotIdentifier: final });
        await clusterOf(id);
        const { DBClusterSnapshots } = await neptune.send(
            new DescribeDBClusterSnapshotsCommand({ DBClusterSnapshotIdentifier: final }),
        );
        const snapshot = given(DBClusterSnapshots?.[0]);
        assert.deepEqual([snapshot.DBClusterIdentifier, snapshot.Status], [id, "available"]);
        const tags = await tagsOf(given(snapshot.DBClusterSnapshotArn));
        assert.deepEqual(tags, { ExperimentID: "exp-1" });
        const again = given((await makeCluster()).DBClusterIdentifier);
        const second = { DBClusterIdentifier: again, FinalDBSnapshotIdentifier: final };
        await refused(
            neptune.send(new DeleteDBClusterCommand(second)),
            "DBClusterSnapshotAlreadyExistsFault",
        );
        await remove(again);
        assert.deepEqual(
            (await left()).filter(({ id: what }) => what.endsWith(`:${final}`)).map(({ type }) => type),
            ["db-cluster-snapshot"],
        );
        await neptune.send(new DeleteDBClusterSnapshotCommand({ DBClusterSnapshotIdentifier: final }));
    });

    // API_AddRoleToDBCluster and API_RemoveRoleFromDBCluster
    it("has roles, each once", async () => {
        const id = given((await makeCluster()).DBClusterIdentifier);
        const role = (name: string) => ({
            DBClusterIdentifier: id,
            RoleArn: `arn:aws:iam::123456789012:role/${name}`,
        });
        await neptune.send(new AddRoleToDBClusterCommand(role("one")));
        await neptune.send(new AddRoleToDBClusterCommand(role("two")));
        await refused(
            neptune.send(new AddRoleToDBClusterCommand(role("one"))),
            "DBClusterRoleAlreadyExistsFault",
        );
        await neptune.send(new RemoveRoleFromDBClusterCommand(role("one")));
        assert.deepEqual(
            (await clusterOf(id)).AssociatedRoles?.map(({ RoleArn, Status }) => [RoleArn, Status]),
            [[role("two").RoleArn, "ACTIVE"]],
        );
        await refused(
            neptune.send(new RemoveRoleFromDBClusterCommand(role("one"))),
            "DBClusterRoleNotFoundFault",
        );
        await remove(id);
    });

    // API_CreateDBInstance; feature-overview-db-clusters.html for writer and failover
    it("has instances with an interface in their zone, one of which writes", async () => {
        const group = await network.securityGroup(uniqueName("group"));
        const id = given((await makeCluster({ VpcSecurityGroupIds: [group] })).DBClusterIdentifier);
        const serverless = { DBClusterIdentifier: id, DBInstanceClass: "db.serverless" };
        await refused(makeInstance(serverless), "InvalidDBClusterStateFault", /scaling configuration/);
        const nowhere = { DBClusterIdentifier: id, AvailabilityZone: "us-east-1c" };
        await refused(makeInstance(nowhere), "InvalidVPCNetworkStateFault");

        const first = await makeInstance({ DBClusterIdentifier: id, PromotionTier: 0 });
        const second = await makeInstance({
            DBClusterIdentifier: id,
            AvailabilityZone: "us-east-1b",
            PromotionTier: 1,
        });
        assert.deepEqual(
            [first, second].map(({ AvailabilityZone, DBInstanceStatus }) => [
                AvailabilityZone,
                DBInstanceStatus,
            ]),
            [
                ["us-east-1a", "available"],
                ["us-east-1b", "available"],
            ],
        );
        assert.notEqual(first.DbiResourceId, second.DbiResourceId);
        assert.match(given(first.Endpoint?.Address), /^instance-.*\.us-east-1\.neptune\.amazonaws\.com$/);
        assert.deepEqual(
            first.DBParameterGroups?.map((used) => used.DBParameterGroupName),
            ["default.neptune1.4"],
        );
        const writers = async () =>
            (await clusterOf(id)).DBClusterMembers?.map((member) => [
                member.DBInstanceIdentifier,
                member.IsClusterWriter,
            ]);
        assert.deepEqual(await writers(), [
            [first.DBInstanceIdentifier, true],
            [second.DBInstanceIdentifier, false],
        ]);

        const mine = await interfaces();
        assert.deepEqual(mine.map((eni) => eni.SubnetId).sort(), [...subnets].sort());
        assert.deepEqual(
            mine.map((eni) => [eni.Description, eni.Groups?.[0]?.GroupId, eni.RequesterManaged]),
            mine.map(() => ["RDSNetworkInterface", group, true]),
        );
        const subnet = new DeleteSubnetCommand({ SubnetId: subnets[0] });
        await refused(network.ec2.send(subnet), "DependencyViolation");

        const other = await network.securityGroup(uniqueName("group"));
        await change({ DBClusterIdentifier: id, VpcSecurityGroupIds: [other] });
        assert.deepEqual(
            (await interfaces()).map((eni) => eni.Groups?.[0]?.GroupId),
            [other, other],
        );

        const tiers = { DBInstanceIdentifier: second.DBInstanceIdentifier, PromotionTier: 3 };
        await neptune.send(new ModifyDBInstanceCommand(tiers));
        assert.equal((await describeInstance(given(second.DBInstanceIdentifier))).PromotionTier, 3);
        await describeInstance(given(second.DBInstanceIdentifier));

        for (const { DBInstanceIdentifier } of [first, second]) {
            await removeInstance(given(DBInstanceIdentifier));
            if (DBInstanceIdentifier === first.DBInstanceIdentifier)
                assert.deepEqual(await writers(), [[second.DBInstanceIdentifier, true]]);
        }
        assert.deepEqual(await interfaces(), []);
        await remove(id);
    });

    // API_ModifyDBClusterParameterGroup; https://docs.aws.amazon.com/neptune/latest/userguide/parameters.html
    it("has parameter groups of its families, with its parameters", async () => {
        const name = await makeGroup("neptune1.4");
        await refused(makeGroup("neptune9"), "InvalidParameterValue", /neptune9 is not a valid/);
        const set = (ParameterName: string, ApplyMethod: "immediate" | "pending-reboot") =>
            neptune.send(
                new ModifyDBClusterParameterGroupCommand({
                    DBClusterParameterGroupName: name,
                    Parameters: [{ ParameterName, ParameterValue: "1", ApplyMethod }],
                }),
            );
        const audit = "neptune_enable_audit_log";
        await refused(set("neptune_magic", "pending-reboot"), "InvalidParameterValue", /neptune_magic/);
        await refused(set(audit, "immediate"), "InvalidParameterCombination", /static parameter/);
        await set(audit, "pending-reboot");
        const shown = async (Source: string) =>
            (
                await neptune.send(
                    new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName: name, Source }),
                )
            ).Parameters?.map((parameter) => [parameter.ParameterName, parameter.ParameterValue]);
        assert.deepEqual(await shown("user"), [[audit, "1"]]);
        assert.deepEqual((await shown("engine-default")) ?? [], []);
        await neptune.send(
            new ResetDBClusterParameterGroupCommand({
                DBClusterParameterGroupName: name,
                Parameters: [{ ParameterName: audit, ApplyMethod: "pending-reboot" }],
            }),
        );
        assert.deepEqual((await shown("user")) ?? [], []);
        await neptune.send(new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: name }));
        const gone = new DescribeDBParameterGroupsCommand({ DBParameterGroupName: "none" });
        await refused(neptune.send(gone), "DBParameterGroupNotFoundFault");
    });

    // API_CreateDBSubnetGroup and API_ModifyDBSubnetGroup
    it("has subnet groups that cover two zones of one VPC", async () => {
        const [a = "", b = ""] = subnets;
        await refused(makeSubnetGroup([a]), "DBSubnetGroupDoesNotCoverEnoughAZs", /us-east-1a/);
        const apart = await (await Network.create()).subnet("10.0.1.0/24", "us-east-1b");
        await refused(makeSubnetGroup([a, apart]), "InvalidSubnet");
        const name = await makeSubnetGroup([a, b]);
        const c = await network.subnet("10.0.2.0/24", "us-east-1c");
        const widened = { DBSubnetGroupName: name, SubnetIds: [a, b, c] };
        await neptune.send(new ModifyDBSubnetGroupCommand(widened));
        const { DBSubnetGroups } = await neptune.send(
            new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: name }),
        );
        assert.equal(DBSubnetGroups?.[0]?.VpcId, network.vpcId);
        assert.equal(DBSubnetGroups?.[0]?.Subnets?.length, 3);
        await neptune.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: name }));
    });

    // API_DeleteDBSubnetGroup, API_DeleteDBClusterParameterGroup and API_DeleteDBParameterGroup
    it("keeps the groups that are in use", async () => {
        const group = await makeGroup("neptune1.4");
        const instanceGroup = uniqueName("parameters");
        await neptune.send(
            new CreateDBParameterGroupCommand({
                DBParameterGroupName: instanceGroup,
                DBParameterGroupFamily: "neptune1.4",
                Description: "test",
            }),
        );
        const id = given((await makeCluster({ DBClusterParameterGroupName: group })).DBClusterIdentifier);
        const member = await makeInstance({ DBClusterIdentifier: id, DBParameterGroupName: instanceGroup });
        const drops = [
            () => neptune.send(new DeleteDBSubnetGroupCommand({ DBSubnetGroupName: subnetGroup })),
            () =>
                neptune.send(
                    new DeleteDBClusterParameterGroupCommand({ DBClusterParameterGroupName: group }),
                ),
            () => neptune.send(new DeleteDBParameterGroupCommand({ DBParameterGroupName: instanceGroup })),
        ];
        const codes = [
            "InvalidDBSubnetGroupStateFault",
            "InvalidDBParameterGroupStateFault",
            "InvalidDBParameterGroupStateFault",
        ];
        for (const [index, drop] of drops.entries()) await refused(drop(), codes[index] ?? "");
        await removeInstance(given(member.DBInstanceIdentifier));
        await remove(id);
        await refused(clusterOf(id), "DBClusterNotFoundFault");
        for (const drop of drops.slice(1)) await drop();
    });

    // https://docs.aws.amazon.com/neptune/latest/userguide/tagging.html
    it("is tagged, as are its instances and groups", async () => {
        const { DBClusterIdentifier, DBClusterArn } = await makeCluster({
            Tags: [{ Key: "Owner", Value: "me" }],
        });
        const { DBInstanceArn, DBInstanceIdentifier } = await makeInstance({
            DBClusterIdentifier,
            Tags: [{ Key: "Owner", Value: "me" }],
        });
        const { DBSubnetGroups } = await neptune.send(
            new DescribeDBSubnetGroupsCommand({ DBSubnetGroupName: subnetGroup }),
        );
        for (const arn of [DBClusterArn, DBInstanceArn, DBSubnetGroups?.[0]?.DBSubnetGroupArn]) {
            const ResourceName = given(arn);
            assert.deepEqual(await tagsOf(ResourceName), { Owner: "me" }, ResourceName);
            const Tags = [{ Key: "ExperimentID", Value: "exp-1" }];
            await neptune.send(new AddTagsToResourceCommand({ ResourceName, Tags }));
            await neptune.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ["Owner"] }));
            assert.deepEqual(await tagsOf(ResourceName), { ExperimentID: "exp-1" }, ResourceName);
        }
        await removeInstance(given(DBInstanceIdentifier));
        await remove(given(DBClusterIdentifier));
    });

    it("is in the inventory while it exists, and not when it is on its way out", async () => {
        const cluster = await makeCluster();
        const id = given(cluster.DBClusterIdentifier);
        const member = await makeInstance({ DBClusterIdentifier: id });
        const listed = async () =>
            (await left())
                .filter(({ id: arn }) => [cluster.DBClusterArn, member.DBInstanceArn].includes(arn))
                .map(({ type }) => type);
        assert.deepEqual(await listed(), ["db-cluster", "db-instance"]);
        const { DBInstanceIdentifier } = member;
        await neptune.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }));
        await neptune.send(new DeleteDBClusterCommand({ DBClusterIdentifier: id, SkipFinalSnapshot: true }));
        assert.deepEqual(await listed(), []);
    });

    const tagsOf = async (ResourceName: string) => {
        const { TagList } = await neptune.send(new ListTagsForResourceCommand({ ResourceName }));
        return Object.fromEntries((TagList ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    };
    const left = async (): Promise<{ type: string; id: string }[]> => {
        const { endpoint } = await sharedServer();
        const response = await fetch(`${endpoint}/_sandbox/resources`);
        return (await response.json()) as { type: string; id: string }[];
    };
});
