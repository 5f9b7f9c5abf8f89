import * as assert from "node:assert/strict";
import { CreateTagsCommand, DeleteSubnetCommand } from "@aws-sdk/client-ec2";
import {
    CreateAppCommand,
    CreateSpaceCommand,
    DeleteAppCommand,
    DeleteDomainCommand,
    DeleteSpaceCommand,
    DeleteUserProfileCommand,
    DescribeSpaceCommand,
    DescribeUserProfileCommand,
    ListAppsCommand,
    ListSpacesCommand,
} from "@aws-sdk/client-sagemaker";
import {
    HomesTeardown,
    LeftoversTeardown,
    SessionsTeardown,
    type TeardownDependencies,
} from "../../../components/sagemaker/teardown-provider";
import { FakeClock } from "../../support/fake-clock";
import { given, refused, REGION } from "./support/network";
import { sharedServer, START_TIMEOUT_MS } from "./support/server";
import { Studio } from "./support/studio";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The providers on the emulated AWS, with a clock that does not wait. */
function teardown(studio: Studio) {
    const lines: string[] = [];
    const dependencies: TeardownDependencies = {
        ec2: () => studio.network.ec2,
        sagemaker: () => studio.sagemaker,
        clock: new FakeClock(0, 0.5),
        log: (text) => lines.push(text),
    };
    const key = { region: REGION, vpcId: studio.network.vpcId };
    return {
        lines,
        sessions: (homeRetention: "Delete" | "Retain") =>
            new SessionsTeardown(dependencies).delete("", {
                ...key,
                domainId: studio.domainId,
                homeRetention,
            }),
        homes: (homeRetention: "Delete" | "Retain") =>
            new HomesTeardown(dependencies).delete("", {
                region: REGION,
                domainId: studio.domainId,
                homeRetention,
            }),
        leftovers: () =>
            new LeftoversTeardown(dependencies).delete("", { ...key, subnetIds: studio.subnetIds }),
    };
}

/** A user with an app of their own, and one in a space. */
async function used(studio: Studio): Promise<void> {
    const { sagemaker, domainId: DomainId } = studio;
    const UserProfileName = await studio.profile();
    await sagemaker.send(new DescribeUserProfileCommand({ DomainId, UserProfileName }));
    const OwnershipSettings = { OwnerUserProfileName: UserProfileName };
    await sagemaker.send(new CreateSpaceCommand({ DomainId, SpaceName: "desk", OwnershipSettings }));
    await sagemaker.send(new DescribeSpaceCommand({ DomainId, SpaceName: "desk" }));
    const app = { DomainId, AppType: "JupyterLab" as const, AppName: "default" };
    await sagemaker.send(new CreateAppCommand({ ...app, SpaceName: "desk" }));
    await sagemaker.send(new CreateAppCommand({ ...app, UserProfileName }));
}

async function deleteProfile({ sagemaker, domainId: DomainId }: Studio): Promise<void> {
    const key = { DomainId, UserProfileName: "ada" };
    await sagemaker.send(new DeleteUserProfileCommand(key));
    await sagemaker.send(new DescribeUserProfileCommand(key));
}

async function deleteDomain(studio: Studio, HomeEfsFileSystem: "Delete" | "Retain"): Promise<void> {
    await deleteProfile(studio);
    const RetentionPolicy = { HomeEfsFileSystem };
    await studio.sagemaker.send(new DeleteDomainCommand({ DomainId: studio.domainId, RetentionPolicy }));
    await studio.describe();
}

describe("the teardown of a Studio domain", () => {
    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        await sharedServer();
    });

    it("ends with nothing in the VPC, whatever users had started", async () => {
        const studio = await (await Studio.create()).ready();
        await used(studio);
        await refused(deleteDomain(studio, "Delete"), "ResourceInUse", /App\(s\) are associated/);
        const { sessions, homes, leftovers, lines } = teardown(studio);
        await sessions("Delete");
        await refused(homes("Delete"), "ResourceInUse", /UserProfile/);
        await homes("Retain");
        await deleteProfile(studio);
        await homes("Delete");
        assert.notEqual((await studio.nfsGroups()).inbound, undefined);
        await leftovers();
        assert.deepEqual(await studio.nfsGroups(), { inbound: undefined, outbound: undefined });
        for (const SubnetId of studio.subnetIds)
            await studio.network.ec2.send(new DeleteSubnetCommand({ SubnetId }));
        assert.deepEqual(
            lines.map((line) => line.replace(/\b(d-|sg-)\w+/g, "$1...")),
            [
                "Stopping app desk/JupyterLab/default of domain d-...",
                "Stopping app ada/JupyterLab/default of domain d-...",
                "Deleting space desk (InService) of domain d-...",
                "Deleting domain d-... with its home directories",
                "Deleting domain d-... with its home directories",
                "Deleting security group security-group-for-inbound-nfs-d-... (sg-...)",
                "Deleting security group security-group-for-outbound-nfs-d-... (sg-...)",
            ],
        );
        // Once more finds nothing to do.
        await sessions("Delete");
        await homes("Delete");
        await leftovers();
    });

    it("stops apps and touches no space where homes are kept, and says which are in the way", async () => {
        const studio = await (await Studio.create()).ready();
        await used(studio);
        const { sessions } = teardown(studio);
        await assert.rejects(sessions("Retain"), {
            message:
                `domain ${studio.domainId} has spaces with notebooks on their volumes, and homeRetention is Retain: desk. ` +
                "Save what is needed and delete the spaces, or set homeRetention to Delete and update first; then destroy again.",
        });
        const DomainIdEquals = studio.domainId;
        const { Spaces } = await studio.sagemaker.send(new ListSpacesCommand({ DomainIdEquals }));
        assert.deepEqual(
            Spaces?.map(({ SpaceName }) => SpaceName),
            ["desk"],
        );
        const { Apps } = await studio.sagemaker.send(new ListAppsCommand({ DomainIdEquals }));
        assert.deepEqual(
            Apps?.map(({ Status }) => Status),
            ["Deleted", "Deleted"],
        );
    });

    it("leaves the groups of homes that are kept, with a word", async () => {
        const studio = await (await Studio.create()).ready();
        await studio.profile();
        const { sessions, leftovers, lines } = teardown(studio);
        await sessions("Retain");
        await deleteDomain(studio, "Retain");
        await leftovers();
        assert.notEqual((await studio.nfsGroups()).inbound, undefined);
        assert.match(given(lines.at(-1)), /stay: eni-\w+ \(EFS mount target for fs-\w+ .* are kept$/);
    });

    it("touches neither a living domain's groups nor groups that only look like one's", async () => {
        const studio = await (await Studio.create()).ready();
        const lookAlike = await studio.network.securityGroup("security-group-for-inbound-nfs-d-somebody");
        const mistagged = await studio.network.securityGroup("security-group-for-inbound-nfs-d-other");
        await studio.network.ec2.send(
            new CreateTagsCommand({
                Resources: [mistagged],
                Tags: [{ Key: "ManagedByAmazonSageMakerResource", Value: studio.domainArn }],
            }),
        );
        const { leftovers, lines } = teardown(studio);
        await leftovers();
        const { inbound, outbound } = await studio.nfsGroups();
        assert.ok(inbound && outbound);
        assert.deepEqual(lines, []);
        for (const id of [lookAlike, mistagged]) assert.ok((await studio.groupIds()).includes(id));
    });

    it("fails when interfaces of a condemned file system do not go, and names them", async () => {
        const studio = await (await Studio.create()).ready();
        await studio.profile();
        const { sessions, leftovers } = teardown(studio);
        await sessions("Delete");
        await deleteDomain(studio, "Retain");
        await assert.rejects(leftovers(), {
            message: new RegExp(
                `^the NFS security groups of the deleted domain ${studio.domainId} are still in use after 600 seconds, by eni-`,
            ),
        });
    });

    it("waits for an app that starts, and gives up on one that never does", async () => {
        const studio = await (await Studio.create()).ready();
        await used(studio);
        const stuck = [{ AppName: "default", AppType: "JupyterLab", SpaceName: "desk", Status: "Pending" }];
        const send = studio.sagemaker.send.bind(studio.sagemaker);
        const clock = new FakeClock(0, 0.5);
        const dependencies: TeardownDependencies = {
            ec2: () => studio.network.ec2,
            // Of the same class: the SDK's paginators look at it.
            sagemaker: () =>
                Object.create(studio.sagemaker, {
                    send: {
                        value: (command: object) =>
                            command instanceof ListAppsCommand
                                ? Promise.resolve({ Apps: stuck })
                                : send(command as ListSpacesCommand),
                    },
                }) as typeof studio.sagemaker,
            clock,
            log: () => undefined,
        };
        const { vpcId } = studio.network;
        const inputs = { region: REGION, vpcId, domainId: studio.domainId, homeRetention: "Delete" as const };
        await assert.rejects(new SessionsTeardown(dependencies).delete("", inputs), {
            message: `domain ${studio.domainId} still has apps after 1200 seconds: desk/JupyterLab/default (Pending). Delete them, then destroy again.`,
        });
        assert.ok(clock.now() >= 1_200_000 && clock.now() < 1_210_000, `${clock.now()}`);
        const app = { DomainId: studio.domainId, AppType: "JupyterLab" as const, AppName: "default" };
        for (const owner of [{ SpaceName: "desk" }, { UserProfileName: "ada" }])
            await studio.sagemaker.send(new DeleteAppCommand({ ...app, ...owner }));
        await studio.sagemaker.send(new ListAppsCommand({ DomainIdEquals: studio.domainId }));
        await studio.sagemaker.send(new DeleteSpaceCommand({ DomainId: studio.domainId, SpaceName: "desk" }));
    });
});

describe("the resources of a teardown", () => {
    const nobody = { ec2: missing, sagemaker: missing, clock: new FakeClock(), log: missing };
    function missing(): never {
        throw new Error("a preview or a creation makes no call");
    }
    const inputs = { region: REGION, vpcId: "vpc-1", domainId: "d-1", homeRetention: "Delete" as const };

    it("do nothing until they are deleted", async () => {
        const sessions = new SessionsTeardown(nobody);
        assert.deepEqual(await sessions.create(inputs), { id: `${REGION}/d-1`, outs: inputs });
        assert.deepEqual(await sessions.read("id", inputs), { id: "id", props: inputs });
        const leftovers = new LeftoversTeardown(nobody);
        const network = { region: REGION, vpcId: "vpc-1", subnetIds: ["subnet-1"] };
        assert.deepEqual(await leftovers.create(network), { id: `${REGION}/vpc-1`, outs: network });
    });

    it("are others for another domain, known or not, and the same for other settings", async () => {
        const sessions = new SessionsTeardown(nobody);
        const diff = (more: object) => sessions.diff("id", inputs, { ...inputs, ...more });
        assert.deepEqual(await diff({}), { changes: false, replaces: [], deleteBeforeReplace: true });
        for (const domainId of ["d-2", UNKNOWN])
            assert.deepEqual(await diff({ domainId }), {
                changes: true,
                replaces: ["domainId"],
                deleteBeforeReplace: true,
            });
        assert.deepEqual(await diff({ homeRetention: "Retain" }), {
            changes: true,
            replaces: [],
            deleteBeforeReplace: true,
        });
    });
});
