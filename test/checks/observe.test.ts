import assert from "node:assert/strict";

import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";

import type { DeadlineSettings } from "../../lib/aws/clients";
import { Deadline } from "../../lib/clock";
import { observe, type ObservedClients } from "../../checks/observe";
import { readDomain, Studio, updateDomain } from "../../lib/aws/studio";
import type { NetworkIntent } from "../../checks/intent";
import type { Stage } from "../../checks/messages";
import { FakeClock } from "../support/fake-clock";
import { actionOf, clientInMemory, type SentCommand } from "../support/sdk-client";
import { awsError, FakeEc2 } from "./support/fake-ec2";
import { FakeStudio } from "./support/fake-studio";
import { DEV, id, LAB, soundNetwork } from "./support/network";

type Answer = unknown;
interface Call {
    action: string;
    input: Record<string, unknown>;
}

/** The services in memory: each call takes the next answer of its action; an error is thrown. */
class Services {
    readonly calls: Call[] = [];
    readonly clock = new FakeClock();
    readonly regions: string[] = [];

    constructor(private readonly answers: Record<string, Answer[]>) {}

    private readonly connect =
        <Client>(Client: { prototype: Client }) =>
        async (settings: DeadlineSettings): Promise<Client> => {
            this.regions.push(settings.region);
            const answer = async (command: SentCommand) => {
                const action = actionOf(command);
                this.calls.push({ action, input: { ...command.input } });
                const next = this.answers[action]?.shift();
                assert.ok(next, `${action} has no further answer`);
                if (next instanceof Error) throw next;
                return next;
            };
            return clientInMemory(Client, answer, settings);
        };

    observe(stage: Stage, intent: NetworkIntent, seconds = 60) {
        const clients: ObservedClients = {
            route53: this.connect(Route53Client),
            cloudWatch: this.connect(CloudWatchClient),
            iam: this.connect(IAMClient),
            studio: this.connect(SageMakerClient),
        };
        return observe(stage, intent, { clients, deadline: new Deadline(this.clock, seconds) });
    }
}

const { intent } = soundNetwork(LAB);
const services = { openSearch: false };
const only = (changes: Partial<NetworkIntent>): NetworkIntent => ({
    ...intent,
    natGateways: [],
    services,
    ...changes,
});

describe("what is read outside of EC2", () => {
    it("is nothing for the stages that need nothing, nor where the lab has nothing of it", async () => {
        const none = new Services({});
        for (const stage of ["vpc", "routes", "security-groups", "endpoints"] as const)
            assert.deepEqual(await none.observe(stage, intent), {});
        assert.deepEqual(await none.observe("services", only({})), {});
        assert.deepEqual(await none.observe("dns", { ...intent, interfaceEndpoints: [] }), {});
        assert.deepEqual(none.calls, []);
    });

    it("is every page of the hosted zones, their names without the last dot", async () => {
        const world = new Services({
            ListHostedZonesByVPC: [
                { HostedZoneSummaries: [{ HostedZoneId: "Z1", Name: "a.internal." }], NextToken: "2" },
                {
                    HostedZoneSummaries: [
                        {
                            HostedZoneId: "Z2",
                            Name: "ssm.us-east-1.amazonaws.com.",
                            Owner: { OwningService: "vpce.amazonaws.com" },
                        },
                    ],
                },
            ],
        });
        assert.deepEqual(await world.observe("dns", intent), {
            hostedZones: [
                { hostedZoneId: "Z1", name: "a.internal" },
                {
                    hostedZoneId: "Z2",
                    name: "ssm.us-east-1.amazonaws.com",
                    owningService: "vpce.amazonaws.com",
                },
            ],
        });
        assert.deepEqual(
            world.calls.map(({ input }) => input),
            [undefined, "2"].map((NextToken) => ({ VPCId: id("vpc", 1), VPCRegion: "us-east-1", NextToken })),
        );
        assert.deepEqual(world.regions, ["us-east-1"], "one client serves all pages");
    });

    it("is the port errors of each NAT gateway in the hour up to now, by the clock", async () => {
        const { natGateways } = soundNetwork(DEV).intent;
        const world = new Services({ GetMetricStatistics: [{ Datapoints: [{ Sum: 4 }, { Sum: 3 }] }] });
        assert.deepEqual(await world.observe("services", only({ natGateways })), {
            natPortErrors: { [id("nat", 0)]: 7 },
        });
        const input = world.calls[0]?.input;
        assert.deepEqual(input?.StartTime, new Date("2025-12-31T23:00:00Z"));
        assert.deepEqual(input.EndTime, new Date("2026-01-01T00:00:00Z"));
        assert.deepEqual(input.Dimensions, [{ Name: "NatGatewayId", Value: id("nat", 0) }]);
    });

    it("is no port error where CloudWatch has no datapoint", async () => {
        const { natGateways } = soundNetwork(DEV).intent;
        const world = new Services({ GetMetricStatistics: [{}] });
        const { natPortErrors } = await world.observe("services", only({ natGateways }));
        assert.deepEqual(natPortErrors, { [id("nat", 0)]: 0 });
    });

    it("is whether OpenSearch has its role", async () => {
        const openSearch = only({ services: { openSearch: true } });
        const there = new Services({ GetRole: [{ Role: {} }] });
        assert.deepEqual(await there.observe("services", openSearch), { openSearchRole: true });
        assert.deepEqual(there.calls[0]?.input, { RoleName: "AWSServiceRoleForAmazonOpenSearchService" });
        const gone = new Services({ GetRole: [awsError("NoSuchEntityException")] });
        assert.deepEqual(await gone.observe("services", openSearch), { openSearchRole: false });
    });

    it("is the domain of Studio, and its tags where it is not as it should be", async () => {
        const domain = { DomainArn: "arn", VpcId: "vpc-1", SubnetIds: ["subnet-1"] };
        const studio = only({ services: { sageMakerDomainId: "d-1" } });
        const common = { domainId: "d-1", vpcId: "vpc-1", subnetIds: ["subnet-1"] };
        const sound = new Services({ DescribeDomain: [{ ...domain, AppNetworkAccessType: "VpcOnly" }] });
        assert.deepEqual(await sound.observe("services", studio), {
            studio: { ...common, accessType: "VpcOnly" },
        });
        // SageMaker leaves out what is its default.
        const open = new Services({
            DescribeDomain: [domain],
            ListTags: [
                { Tags: [{ Key: "a", Value: "b" }], NextToken: "2" },
                { Tags: [{ Key: "c", Value: "d" }] },
            ],
        });
        assert.deepEqual(await open.observe("services", studio), {
            studio: { ...common, accessType: "PublicInternetOnly", tags: { a: "b", c: "d" } },
        });
        const untold = new Services({
            DescribeDomain: [domain],
            ListTags: [awsError("AccessDeniedException")],
        });
        assert.deepEqual(await untold.observe("services", studio), {
            studio: { ...common, accessType: "PublicInternetOnly" },
        });
    });

    it("names the permissions that are missing, and goes on with the rest", async () => {
        const world = new Services({
            GetMetricStatistics: [awsError("AccessDenied")],
            GetRole: [awsError("AccessDenied")],
            DescribeDomain: [awsError("AccessDeniedException")],
        });
        const all = { ...soundNetwork(DEV).intent, services: { openSearch: true, sageMakerDomainId: "d-1" } };
        assert.deepEqual(await world.observe("services", all), {
            missing: ["cloudwatch:GetMetricStatistics", "iam:GetRole", "sagemaker:DescribeDomain"],
        });
    });

    it("is asked again while AWS throttles, later each time, and given up at the deadline", async () => {
        const throttled = () => awsError("Throttling");
        const openSearch = only({ services: { openSearch: true } });
        const world = new Services({ GetRole: [throttled(), throttled(), { Role: {} }] });
        assert.deepEqual(await world.observe("services", openSearch), { openSearchRole: true });
        assert.deepEqual(world.clock.sleeps, [200, 400]);

        const endless = new Services({ GetRole: Array.from({ length: 99 }, throttled) });
        await assert.rejects(
            endless.observe("services", openSearch, 2),
            /iam:GetRole did not finish within 2 seconds/,
        );
    });

    it("fails on any other error", async () => {
        const world = new Services({ GetRole: [awsError("ValidationError")] });
        await assert.rejects(
            world.observe("services", only({ services: { openSearch: true } })),
            /ValidationError/,
        );
    });
});

describe("a domain of Studio", () => {
    const domainId = "d-1";
    const studioOf = (ec2: FakeEc2, clock: FakeClock) => {
        ec2.observations.studio = {
            domainId,
            accessType: "PublicInternetOnly",
            vpcId: "vpc-1",
            subnetIds: ["subnet-1"],
        };
        const fake = new FakeStudio(ec2);
        return { fake, studio: new Studio(fake.client, new Deadline(clock, 60)) };
    };
    const change = { domainId, accessType: "VpcOnly", vpcId: "vpc-1", subnetIds: ["subnet-1"] };

    it("is changed once SageMaker says so, however long that takes", async () => {
        const [ec2, clock] = [new FakeEc2({ region: "us-east-1" }), new FakeClock()];
        const { fake, studio } = studioOf(ec2, clock);
        fake.updating = 2;
        await updateDomain(studio, change);
        assert.deepEqual(clock.sleeps, [5000, 5000]);
        assert.equal((await readDomain(studio, domainId)).accessType, "VpcOnly");
    });

    it("is not waited for past the deadline", async () => {
        const [ec2, clock] = [new FakeEc2({ region: "us-east-1" }), new FakeClock()];
        const { fake, studio } = studioOf(ec2, clock);
        fake.updating = 1000;
        await assert.rejects(updateDomain(studio, change), /within 60 seconds/);
    });

    it("that fails to change is an error with SageMaker's reason", async () => {
        const clock = new FakeClock();
        const client = clientInMemory(SageMakerClient, async () => ({
            Status: "Update_Failed",
            FailureReason: "no room",
        }));
        const studio = new Studio(client, new Deadline(clock, 60));
        await assert.rejects(updateDomain(studio, change), /d-1 is Update_Failed: no room/);
    });

    it("that goes back to the internet is not told of its place again", async () => {
        const [ec2, clock] = [new FakeEc2({ region: "us-east-1" }), new FakeClock()];
        const { studio } = studioOf(ec2, clock);
        await updateDomain(studio, { ...change, accessType: "PublicInternetOnly" });
        const input = ec2.calls.find(({ action }) => action === "UpdateDomain")?.input;
        assert.deepEqual(input, { DomainId: domainId, AppNetworkAccessType: "PublicInternetOnly" });
    });
});
