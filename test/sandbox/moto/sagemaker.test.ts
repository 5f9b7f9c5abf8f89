import * as assert from "node:assert/strict";
import {
    DeleteNetworkInterfaceCommand,
    DeleteSecurityGroupCommand,
    DeleteSubnetCommand,
    DescribeNetworkInterfacesCommand,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import {
    DeleteFileSystemCommand,
    DescribeFileSystemsCommand,
    DescribeMountTargetsCommand,
} from "@aws-sdk/client-efs";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
    AddTagsCommand,
    CreateAppCommand,
    CreateCodeRepositoryCommand,
    type CreateDomainCommandInput,
    CreateSpaceCommand,
    CreateStudioLifecycleConfigCommand,
    CreateUserProfileCommand,
    DeleteAppCommand,
    DeleteCodeRepositoryCommand,
    DeleteDomainCommand,
    DeleteSpaceCommand,
    DeleteStudioLifecycleConfigCommand,
    DeleteTagsCommand,
    DeleteUserProfileCommand,
    DescribeAppCommand,
    DescribeCodeRepositoryCommand,
    DescribeSpaceCommand,
    DescribeStudioLifecycleConfigCommand,
    DescribeUserProfileCommand,
    ListAppsCommand,
    ListDomainsCommand,
    ListSpacesCommand,
    ListTagsCommand,
    ListUserProfilesCommand,
    UpdateDomainCommand,
    UpdateUserProfileCommand,
} from "@aws-sdk/client-sagemaker";
import { clientSettings, given, Network, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";
import { ROLE, Studio } from "./support/studio";

const OWNER = { AppType: "JupyterLab" as const, AppName: "default" };

describe("sandbox/moto SageMaker", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    describe("domains", () => {
        it("are pending at first, and named by their id", async () => {
            const studio = await Studio.create();
            assert.match(studio.domainId, /^d-[a-z0-9]{12}$/);
            assert.equal(
                studio.domainArn,
                `arn:aws:sagemaker:${REGION}:123456789012:domain/${studio.domainId}`,
            );
            assert.equal((await studio.describe()).Status, "Pending");
            const { Status, Url, VpcId } = await studio.describe();
            assert.equal(Status, "InService");
            assert.equal(Url, `https://${studio.domainId}.studio.${REGION}.sagemaker.aws`);
            assert.equal(VpcId, studio.network.vpcId);
        });

        // The file system's encryption and tag: API_CreateDomain, "EFS storage", and AmazonSageMakerNotebooksServiceRolePolicy.
        it("come with an encrypted file system that has a mount target in each subnet", async () => {
            const kms = new KMSClient(await clientSettings());
            const key = given((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
            const studio = await Studio.create({ KmsKeyId: key });
            const FileSystemId = given((await studio.describe()).HomeEfsFileSystemId);
            const { FileSystems } = await studio.efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
            const [home] = given(FileSystems);
            assert.equal(home?.Encrypted, true);
            assert.equal(home?.KmsKeyId, key);
            assert.deepEqual(home?.Tags, [
                { Key: "ManagedByAmazonSageMakerResource", Value: studio.domainArn },
            ]);
            const { MountTargets } = await studio.efs.send(new DescribeMountTargetsCommand({ FileSystemId }));
            assert.deepEqual(
                MountTargets?.map((target) => target.SubnetId).sort(),
                [...studio.subnetIds].sort(),
            );
            const { inbound } = await studio.nfsGroups();
            for (const { NetworkInterfaceId } of given(MountTargets)) {
                const { NetworkInterfaces } = await studio.network.ec2.send(
                    new DescribeNetworkInterfacesCommand({
                        NetworkInterfaceIds: [given(NetworkInterfaceId)],
                    }),
                );
                const [eni] = given(NetworkInterfaces);
                assert.equal(eni?.InterfaceType, "efs");
                assert.deepEqual(
                    eni?.Groups?.map((group) => group.GroupId),
                    [inbound?.GroupId],
                );
                await refused(
                    studio.network.ec2.send(
                        new DeleteNetworkInterfaceCommand({ NetworkInterfaceId: given(NetworkInterfaceId) }),
                    ),
                    "InvalidParameterValue",
                    /in use/,
                );
            }
        });

        it("come with two security groups that name each other, tagged with the domain", async () => {
            const studio = await Studio.create();
            const { inbound, outbound } = await studio.nfsGroups();
            const ports = (rules: { FromPort?: number; ToPort?: number }[] | undefined) =>
                rules?.map(({ FromPort, ToPort }) => [FromPort, ToPort]);
            const nfs = [
                [988, 988],
                [1018, 1023],
                [2049, 2049],
            ];
            assert.deepEqual(ports(inbound?.IpPermissions), nfs);
            assert.deepEqual(inbound?.IpPermissions?.[2]?.UserIdGroupPairs?.[0]?.GroupId, outbound?.GroupId);
            assert.deepEqual(inbound?.IpPermissionsEgress, []);
            assert.deepEqual(ports(outbound?.IpPermissionsEgress), nfs);
            assert.deepEqual(outbound?.IpPermissions, []);
            for (const group of [inbound, outbound]) {
                assert.match(given(group?.Description), /^\[DO NOT DELETE\] Security Group that allows/);
                assert.deepEqual(group?.Tags, [
                    { Key: "ManagedByAmazonSageMakerResource", Value: studio.domainArn },
                ]);
            }
        });

        it("are refused for what is not there", async () => {
            const studio = await Studio.network();
            const groups = (SecurityGroups: string[]) => ({
                DefaultUserSettings: { ExecutionRole: ROLE, SecurityGroups },
            });
            const other = await Network.create();
            const cases: [Partial<CreateDomainCommandInput>, RegExp][] = [
                [groups([]), /SecurityGroups are required/],
                [groups(["sg-0123"]), /sg-0123 does not exist/],
                [groups(["1", "2", "3", "4", "5"]), /at most 4/],
                [{ SubnetIds: [await other.subnet("10.0.0.0/24")] }, /does not belong to VPC/],
                [{ KmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/none" }, /KMS key .* does not exist/],
            ];
            for (const [more, message] of cases)
                await refused(studio.createDomain(more), "ValidationException", message);
            await studio.createDomain({ DomainName: "taken" });
            await refused(studio.createDomain({ DomainName: "taken" }), "ResourceInUse", /already exists/);
        });

        it("are updated in part, and are Updating for a while", async () => {
            const studio = await (await Studio.create()).ready();
            const DefaultUserSettings = { StudioWebPortal: "DISABLED" as const };
            await studio.sagemaker.send(
                new UpdateDomainCommand({ DomainId: studio.domainId, DefaultUserSettings }),
            );
            const { Status, ...updated } = await studio.describe();
            assert.equal(Status, "Updating");
            assert.equal(updated.DefaultUserSettings?.StudioWebPortal, "DISABLED");
            assert.equal(updated.DefaultUserSettings?.ExecutionRole, ROLE);
            assert.equal((await studio.describe()).Status, "InService");
        });

        // hashicorp/terraform-provider-aws#45528 and #39923; API_UpdateDomain: no apps in the InService, Pending or
        // Deleting state.
        it("are updated to VpcOnly with VPC and subnets, and without apps", async () => {
            const studio = await (await Studio.create()).ready();
            const update = (more: object) =>
                studio.sagemaker.send(new UpdateDomainCommand({ DomainId: studio.domainId, ...more }));
            const VpcOnly = { AppNetworkAccessType: "VpcOnly" };
            const place = { VpcId: studio.network.vpcId, SubnetIds: studio.subnetIds };
            for (const part of [{}, { VpcId: place.VpcId }, { SubnetIds: place.SubnetIds }]) {
                await refused(
                    update({ ...VpcOnly, ...part }),
                    "ValidationException",
                    /^VpcId and Subnet IDs are required for updating domains to VpcOnly mode\.$/,
                );
            }
            await refused(
                update({ AppSecurityGroupManagement: "Service" }),
                "ValidationException",
                /AppSecurityGroupManagement can only be set for Rstudio enabled domains/,
            );
            await update({ ...VpcOnly, ...place });
            await studio.ready();

            const UserProfileName = await studio.profile();
            const app = { DomainId: studio.domainId, UserProfileName, ...OWNER };
            await studio.sagemaker.send(new CreateAppCommand(app));
            const hasApps = /because App\(s\) are associated with it/;
            const open = { AppNetworkAccessType: "PublicInternetOnly" };
            await refused(update(open), "ValidationException", hasApps);
            await refused(
                update({ SubnetIds: place.SubnetIds.slice(1) }),
                "ValidationException",
                /^SubnetIds .* because App/,
            );
            await update({ ...VpcOnly, ...place });
            await studio.sagemaker.send(new DescribeAppCommand(app));
            await studio.sagemaker.send(new DeleteAppCommand(app));
            await studio.sagemaker.send(new DescribeAppCommand(app));
            await update(open);
            assert.equal((await studio.describe()).AppNetworkAccessType, "PublicInternetOnly");
        });

        it("are refused to go while they have users, and are Deleting for a while", async () => {
            const studio = await (await Studio.create()).ready();
            const UserProfileName = await studio.profile();
            const remove = () =>
                studio.sagemaker.send(new DeleteDomainCommand({ DomainId: studio.domainId }));
            await refused(remove(), "ResourceInUse", /UserProfile\(s\) are associated/);
            const key = { DomainId: studio.domainId, UserProfileName };
            await studio.sagemaker.send(new DeleteUserProfileCommand(key));
            await studio.sagemaker.send(new DescribeUserProfileCommand(key));
            await remove();
            assert.equal((await studio.describe()).Status, "Deleting");
            await refused(studio.describe(), "ResourceNotFound", /does not exist/);
            const { Domains } = await studio.sagemaker.send(new ListDomainsCommand({}));
            assert.ok(!Domains?.some((domain) => domain.DomainId === studio.domainId));
        });

        // gs-studio-delete-domain: the file system stays unless RetentionPolicy says Delete.
        it("leave their file system unless told to delete it", async () => {
            for (const HomeEfsFileSystem of [undefined, "Retain", "Delete"] as const) {
                const studio = await (await Studio.create()).ready();
                const FileSystemId = given((await studio.describe()).HomeEfsFileSystemId);
                const RetentionPolicy = HomeEfsFileSystem && { HomeEfsFileSystem };
                await studio.sagemaker.send(
                    new DeleteDomainCommand({ DomainId: studio.domainId, RetentionPolicy }),
                );
                const found = studio.efs.send(new DescribeFileSystemsCommand({ FileSystemId }));
                if (HomeEfsFileSystem === "Delete") {
                    await refused(found, "FileSystemNotFound");
                    await studio.network.ec2.send(
                        new DeleteSubnetCommand({ SubnetId: given(studio.subnetIds[0]) }),
                    );
                } else {
                    assert.equal((await found).FileSystems?.length, 1);
                    await refused(
                        studio.network.ec2.send(
                            new DeleteSubnetCommand({ SubnetId: given(studio.subnetIds[0]) }),
                        ),
                        "DependencyViolation",
                    );
                    await refused(
                        studio.efs.send(new DeleteFileSystemCommand({ FileSystemId })),
                        "FileSystemInUse",
                    );
                }
            }
        });

        // hashicorp/terraform-provider-aws#20986
        it("leave their groups whatever they are told, which only go when neither names the other", async () => {
            const studio = await (await Studio.create()).ready();
            const RetentionPolicy = { HomeEfsFileSystem: "Delete" as const };
            await studio.sagemaker.send(
                new DeleteDomainCommand({ DomainId: studio.domainId, RetentionPolicy }),
            );
            await studio.describe();
            const { inbound, outbound } = await studio.nfsGroups();
            const { ec2 } = studio.network;
            for (const group of [inbound, outbound]) {
                const command = new DeleteSecurityGroupCommand({ GroupId: given(group?.GroupId) });
                await refused(ec2.send(command), "DependencyViolation");
            }
            await ec2.send(
                new RevokeSecurityGroupIngressCommand({
                    GroupId: given(inbound?.GroupId),
                    IpPermissions: inbound?.IpPermissions,
                }),
            );
            await ec2.send(
                new RevokeSecurityGroupEgressCommand({
                    GroupId: given(outbound?.GroupId),
                    IpPermissions: outbound?.IpPermissionsEgress,
                }),
            );
            for (const group of [inbound, outbound])
                await ec2.send(new DeleteSecurityGroupCommand({ GroupId: given(group?.GroupId) }));
            assert.deepEqual(await studio.nfsGroups(), { inbound: undefined, outbound: undefined });
        });
    });

    describe("user profiles", () => {
        it("are pending at first, have a uid of their own, and change in part", async () => {
            const studio = await (await Studio.create()).ready();
            const uids = new Set<string>();
            for (const UserProfileName of ["ada", "grace"]) {
                const key = { DomainId: studio.domainId, UserProfileName };
                const UserSettings = { ExecutionRole: ROLE, SecurityGroups: [studio.groupId] };
                const made = await studio.sagemaker.send(
                    new CreateUserProfileCommand({ ...key, UserSettings }),
                );
                assert.equal(
                    made.UserProfileArn,
                    `arn:aws:sagemaker:${REGION}:123456789012:user-profile/${studio.domainId}/${UserProfileName}`,
                );
                const describe = () => studio.sagemaker.send(new DescribeUserProfileCommand(key));
                assert.equal((await describe()).Status, "Pending");
                assert.equal((await describe()).Status, "InService");
                uids.add(given((await describe()).HomeEfsFileSystemUid));
                await studio.sagemaker.send(
                    new UpdateUserProfileCommand({ ...key, UserSettings: { StudioWebPortal: "DISABLED" } }),
                );
                const updated = await describe();
                assert.equal(updated.Status, "Updating");
                assert.deepEqual(updated.UserSettings, { ...UserSettings, StudioWebPortal: "DISABLED" });
            }
            assert.equal(uids.size, 2);
            const { UserProfiles } = await studio.sagemaker.send(
                new ListUserProfilesCommand({ DomainIdEquals: studio.domainId }),
            );
            assert.deepEqual(
                UserProfiles?.map((profile) => profile.UserProfileName),
                ["ada", "grace"],
            );
        });

        it("are refused where they cannot be", async () => {
            const studio = await Studio.create();
            const create = (more: object = {}) =>
                studio.sagemaker.send(
                    new CreateUserProfileCommand({
                        DomainId: studio.domainId,
                        UserProfileName: "ada",
                        ...more,
                    }),
                );
            await refused(create(), "ValidationException", /is Pending; it has to be InService/);
            await studio.ready();
            await refused(create({ DomainId: "d-none" }), "ResourceNotFound");
            await refused(create({ SingleSignOnUserValue: "ada" }), "ValidationException", /AuthMode SSO/);
            await refused(
                create({ UserSettings: { SecurityGroups: ["sg-none"] } }),
                "ValidationException",
                /sg-none does not exist/,
            );
            await create();
            await refused(create(), "ResourceInUse", /already exists/);
        });

        it("are refused to go while they have apps or spaces", async () => {
            const studio = await (await Studio.create()).ready();
            const UserProfileName = await studio.profile();
            const user = { DomainId: studio.domainId, UserProfileName };
            const space = { DomainId: studio.domainId, SpaceName: "desk" };
            const remove = () => studio.sagemaker.send(new DeleteUserProfileCommand(user));
            await studio.sagemaker.send(
                new CreateSpaceCommand({
                    ...space,
                    OwnershipSettings: { OwnerUserProfileName: UserProfileName },
                    SpaceSharingSettings: { SharingType: "Private" },
                }),
            );
            await studio.sagemaker.send(new CreateAppCommand({ ...user, ...OWNER }));
            await refused(remove(), "ResourceInUse", /App\(s\) are associated/);
            await studio.sagemaker.send(new DeleteAppCommand({ ...user, ...OWNER }));
            await studio.sagemaker.send(new DescribeAppCommand({ ...user, ...OWNER }));
            await refused(remove(), "ResourceInUse", /Space\(s\) are associated/);
            await studio.sagemaker.send(new DeleteSpaceCommand(space));
            await studio.sagemaker.send(new DescribeSpaceCommand(space));
            await refused(studio.sagemaker.send(new DescribeSpaceCommand(space)), "ResourceNotFound");
            await remove();
        });
    });

    describe("spaces and apps", () => {
        it("are listed with their states, deleted apps for a while", async () => {
            const studio = await (await Studio.create()).ready();
            const UserProfileName = await studio.profile();
            const space = { DomainId: studio.domainId, SpaceName: "desk" };
            await studio.sagemaker.send(
                new CreateSpaceCommand({
                    ...space,
                    OwnershipSettings: { OwnerUserProfileName: UserProfileName },
                }),
            );
            const DomainIdEquals = studio.domainId;
            const spaces = await studio.sagemaker.send(new ListSpacesCommand({ DomainIdEquals }));
            assert.deepEqual(
                spaces.Spaces?.map((one) => [one.SpaceName, one.Status]),
                [["desk", "Pending"]],
            );
            const app = { ...space, ...OWNER };
            await studio.sagemaker.send(new CreateAppCommand(app));
            const apps = async () =>
                (await studio.sagemaker.send(new ListAppsCommand({ DomainIdEquals }))).Apps?.map((one) => [
                    one.AppType,
                    one.SpaceName,
                    one.Status,
                ]);
            assert.deepEqual(await apps(), [["JupyterLab", "desk", "Pending"]]);
            assert.deepEqual(await apps(), [["JupyterLab", "desk", "InService"]]);
            await refused(
                studio.sagemaker.send(new DeleteSpaceCommand(space)),
                "ResourceInUse",
                /App\(s\) are associated/,
            );
            await studio.sagemaker.send(new DeleteAppCommand(app));
            await refused(studio.sagemaker.send(new DeleteAppCommand(app)), "ResourceInUse", /is Deleting/);
            assert.deepEqual(await apps(), [["JupyterLab", "desk", "Deleting"]]);
            assert.deepEqual(await apps(), [["JupyterLab", "desk", "Deleted"]]);
            await studio.sagemaker.send(new DeleteSpaceCommand(space));
        });
    });

    describe("lifecycle configurations", () => {
        const config = (name: string, content = "eA==") => ({
            StudioLifecycleConfigName: name,
            StudioLifecycleConfigContent: content,
            StudioLifecycleConfigAppType: "JupyterLab" as const,
        });

        // jl-lcc-delete: "you must detach it first".
        it("are refused to go while a domain uses them", async () => {
            const studio = await Studio.network();
            const made = await studio.sagemaker.send(new CreateStudioLifecycleConfigCommand(config("used")));
            const arn = given(made.StudioLifecycleConfigArn);
            const domain = (arns: string[]) => ({
                DefaultUserSettings: {
                    ExecutionRole: ROLE,
                    SecurityGroups: [studio.groupId],
                    JupyterLabAppSettings: { LifecycleConfigArns: arns },
                },
            });
            await refused(
                studio.createDomain(domain([`${arn}-not`])),
                "ValidationException",
                /does not exist/,
            );
            const { DomainId } = await studio.createDomain(domain([arn]));
            const remove = () =>
                studio.sagemaker.send(
                    new DeleteStudioLifecycleConfigCommand({ StudioLifecycleConfigName: "used" }),
                );
            await refused(remove(), "ResourceInUse", /uses it/);
            await studio.sagemaker.send(new UpdateDomainCommand({ DomainId, ...domain([]) }));
            await remove();
            await refused(remove(), "ResourceNotFound");
        });

        it("have one name each, and a limited content", async () => {
            const { sagemaker } = await Studio.network();
            await sagemaker.send(new CreateStudioLifecycleConfigCommand(config("once")));
            await refused(
                sagemaker.send(new CreateStudioLifecycleConfigCommand(config("once"))),
                "ResourceInUse",
            );
            await refused(
                sagemaker.send(new CreateStudioLifecycleConfigCommand(config("long", "x".repeat(16_385)))),
                "ValidationException",
                /less than or equal to 16384/,
            );
            const found = await sagemaker.send(
                new DescribeStudioLifecycleConfigCommand({ StudioLifecycleConfigName: "once" }),
            );
            assert.equal(found.StudioLifecycleConfigContent, "eA==");
        });
    });

    it("code repositories are there until they are deleted", async () => {
        const { sagemaker } = await Studio.network();
        const CodeRepositoryName = "notebooks";
        const GitConfig = { RepositoryUrl: "https://git.example.com/team/notebooks.git", Branch: "main" };
        await sagemaker.send(new CreateCodeRepositoryCommand({ CodeRepositoryName, GitConfig }));
        await refused(
            sagemaker.send(new CreateCodeRepositoryCommand({ CodeRepositoryName, GitConfig })),
            "ValidationException",
            /already existing/,
        );
        const found = await sagemaker.send(new DescribeCodeRepositoryCommand({ CodeRepositoryName }));
        assert.deepEqual(found.GitConfig, GitConfig);
        await sagemaker.send(new DeleteCodeRepositoryCommand({ CodeRepositoryName }));
        await refused(
            sagemaker.send(new DescribeCodeRepositoryCommand({ CodeRepositoryName })),
            "ValidationException",
            /Cannot find CodeRepository/,
        );
    });

    it("tags have one value a key, on parts with names of two parts too", async () => {
        const studio = await (await Studio.create({ Tags: [{ Key: "a", Value: "1" }] })).ready();
        const name = await studio.profile();
        const profileArn = `arn:aws:sagemaker:${REGION}:123456789012:user-profile/${studio.domainId}/${name}`;
        for (const ResourceArn of [studio.domainArn, profileArn]) {
            const tags = async () => (await studio.sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags;
            const add = (Key: string, Value: string) =>
                studio.sagemaker.send(new AddTagsCommand({ ResourceArn, Tags: [{ Key, Value }] }));
            await add("a", "2");
            await add("b", "3");
            await studio.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["b"] }));
            assert.deepEqual(await tags(), [{ Key: "a", Value: "2" }]);
        }
        await refused(
            studio.sagemaker.send(new ListTagsCommand({ ResourceArn: `${studio.domainArn}x` })),
            "ResourceNotFound",
        );
    });

    it("what is left of a domain is in the inventory", async () => {
        const studio = await (await Studio.create()).ready();
        await studio.profile("left-behind");
        const { endpoint } = await sharedServer();
        const list = async () => {
            const response = await fetch(`${endpoint}/_sandbox/resources`);
            assert.equal(response.status, 200);
            return (await response.json()) as { service: string; type: string; id: string }[];
        };
        const listed = (await list()).map(({ service, type, id }) => `${service} ${type} ${id}`);
        const FileSystemId = given((await studio.describe()).HomeEfsFileSystemId);
        const { inbound, outbound } = await studio.nfsGroups();
        for (const line of [
            `sagemaker domain ${studio.domainId}`,
            `sagemaker user-profile ${studio.domainId}/left-behind`,
            `efs file-system ${FileSystemId}`,
            `ec2 security-group ${given(inbound?.GroupId)}`,
            `ec2 security-group ${given(outbound?.GroupId)}`,
        ])
            assert.ok(listed.includes(line), `${line} is not among\n${listed.join("\n")}`);
    });
});
