import assert from "node:assert/strict";

import { CreateServiceLinkedRoleCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";

import {
    type RoleInputs,
    type RoleOutputs,
    serviceLinkedRole,
    ServiceLinkedRoleProvider,
} from "../../../../components/opensearch/service-linked-role/provider";
import type { Retries } from "../../../../lib/aws/retry";
import { FakeClock } from "../../../support/fake-clock";
import { clientInMemory } from "../../../support/sdk-client";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const INPUTS: RoleInputs = {
    serviceName: "opensearchservice.amazonaws.com",
    roleName: "AWSServiceRoleForAmazonOpenSearchService",
    region: "us-east-1",
    neededBy: "search",
};
const ARN = `arn:aws:iam::123456789012:role/aws-service-role/${INPUTS.serviceName}/${INPUTS.roleName}`;
const GOOD: RoleOutputs = { ...INPUTS, roleArn: ARN, created: false };

const failure = (name: string, message = name) => Object.assign(new Error(message), { name });

/** IAM in memory: which calls it was sent, and what it answers. */
class FakeIam {
    readonly calls: string[] = [];
    exists = false;
    /** Looks that do not show the role yet after it was made. */
    delay = 0;
    /** Errors that the next calls of an action fail with. */
    readonly failures: Record<string, Error[]> = {};
    /** Runs before a creation: somebody else may be faster. */
    beforeCreation: () => void = () => undefined;

    connect(retries: Retries): IAMClient {
        return clientInMemory(IAMClient, async (command) => this.answer(command), retries);
    }

    private answer(command: unknown): unknown {
        if (command instanceof GetRoleCommand) {
            this.note("GetRole");
            assert.equal(command.input.RoleName, INPUTS.roleName);
            if (!this.exists || this.delay-- > 0) throw failure("NoSuchEntityException");
            return { Role: { Arn: ARN } };
        }
        assert.ok(command instanceof CreateServiceLinkedRoleCommand);
        assert.equal(command.input.AWSServiceName, INPUTS.serviceName);
        this.beforeCreation();
        this.note("CreateServiceLinkedRole");
        if (this.exists)
            throw failure(
                "InvalidInputException",
                `Service role name ${INPUTS.roleName} has been taken in this account, please try a different suffix.`,
            );
        this.exists = true;
        return {};
    }

    private note(action: string): void {
        this.calls.push(action);
        const error = this.failures[action]?.shift();
        if (error) throw error;
    }
}

function world(iam = new FakeIam()) {
    const clock = new FakeClock();
    const log: string[] = [];
    const regions: string[] = [];
    const provider = new ServiceLinkedRoleProvider({
        connect: (settings) => {
            regions.push(settings.region);
            return iam.connect(settings);
        },
        clock,
        log: (text) => log.push(text),
    });
    return { iam, clock, log, regions, provider };
}

interface Failure extends Error {
    id: string;
    properties: RoleOutputs & { __provider?: string };
    reasons: string[];
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
    try {
        await work;
    } catch (error) {
        return error as Failure;
    }
    assert.fail("it did not fail");
}

describe("service-linked role: check and diff", () => {
    const { provider, regions } = world();

    it("accept sound inputs and unknown ones, and ask AWS nothing", async () => {
        assert.deepEqual(await provider.check({}, { ...INPUTS }), { inputs: INPUTS, failures: [] });
        const unknown = { ...INPUTS, region: UNKNOWN, neededBy: UNKNOWN };
        assert.deepEqual((await provider.check({}, unknown)).failures, []);
        assert.deepEqual(await provider.diff("id", GOOD, unknown), { changes: true, replaces: [] });
        assert.deepEqual(regions, []);
    });

    for (const [property, value, reason] of [
        [
            "serviceName",
            "opensearch",
            'serviceName "opensearch" is not allowed: it has to be a service principal',
        ],
        [
            "roleName",
            "my-role",
            'roleName "my-role" is not allowed: it has to be the name of a service-linked role',
        ],
        ["region", undefined, "region is missing: it has to be the name of an AWS region"],
        ["neededBy", 1, "neededBy 1 is not allowed: it has to be the name of what needs the role"],
    ] as const)
        it(`refuse ${property} ${String(value)}`, async () => {
            const { failures } = await provider.check({}, { ...INPUTS, [property]: value });
            assert.equal(failures.length, 1);
            assert.equal(failures[0]?.property, property);
            assert.ok(failures[0]?.reason.startsWith(reason), failures[0]?.reason);
        });

    it("see a change in another need and after a failure, and none in what is good", async () => {
        const diff = (change: Partial<RoleInputs>, old: Partial<RoleOutputs> = {}) =>
            provider.diff("id", { ...GOOD, ...old }, { ...INPUTS, ...change });
        assert.deepEqual(await diff({}), { changes: false, replaces: [] });
        assert.deepEqual(await diff({ region: "us-west-2" }), { changes: false, replaces: [] });
        assert.deepEqual(await diff({ neededBy: "other" }), { changes: true, replaces: [] });
        assert.deepEqual(await diff({}, { roleArn: "" }), { changes: true, replaces: [] });
        assert.deepEqual(await diff({ roleName: "AWSServiceRoleForOther" }), {
            changes: true,
            replaces: ["roleName"],
        });
    });
});

describe("service-linked role: create and update", () => {
    it("make it when it is missing, and wait until it shows up", async () => {
        const { iam, clock, log, provider, regions } = world();
        iam.delay = 3;
        assert.deepEqual(await provider.create(INPUTS), {
            id: INPUTS.roleName,
            outs: { ...INPUTS, roleArn: ARN, created: true },
        });
        assert.deepEqual(iam.calls, [
            "GetRole",
            "CreateServiceLinkedRole",
            "GetRole",
            "GetRole",
            "GetRole",
            "GetRole",
        ]);
        assert.deepEqual(clock.sleeps, [500, 1000, 2000]);
        assert.deepEqual(log, [
            `Made the service-linked role ${INPUTS.roleName}, which this account lacked.`,
        ]);
        assert.deepEqual(regions, ["us-east-1"]);
    });

    it("write nothing when it is there, the second time too", async () => {
        const { iam, log, provider } = world();
        await provider.create(INPUTS);
        iam.calls.length = 0;
        log.length = 0;
        assert.deepEqual((await provider.update("id", GOOD, { ...INPUTS, neededBy: "other" })).outs, {
            ...GOOD,
            neededBy: "other",
        });
        assert.deepEqual(iam.calls, ["GetRole"]);
        assert.deepEqual(log, []);
    });

    it("take a role that somebody else made in the same moment", async () => {
        const { iam, provider, log } = world();
        iam.beforeCreation = () => {
            iam.exists = true;
        };
        assert.deepEqual((await provider.create(INPUTS)).outs, GOOD);
        assert.deepEqual(log, []);
    });

    it("try again while IAM throttles", async () => {
        const { iam, provider, clock } = world();
        const unavailable = Object.assign(failure("ServiceUnavailable"), {
            $metadata: { httpStatusCode: 503 },
        });
        iam.failures.GetRole = [failure("Throttling"), unavailable];
        iam.failures.CreateServiceLinkedRole = [failure("Throttling")];
        assert.equal((await provider.create(INPUTS)).outs.roleArn, ARN);
        assert.deepEqual(clock.sleeps, [200, 400, 200]);
    });

    it("give up when it does not show up, keep what is known, and try again next time", async () => {
        const { iam, provider, clock } = world();
        iam.delay = Infinity;
        const failed = await failureOf(provider.create({ ...INPUTS, __provider: "code" } as RoleInputs));
        assert.equal(failed.id, INPUTS.roleName);
        assert.deepEqual(failed.properties, { ...INPUTS, roleArn: "", created: false, __provider: "code" });
        assert.equal(failed.reasons.length, 1);
        assert.match(
            failed.reasons[0] ?? "",
            /^X_OS_SLR: opensearchservice\.amazonaws\.com .* was made and did not show up within 120 seconds/,
        );
        assert.match(
            failed.reasons[0] ?? "",
            /aws iam create-service-linked-role --aws-service-name opensearchservice\.amazonaws\.com/,
        );
        assert.equal(clock.now() - Date.parse("2026-01-01T00:00:00Z"), 120_000);
        assert.equal((await provider.diff("id", failed.properties, INPUTS)).changes, true);
        iam.delay = 0;
        assert.equal((await provider.update("id", failed.properties, INPUTS)).outs.roleArn, ARN);
    });

    for (const action of ["GetRole", "CreateServiceLinkedRole"])
        it(`name the permission when the credentials may not ${action}`, async () => {
            const { iam, provider } = world();
            iam.failures[action] = [failure("AccessDenied")];
            const failed = await failureOf(provider.create(INPUTS));
            assert.match(
                failed.reasons[0] ?? "",
                new RegExp(`the credentials may not iam:${action}: grant it`),
            );
            assert.equal("__provider" in failed.properties, false);
        });

    it("do not take another refusal for a role that is there", async () => {
        const { iam, provider } = world();
        iam.failures.CreateServiceLinkedRole = [failure("InvalidInputException", "no such service")];
        const failed = await failureOf(provider.create(INPUTS));
        assert.match(failed.reasons[0] ?? "", /InvalidInputException: no such service/);
    });
});

describe("service-linked role: read and delete", () => {
    it("keep a role that is there, and forget one that is not", async () => {
        const { iam, provider } = world();
        assert.deepEqual(await provider.read(INPUTS.roleName, GOOD), { id: "" });
        iam.exists = true;
        assert.deepEqual(await provider.read(INPUTS.roleName, GOOD), { id: INPUTS.roleName, props: GOOD });
        assert.deepEqual(iam.calls, ["GetRole", "GetRole"]);
    });

    it("refuse an import", async () => {
        await assert.rejects(world().provider.read(INPUTS.roleName, {}), /cannot be imported/);
    });

    it("leave the role to the account", async () => {
        const { iam, provider } = world();
        await provider.create(INPUTS);
        iam.calls.length = 0;
        await provider.delete();
        assert.deepEqual(iam.calls, []);
        assert.equal(iam.exists, true);
    });

    it("are those of the provider that the trampoline loads", () => {
        assert.ok(serviceLinkedRole instanceof ServiceLinkedRoleProvider);
    });
});
