import assert from "node:assert/strict";

import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";

import { Ec2 } from "../../../lib/aws/ec2";
import { retriesWithin } from "../../../lib/aws/retry";
import { Deadline } from "../../../lib/clock";
import { FakeClock } from "../../support/fake-clock";
import { clientInMemory } from "../../support/sdk-client";

const error = (name: string, more: object = {}) => Object.assign(new Error(name), { name, ...more });
const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
const status = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

/** An EC2 that fails with these errors, one a call, before it works. */
function failing(errors: Error[], { seconds = 600, chance = 1 } = {}) {
    const clock = new FakeClock(undefined, chance);
    const deadline = new Deadline(clock, seconds);
    let calls = 0;
    const client = clientInMemory(
        EC2Client,
        async () => {
            calls += 1;
            const next = errors.shift();
            if (next !== undefined) throw next;
            return { Vpcs: [{ VpcId: "vpc-1" }] };
        },
        retriesWithin(deadline),
    );
    const ec2 = new Ec2(client, deadline);
    const send = () => ec2.send(new DescribeVpcsCommand({}));
    return { clock, send, calls: () => calls };
}

describe("retries", () => {
    const retried: [string, Error][] = [
        ["a throttled call", error("RequestLimitExceeded")],
        ["a throttled call without a known code", error("Weird", status(429))],
        ["a fault of the service", error("InternalError", status(500))],
        ["an unavailable service", error("Unavailable", status(503))],
        ["a request that got no answer in time", error("TimeoutError")],
        ["a reset connection", system("ECONNRESET")],
        ["a refused connection", system("ECONNREFUSED")],
        ["a name that could not be resolved for the moment", system("EAI_AGAIN")],
        ["a name that could not be resolved", system("ENOTFOUND")],
        ["an endpoint between two states", error("IncorrectState", status(400))],
    ];
    for (const [name, failure] of retried)
        it(`are made after ${name}`, async () => {
            const { send, calls } = failing([failure, failure]);
            assert.deepEqual((await send()).Vpcs, [{ VpcId: "vpc-1" }]);
            assert.equal(calls(), 3);
        });

    const final: [string, Error, string][] = [
        ["bad credentials", error("AuthFailure", status(401)), "AuthFailure"],
        ["expired credentials", error("ExpiredToken", status(400)), "ExpiredToken"],
        ["missing credentials", error("CredentialsProviderError"), "CredentialsProviderError"],
        ["a missing permission", error("UnauthorizedOperation", status(403)), "PermissionMissingError"],
        ["a wrong request", error("InvalidParameterValue", status(400)), "InvalidParameterValue"],
        ["something that is not there", error("InvalidVpcID.NotFound", status(400)), "InvalidVpcID.NotFound"],
    ];
    for (const [name, failure, expected] of final)
        it(`are not made after ${name}`, async () => {
            const { send, calls, clock } = failing([failure]);
            await assert.rejects(send(), { name: expected });
            assert.deepEqual([calls(), clock.sleeps], [1, []]);
        });

    it("wait longer each time, up to ten seconds, and end with the error after ten attempts", async () => {
        const { send, calls, clock } = failing(Array.from({ length: 20 }, () => error("Throttling")));
        await assert.rejects(send(), { name: "Throttling" });
        assert.equal(calls(), 10);
        assert.deepEqual(clock.sleeps, [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
    });

    it("wait a random part of that", async () => {
        const { send, clock } = failing([error("Throttling"), error("Throttling")], { chance: 0.25 });
        await send();
        assert.deepEqual(clock.sleeps, [50, 100]);
    });

    it("wait as long as the service asks for, but not longer than ten seconds", async () => {
        for (const [asked, expected] of [
            [3, 3000],
            [60, 10_000],
        ] as const) {
            const headers = { "retry-after": String(asked) };
            const busy = error("Throttling", { $response: { statusCode: 429, headers } });
            const { send, clock } = failing([busy]);
            await send();
            const [slept = 0] = clock.sleeps;
            // The SDK counts from the system's time, which goes on.
            assert.ok(slept > expected - 1000 && slept <= expected, `${slept} ms`);
        }
    });

    it("end at the deadline, however many attempts are left", async () => {
        const errors = Array.from({ length: 20 }, () => system("ECONNREFUSED"));
        const { send, clock } = failing(errors, { seconds: 5 });
        const start = clock.now();
        await assert.rejects(send(), {
            name: "DeadlineExceededError",
            message: /^ec2:DescribeVpcs did not finish within 5 seconds: see whether AWS throttles/,
        });
        assert.equal(clock.now() - start, 5000);
    });

    it("are not begun when the time is over", async () => {
        const { send, clock, calls } = failing([], { seconds: 5 });
        await clock.sleep(5000);
        await assert.rejects(send(), { name: "DeadlineExceededError" });
        assert.equal(calls(), 0);
    });
});
