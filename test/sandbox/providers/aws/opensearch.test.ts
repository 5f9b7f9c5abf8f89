import assert from "node:assert/strict";

import {
    DeleteResourcePolicyCommand,
    PutResourcePolicyCommand,
    type CloudWatchLogsClient,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateServiceLinkedRoleCommand, DeleteServiceLinkedRoleCommand } from "@aws-sdk/client-iam";

import type { AwsContext } from "../../../../sandbox/providers/aws/context";
import { domain } from "../../../../sandbox/providers/aws/opensearch";
import { FakeClock } from "../../../support/fake-clock";
import { fakeClients } from "./fake-clients";
import { FaultyEndpoint } from "./faulty-endpoint";
import { Surroundings } from "./scenario";
import { domainInputs, LOG_ACTIONS, logsPolicy } from "./scenarios/opensearch";
import { incomplete, ProviderUnderTest, START_TIMEOUT_MS } from "./support";

const DOMAIN = "aws:opensearch/domain:Domain";

describe("OpenSearch domains", function () {
    this.timeout(START_TIMEOUT_MS);
    let around: Surroundings;
    let inputs: Record<string, unknown>;
    let logs: CloudWatchLogsClient;
    let faulty: FaultyEndpoint;
    let clock: FakeClock;
    let provider: ProviderUnderTest;

    before(async () => {
        around = await Surroundings.create();
        inputs = await domainInputs(around);
        logs = around.logs;
    });
    beforeEach(async () => {
        faulty = await FaultyEndpoint.start();
        clock = new FakeClock(0, 0.5);
        provider = await ProviderUnderTest.start({ endpoint: faulty.endpoint, clock });
    });
    afterEach(() => {
        provider.stop();
        faulty.stop();
    });

    const allowLogs = (...actions: string[]) =>
        logs.send(
            new PutResourcePolicyCommand({ policyName: "scenario", policyDocument: logsPolicy(...actions) }),
        );

    it("wait two minutes for a service-linked role, and fail with AWS's own words when there is none", async () => {
        const RoleName = "AWSServiceRoleForAmazonOpenSearchService";
        await around.iam.send(new DeleteServiceLinkedRoleCommand({ RoleName }));
        await assert.rejects(provider.create(DOMAIN, "thing", inputs), {
            details:
                /^creating OpenSearch Domain: ValidationException: Before you can proceed, you must enable a service-linked role/,
        });
        assert.ok(clock.now() > 100_000 && clock.now() <= 120_000, `${clock.now()}`);
        await around.iam.send(
            new CreateServiceLinkedRoleCommand({ AWSServiceName: "opensearchservice.amazonaws.com" }),
        );
        await provider.delete(DOMAIN, await provider.create(DOMAIN, "thing", inputs));
    });

    it("fail when no policy lets them write their logs, and leave nothing behind", async () => {
        await logs.send(new DeleteResourcePolicyCommand({ policyName: "scenario" }));
        await assert.rejects(provider.create(DOMAIN, "thing", inputs), {
            details:
                /does not grant sufficient permissions for Amazon OpenSearch Service to create a log stream/,
        });
        await allowLogs(...LOG_ACTIONS);
        await provider.delete(DOMAIN, await provider.create(DOMAIN, "thing", inputs));
    });

    it("do not take over one of the same name", async () => {
        const created = await provider.create(DOMAIN, "thing", inputs);
        await assert.rejects(provider.create(DOMAIN, "other", inputs), {
            details: "creating OpenSearch Domain: domain scenario already exists",
        });
        await provider.delete(DOMAIN, created);
    });

    it("are kept when the wait for them fails, and the next update goes on", async () => {
        const checked = await provider.checked(DOMAIN, "thing", inputs);
        faulty.fail("GET /opensearch/domain/scenario/config", "AccessDeniedException");
        const left = await incomplete(provider.createChecked(DOMAIN, "thing", checked));
        assert.match(left.id, /:domain\/scenario$/);
        assert.equal(left.properties.__unsettled, true);
        const remembered = { id: left.id, inputs: left.inputs, state: left.properties };
        const done = await provider.update(DOMAIN, remembered, checked);
        assert.match(String(done.state.endpoint), /^vpc-scenario-/);
        assert.equal(done.state.dashboardEndpoint, `${String(done.state.endpoint)}/_dashboards`);
        await provider.delete(DOMAIN, done);
    });

    it("go up to a newer version in place", async () => {
        const created = await provider.create(DOMAIN, "thing", inputs);
        const news = { ...inputs, engineVersion: "OpenSearch_2.19" };
        const checked = await provider.checked(DOMAIN, "thing", news, created.inputs);
        assert.deepEqual((await provider.diff(DOMAIN, created, checked)).replaces, []);
        const updated = await provider.update(DOMAIN, created, checked);
        assert.equal(updated.state.engineVersion, "OpenSearch_2.19");
        assert.ok(faulty.operations.includes("POST /opensearch/upgradeDomain"));
        await provider.delete(DOMAIN, updated);
    });

    it("stop publishing a log that the program no longer names", async () => {
        const created = await provider.create(DOMAIN, "thing", inputs);
        const [first] = inputs.logPublishingOptions as unknown[];
        const news = { ...inputs, logPublishingOptions: [first] };
        const checked = await provider.checked(DOMAIN, "thing", news, created.inputs);
        const updated = await provider.update(DOMAIN, created, checked);
        assert.deepEqual(updated.state.logPublishingOptions, [first]);
        await provider.delete(DOMAIN, updated);
    });

    it("are replaced when they leave their VPC, and not when they change their groups", async () => {
        const created = await provider.create(DOMAIN, "thing", inputs);
        const replaces = async (change: object) => {
            const news = await provider.checked(DOMAIN, "thing", { ...inputs, ...change }, created.inputs);
            return (await provider.diff(DOMAIN, created, news)).replaces;
        };
        const { subnetIds } = inputs.vpcOptions as { subnetIds: string[] };
        const securityGroupIds = [await around.network.securityGroup("other")];
        assert.deepEqual(await replaces({ vpcOptions: { subnetIds, securityGroupIds } }), []);
        assert.deepEqual(await replaces({ vpcOptions: undefined }), ["vpcOptions"]);
        await provider.delete(DOMAIN, created);
    });

    it("are looked up by name, and a name that nobody has is refused by name", async () => {
        const token = "aws:opensearch/getDomain:getDomain";
        const created = await provider.create(DOMAIN, "thing", inputs);
        const found = await provider.invoke(token, { domainName: "scenario" });
        assert.equal(found.arn, created.id);
        assert.equal((found.vpcOptions as { vpcId: string }[])[0]?.vpcId, around.vpcId);
        await assert.rejects(provider.invoke(token, { domainName: "scenario", tags: { Name: "other" } }), {
            details: /has other tags/,
        });
        await provider.delete(DOMAIN, created);
        await assert.rejects(provider.invoke(token, { domainName: "scenario" }), {
            details: /no OpenSearch Domain found with the name scenario/,
        });
    });
});

describe("waiting for OpenSearch domains", () => {
    const ID = "arn:aws:es:us-east-1:123456789012:domain/search";
    const context = (answers: object[], clock: FakeClock): AwsContext =>
        ({
            clock,
            region: "us-east-1",
            partition: "aws",
            tags: {},
            signal: new AbortController().signal,
            accountId: async () => "123456789012",
            aws: fakeClients(() => (answers.length > 1 ? answers.shift() : answers[0])),
        }) satisfies AwsContext;
    const status = (DomainStatus: object) => ({ DomainStatus });

    it("lasts until it is processed and has an endpoint", async () => {
        const clock = new FakeClock(0, 0.5);
        const answers = [
            status({ Processing: true }),
            status({ Processing: false }),
            status({ Processing: false, Endpoints: { vpc: "host" } }),
        ];
        await domain.settle!(ID, {}, context(answers, clock));
        assert.equal(clock.sleeps.length, 2);
    });

    it("gives up after an hour, and after ninety minutes of deletion", async () => {
        const answers = [status({ Processing: true, DomainProcessingStatus: "Creating" })];
        await assert.rejects(domain.settle!(ID, {}, context(answers, new FakeClock(0, 0.5))), {
            message: `timeout while waiting for OpenSearch Domain (${ID}) to be created (last state: Creating, timeout: 3600s)`,
        });
        const going = [status({ Deleted: true, DomainProcessingStatus: "Deleting" })];
        await assert.rejects(domain.delete(ID, {}, context(going, new FakeClock(0, 0.5))), {
            message: /last state: Deleting, timeout: 5400s/,
        });
    });

    it("ends when somebody deletes it meanwhile", async () => {
        const answers = [status({ Deleted: true, Processing: true })];
        await assert.rejects(domain.settle!(ID, {}, context(answers, new FakeClock(0, 0.5))), {
            message: "it was deleted meanwhile",
        });
    });
});
