import assert from "node:assert/strict";

import {
    CreateTagsCommand,
    DeleteSecurityGroupCommand,
    DescribeNetworkInterfacesCommand,
    DescribeSecurityGroupsCommand,
    EC2Client,
    RevokeSecurityGroupEgressCommand,
    RevokeSecurityGroupIngressCommand,
    type SecurityGroup,
} from "@aws-sdk/client-ec2";
import {
    type AppDetails,
    DeleteAppCommand,
    DeleteDomainCommand,
    DeleteSpaceCommand,
    DescribeDomainCommand,
    ListAppsCommand,
    ListSpacesCommand,
    SageMakerClient,
    type SpaceDetails,
} from "@aws-sdk/client-sagemaker";

import {
    HomesTeardown,
    LeftoversTeardown,
    SessionsTeardown,
    type TeardownDependencies,
} from "../../../components/sagemaker/teardown-provider";
import { FakeClock } from "../../support/fake-clock";

const REGION = "us-east-1";
const KEY = { region: REGION, vpcId: "vpc-1", domainId: "d-1" };

const refusal = (name: string) => Object.assign(new Error(name), { name });

/** A client of the SDK that answers from `answer` and notes what it is asked besides reads. */
function clientOf<Client extends object>(client: Client, answer: (command: never) => unknown): Client {
    return Object.assign(client, { send: async (command: never) => answer(command) });
}

/** SageMaker in memory. What is deleted has a status of deletion at one look and is gone at the next. */
class Studio {
    apps: AppDetails[] = [];
    spaces: SpaceDetails[] = [];
    domain: string | undefined = "InService";
    /** Errors that a deletion answers with, by name of the app or space, or "domain". */
    readonly refusals = new Map<string, string>();
    readonly deleted: string[] = [];

    readonly client = clientOf(new SageMakerClient({ region: REGION }), (command: object) => {
        if (command instanceof ListAppsCommand) return this.page("Apps", this.apps, command.input.NextToken);
        if (command instanceof ListSpacesCommand)
            return this.page("Spaces", this.spaces, command.input.NextToken);
        if (command instanceof DeleteAppCommand) return this.delete(String(command.input.AppName), this.apps);
        if (command instanceof DeleteSpaceCommand)
            return this.delete(String(command.input.SpaceName), this.spaces);
        if (command instanceof DescribeDomainCommand) {
            const { domain } = this;
            if (domain === undefined) throw refusal("ResourceNotFound");
            if (domain === "Deleting") this.domain = undefined;
            return { Status: domain, FailureReason: domain === "Failed" ? "no capacity" : undefined };
        }
        assert.ok(command instanceof DeleteDomainCommand);
        this.deleted.push(`domain ${JSON.stringify(command.input.RetentionPolicy)}`);
        const refused = this.refusals.get("domain");
        if (refused !== undefined) throw refusal(refused);
        this.domain = "Deleting";
        return {};
    });

    /** One entry a page. */
    private page<T>(field: string, all: T[], token = "0") {
        if (this.domain === undefined) throw refusal("ResourceNotFound");
        const at = Number(token);
        const answer = {
            [field]: all.slice(at, at + 1).map((one) => ({ ...one })),
            NextToken: at + 1 < all.length ? String(at + 1) : undefined,
        };
        if (answer.NextToken === undefined) {
            for (const one of all as { Status?: string }[])
                if (one.Status === "Pending") one.Status = "InService";
            for (const one of [...all] as { Status?: string }[])
                if (one.Status === "Deleting") all.splice(all.indexOf(one as T), 1);
        }
        return answer;
    }

    private delete(name: string, all: { AppName?: string; SpaceName?: string; Status?: string }[]) {
        this.deleted.push(name);
        const refused = this.refusals.get(name);
        const one = all.find(({ AppName, SpaceName }) => (AppName ?? SpaceName) === name);
        if (refused === "ResourceNotFound") all.splice(all.indexOf(one!), 1);
        else if (one !== undefined && (refused === undefined || refused === "ResourceInUse"))
            one.Status = "Deleting";
        if (refused !== undefined) throw refusal(refused);
        return {};
    }
}

/** EC2 in memory. */
class Network {
    groups: SecurityGroup[] = [];
    /** The interfaces at each look; the last look stays. */
    interfaces: { NetworkInterfaceId: string; Description?: string }[][] = [[]];
    readonly writes: string[] = [];
    readonly asked: object[] = [];

    readonly client = clientOf(new EC2Client({ region: REGION }), (command: object) => {
        if (command instanceof DescribeSecurityGroupsCommand) {
            this.asked.push(command.input.Filters ?? []);
            const at = Number(command.input.NextToken ?? "0");
            const NextToken = at + 1 < this.groups.length ? String(at + 1) : undefined;
            return { SecurityGroups: this.groups.slice(at, at + 1), NextToken };
        }
        if (command instanceof DescribeNetworkInterfacesCommand) {
            this.asked.push(command.input.Filters ?? []);
            const [now = []] = this.interfaces;
            if (this.interfaces.length > 1) this.interfaces.shift();
            return { NetworkInterfaces: now };
        }
        const { input } = command as { input: { GroupId?: string; Resources?: string[]; Tags?: object[] } };
        const what = input.GroupId ?? `${input.Resources?.join(",")} ${JSON.stringify(input.Tags)}`;
        this.writes.push(`${command.constructor.name.replace(/Command$/, "")} ${what}`);
        if (command instanceof DeleteSecurityGroupCommand && input.GroupId === "sg-gone")
            throw refusal("InvalidGroup.NotFound");
        assert.ok(
            command instanceof CreateTagsCommand ||
                command instanceof DeleteSecurityGroupCommand ||
                command instanceof RevokeSecurityGroupIngressCommand ||
                command instanceof RevokeSecurityGroupEgressCommand,
        );
        return {};
    });

    /** The group that SageMaker makes for a domain. */
    group(
        id: string,
        direction: "inbound" | "outbound",
        domain: string,
        more: Partial<SecurityGroup> = {},
    ): this {
        this.groups.push({
            GroupId: id,
            GroupName: `security-group-for-${direction}-nfs-${domain}`,
            Tags: [
                {
                    Key: "ManagedByAmazonSageMakerResource",
                    Value: `arn:aws:sagemaker:${REGION}:1:domain/${domain}`,
                },
            ],
            ...more,
        });
        return this;
    }
}

function setUp() {
    const [studio, network, clock] = [new Studio(), new Network(), new FakeClock(0)];
    const lines: string[] = [];
    const dependencies: TeardownDependencies = {
        ec2: () => network.client,
        sagemaker: () => studio.client,
        clock,
        log: (text) => lines.push(text),
    };
    return {
        studio,
        network,
        clock,
        lines,
        sessions: (homeRetention: "Delete" | "Retain") =>
            new SessionsTeardown(dependencies).delete("", { ...KEY, homeRetention }),
        homes: (homeRetention: "Delete" | "Retain") =>
            new HomesTeardown(dependencies).delete("", { ...KEY, homeRetention }),
        leftovers: () =>
            new LeftoversTeardown(dependencies).delete("", {
                region: REGION,
                vpcId: "vpc-1",
                subnetIds: ["s"],
            }),
    };
}

const app = (
    AppName: string,
    Status: AppDetails["Status"],
    owner: object = { SpaceName: "desk" },
): AppDetails => ({
    DomainId: "d-1",
    AppType: "JupyterLab",
    AppName,
    Status,
    ...owner,
});

describe("the end of the sessions of a domain", () => {
    it("stops what runs, waits for what starts, and leaves what ended or failed", async () => {
        const { studio, clock, lines, sessions } = setUp();
        studio.apps = [
            app("runs", "InService"),
            app("ended", "Deleted"),
            app("failed", "Failed"),
            app("starts", "Pending", { UserProfileName: "ada" }),
            app("ends", "Deleting"),
        ];
        await sessions("Retain");
        assert.deepEqual(studio.deleted, ["runs", "starts"]);
        assert.deepEqual(lines, [
            "Stopping app desk/JupyterLab/runs of domain d-1",
            "Stopping app ada/JupyterLab/starts of domain d-1",
        ]);
        assert.deepEqual(clock.sleeps, [5000, 5000, 5000]);
    });

    it("deletes spaces once no app is left, and asks once for each", async () => {
        const { studio, network, lines, sessions } = setUp();
        studio.spaces = [
            { SpaceName: "desk", Status: "InService" },
            { SpaceName: "going", Status: "Deleting" },
            { SpaceName: "broken", Status: "Failed" },
        ];
        await sessions("Delete");
        assert.deepEqual(lines, [
            "Deleting space desk (InService) of domain d-1",
            "Deleting space broken (Failed) of domain d-1",
        ]);
        assert.deepEqual(network.writes, [], "there is no group to tag");
    });

    it("touches no space where homes are kept, and names them all", async () => {
        const { studio, network, sessions } = setUp();
        network.group("sg-1", "inbound", "d-1");
        studio.spaces = ["desk", "bench"].map((SpaceName) => ({ SpaceName, Status: "InService" }));
        await assert.rejects(sessions("Retain"), {
            message:
                "domain d-1 has spaces with notebooks on their volumes, and homeRetention is Retain: desk, bench. " +
                "Save what is needed and delete the spaces, or set homeRetention to Delete and update first; then destroy again.",
        });
        assert.deepEqual([studio.deleted, network.writes], [[], []]);
    });

    it("takes a deletion under way as its own, and no other refusal", async () => {
        for (const code of ["ResourceInUse", "ResourceNotFound"]) {
            const { studio, sessions } = setUp();
            studio.apps = [app("runs", "InService")];
            studio.refusals.set("runs", code);
            await sessions("Retain");
            assert.deepEqual(studio.apps, []);
        }
        const { studio, sessions } = setUp();
        studio.spaces = [{ SpaceName: "desk", Status: "InService" }];
        studio.refusals.set("desk", "AccessDeniedException");
        await assert.rejects(sessions("Delete"), { name: "AccessDeniedException" });
    });

    it("has nothing to do in a domain that does not exist", async () => {
        const { studio, sessions, clock } = setUp();
        studio.domain = undefined;
        await sessions("Delete");
        assert.deepEqual([studio.deleted, clock.sleeps], [[], []]);
    });

    it("gives up after twenty minutes and names what is left", async () => {
        const { studio, sessions, clock } = setUp();
        studio.apps = [app("stuck", "Unknown" as never)];
        await assert.rejects(sessions("Retain"), {
            message:
                "domain d-1 still has apps after 1200 seconds: desk/JupyterLab/stuck (Unknown). Delete them, then destroy again.",
        });
        assert.equal(clock.now(), 1_200_000);
        const spaces = setUp();
        spaces.studio.spaces = [{ SpaceName: "desk", Status: "InService" }];
        spaces.studio.refusals.set("desk", "ResourceInUse");
        Object.defineProperty(spaces.studio.spaces[0], "Status", {
            get: () => "Updating",
            set: () => undefined,
        });
        await assert.rejects(
            spaces.sessions("Delete"),
            /still has spaces after 1200 seconds: desk \(Updating\)\./,
        );
    });

    it("tags the groups of the domain only where homes are deleted", async () => {
        const { network, sessions } = setUp();
        network
            .group("sg-in", "inbound", "d-1")
            .group("sg-other", "inbound", "d-2")
            .group("sg-out", "outbound", "d-1");
        await sessions("Retain");
        assert.deepEqual(network.writes, []);
        await sessions("Delete");
        assert.deepEqual(network.writes, [
            'CreateTags sg-in,sg-out [{"Key":"pulsar-lab:teardown","Value":"d-1"}]',
        ]);
        assert.deepEqual(network.asked[0], [
            { Name: "vpc-id", Values: ["vpc-1"] },
            { Name: "tag-key", Values: ["ManagedByAmazonSageMakerResource"] },
        ]);
    });
});

describe("the end of the home directories of a domain", () => {
    it("is that of the domain, asked for once", async () => {
        const { studio, lines, homes } = setUp();
        await homes("Retain");
        assert.deepEqual(studio.deleted, []);
        await homes("Delete");
        assert.deepEqual(studio.deleted, ['domain {"HomeEfsFileSystem":"Delete"}']);
        assert.deepEqual(lines, ["Deleting domain d-1 with its home directories"]);
        assert.equal(studio.domain, undefined);
        await homes("Delete");
        assert.equal(studio.deleted.length, 1);
    });

    it("waits for a deletion under way without asking again", async () => {
        const { studio, homes } = setUp();
        studio.domain = "Deleting";
        await homes("Delete");
        assert.deepEqual(studio.deleted, []);
    });

    it("is also one that another deletion was faster with, and no other refusal", async () => {
        const { studio, homes } = setUp();
        studio.refusals.set("domain", "ResourceInUse");
        await assert.rejects(homes("Delete"), { name: "ResourceInUse" });
    });

    it("fails after twenty minutes with the state of the domain", async () => {
        const { studio, homes, clock } = setUp();
        studio.refusals.set("domain", "ResourceNotFound");
        for (const [state, text] of [
            ["Failed", "Failed (no capacity)"],
            ["InService", "InService (no reason given)"],
        ] as const) {
            studio.domain = state;
            await assert.rejects(homes("Delete"), {
                message: `domain d-1 still exists after 1200 seconds: ${text}. Remove what blocks its deletion, then destroy again.`,
            });
        }
        assert.equal(clock.now(), 2 * 1_200_000);
        assert.equal(studio.deleted.length, 2);
    });
});

describe("the end of what domains leave in the VPC", () => {
    const marked = (id: string, teardown = id) => ({
        Tags: [
            { Key: "ManagedByAmazonSageMakerResource", Value: `arn:aws:sagemaker:${REGION}:1:domain/${id}` },
            { Key: "pulsar-lab:teardown", Value: teardown },
        ],
    });
    const rule = { IpPermissions: [{ IpProtocol: "tcp" }] };
    const outRule = { IpPermissionsEgress: [{ IpProtocol: "tcp" }] };

    it("waits for the last interface, takes the rules away, then the groups", async () => {
        const { studio, network, clock, lines, leftovers } = setUp();
        studio.domain = undefined;
        network
            .group("sg-in", "inbound", "d-1", { ...marked("d-1"), ...rule })
            .group("sg-gone", "outbound", "d-1", { ...marked("d-1"), ...outRule });
        network.interfaces = [[{ NetworkInterfaceId: "eni-1" }], [{ NetworkInterfaceId: "eni-1" }], []];
        await leftovers();
        assert.deepEqual(clock.sleeps, [5000, 5000]);
        assert.deepEqual(network.writes, [
            "RevokeSecurityGroupIngress sg-in",
            "RevokeSecurityGroupEgress sg-gone",
            "DeleteSecurityGroup sg-in",
            "DeleteSecurityGroup sg-gone",
        ]);
        assert.deepEqual(lines, [
            "Deleting security group security-group-for-inbound-nfs-d-1 (sg-in)",
            "Deleting security group security-group-for-outbound-nfs-d-1 (sg-gone)",
        ]);
        assert.deepEqual(network.asked.at(-1), [{ Name: "group-id", Values: ["sg-in", "sg-gone"] }]);
    });

    it("does not wait for groups without the tag: they stay where an interface uses them", async () => {
        const { studio, network, clock, lines, leftovers } = setUp();
        studio.domain = undefined;
        network.group("sg-in", "inbound", "d-1", marked("d-1", "d-2"));
        network.interfaces = [
            [{ NetworkInterfaceId: "eni-1", Description: "EFS" }, { NetworkInterfaceId: "eni-2" }],
        ];
        await leftovers();
        assert.deepEqual([network.writes, clock.sleeps], [[], []]);
        assert.deepEqual(lines, [
            "The NFS security groups of domain d-1 stay: eni-1 (EFS), eni-2 () use them, as its home directories are kept",
        ]);
        network.interfaces = [[]];
        await leftovers();
        assert.deepEqual(network.writes, ["DeleteSecurityGroup sg-in"]);
    });

    it("touches no group of a domain that exists, and none that is not SageMaker's", async () => {
        const { studio, network, leftovers } = setUp();
        network.group("sg-1", "inbound", "d-1", marked("d-1"));
        await leftovers();
        studio.domain = undefined;
        network.groups = [
            { GroupId: "sg-2", GroupName: "security-group-for-inbound-nfs-d-1", Tags: [] },
            { GroupId: "sg-3", GroupName: "security-group-for-inbound-nfs-d-1", ...marked("d-11") },
            { GroupId: "sg-4", GroupName: "my-security-group-for-inbound-nfs-d-1", ...marked("d-1") },
            { GroupId: "sg-5", GroupName: "security-group-for-inbound-nfs-d-1_", ...marked("d-1") },
            { GroupId: "sg-6", ...marked("d-1") },
        ];
        await leftovers();
        assert.deepEqual(network.writes, []);
    });

    it("fails after ten minutes and names the interfaces", async () => {
        const { studio, network, clock, leftovers } = setUp();
        studio.domain = undefined;
        network.group("sg-in", "inbound", "d-1", marked("d-1"));
        network.interfaces = [
            [{ NetworkInterfaceId: "eni-1", Description: "EFS" }, { NetworkInterfaceId: "eni-2" }],
        ];
        await assert.rejects(leftovers(), {
            message:
                "the NFS security groups of the deleted domain d-1 are still in use after 600 seconds, by eni-1 (EFS), eni-2 (). " +
                "See whether its file system has been deleted, then destroy again.",
        });
        assert.equal(clock.now(), 600_000);
        assert.deepEqual(network.writes, []);
    });
});
