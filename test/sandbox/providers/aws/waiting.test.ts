import assert from "node:assert/strict";

import type { AwsContext } from "../../../../sandbox/providers/aws/context";
import { vpcEndpoint } from "../../../../sandbox/providers/aws/ec2/endpoints";
import { natGateway, natGatewayEipAssociation } from "../../../../sandbox/providers/aws/ec2/gateways";
import { domain } from "../../../../sandbox/providers/aws/sagemaker/domain";
import { userProfile } from "../../../../sandbox/providers/aws/sagemaker/user-profile";
import { FakeClock } from "../../../support/fake-clock";
import { fakeClients } from "./fake-clients";

/** An AWS that answers one description after the other, and goes on with the last. */
function answering(clock: FakeClock, answers: object[], signal = new AbortController().signal): AwsContext {
    const next = () => (answers.length > 1 ? answers.shift() : answers[0]);
    return {
        clock,
        region: "us-east-1",
        partition: "aws",
        tags: {},
        signal,
        accountId: async () => "123456789012",
        aws: fakeClients((method) => (method.startsWith("describe") ? next() : {})),
    };
}

const gateway = (State: string, more = {}) => ({ NatGateways: [{ NatGatewayId: "nat-1", State, ...more }] });
const endpoint = (State: string) => ({ VpcEndpoints: [{ VpcEndpointId: "vpce-1", State }] });

describe("waiting", () => {
    let clock: FakeClock;

    beforeEach(() => {
        clock = new FakeClock(0, 0.5);
    });

    it("lasts until a NAT gateway is available", async () => {
        const answers = [{ NatGateways: [] }, gateway("pending"), gateway("pending"), gateway("available")];
        await natGateway.settle!("nat-1", {}, answering(clock, answers));
        assert.equal(clock.sleeps.length, 3);
    });

    it("ends when a NAT gateway fails, with AWS's reason", async () => {
        const why = { FailureCode: "Gateway.NotAttached", FailureMessage: "no internet gateway" };
        await assert.rejects(natGateway.settle!("nat-1", {}, answering(clock, [gateway("failed", why)])), {
            message: "unexpected state 'failed': Gateway.NotAttached: no internet gateway",
        });
        assert.deepEqual(clock.sleeps, []);
    });

    it("gives up on a NAT gateway after ten minutes, or what customTimeouts says", async () => {
        await assert.rejects(natGateway.settle!("nat-1", {}, answering(clock, [gateway("pending")])), {
            message:
                "timeout while waiting for EC2 NAT Gateway (nat-1) to become available (last state: pending, timeout: 600s)",
        });
        const quick = { ...answering(new FakeClock(0, 0.5), [gateway("pending")]), timeoutSeconds: 5 };
        await assert.rejects(natGateway.settle!("nat-1", {}, quick), /timeout: 5s/);
    });

    it("lasts until a NAT gateway is gone, or marked as deleted", async () => {
        for (const last of [gateway("deleted"), { NatGateways: [] }]) {
            clock = new FakeClock(0, 0.5);
            await natGateway.delete("nat-1", {}, answering(clock, [gateway("deleting"), last]));
            assert.equal(clock.sleeps.length, 1);
        }
    });

    it("lasts until a NAT gateway has a further address, and until it has let go of it", async () => {
        const [id, allocationId, natGatewayId] = ["nat-1,eipalloc-2", "eipalloc-2", "nat-1"];
        const inputs = { allocationId, natGatewayId };
        const having = (Status: string, more = {}) =>
            gateway("available", {
                NatGatewayAddresses: [
                    { AllocationId: allocationId, AssociationId: "eipassoc-2", Status, ...more },
                ],
            });
        const none = gateway("available", { NatGatewayAddresses: [] });
        const association = natGatewayEipAssociation;
        const answers = [none, having("associating"), having("succeeded")];
        await association.settle!(id, inputs, answering(clock, answers));
        assert.equal(clock.sleeps.length, 2);
        const failed = having("failed", { FailureMessage: "another border group" });
        await assert.rejects(association.settle!(id, inputs, answering(clock, [failed])), {
            message: "unexpected state 'failed': another border group",
        });
        await assert.rejects(
            association.settle!(id, inputs, answering(new FakeClock(0, 0.5), [having("associating")])),
            /last state: associating, timeout: 600s/,
        );
        for (const last of [none, gateway("deleted")]) {
            clock = new FakeClock(0, 0.5);
            const states = [having("succeeded"), having("disassociating"), last];
            await association.delete(id, {}, answering(clock, states));
            assert.equal(clock.sleeps.length, 1);
        }
        await assert.rejects(
            association.delete(id, {}, answering(new FakeClock(0, 0.5), [having("disassociating")])),
            /last state: disassociating, timeout: 1800s/,
        );
    });

    it("lasts until an endpoint is available, in either spelling", async () => {
        const inputs = { vpcId: "vpc-1" };
        await vpcEndpoint.settle!(
            "vpce-1",
            inputs,
            answering(clock, [endpoint("Pending"), endpoint("Available")]),
        );
        await vpcEndpoint.settle!("vpce-1", inputs, answering(clock, [endpoint("pendingAcceptance")]));
        assert.equal(clock.sleeps.length, 1);
        await assert.rejects(vpcEndpoint.settle!("vpce-1", inputs, answering(clock, [endpoint("failed")])), {
            message: "unexpected state 'failed'",
        });
    });

    it("lasts until an endpoint is gone", async () => {
        await vpcEndpoint.delete(
            "vpce-1",
            {},
            answering(clock, [endpoint("deleting"), { VpcEndpoints: [] }]),
        );
        assert.equal(clock.sleeps.length, 1);
    });

    it("stops when the deployment is cancelled", async () => {
        const cancellation = new AbortController();
        cancellation.abort();
        const context = answering(clock, [gateway("pending")], cancellation.signal);
        await assert.rejects(
            natGateway.settle!("nat-1", {}, context),
            /cancelled while waiting for EC2 NAT Gateway/,
        );
    });

    const PROFILE = "arn:aws:sagemaker:us-east-1:123456789012:user-profile/d-1/ada";
    for (const [noun, type, id, minutes] of [
        ["Domain", domain, "d-1", 20],
        ["User Profile", userProfile, PROFILE, 10],
    ] as const) {
        it(`lasts until a SageMaker ${noun} is in service`, async () => {
            const answers = [{ Status: "Pending" }, { Status: "Updating" }, { Status: "InService" }];
            await type.settle!(id, {} as never, answering(clock, answers));
            assert.equal(clock.sleeps.length, 2);
        });

        it(`ends when a SageMaker ${noun} fails, with AWS's reason`, async () => {
            const answers = [{ Status: "Failed", FailureReason: "no addresses left" }];
            await assert.rejects(type.settle!(id, {} as never, answering(clock, answers)), {
                message: "unexpected state 'Failed': no addresses left",
            });
            const failed = [{ Status: "Delete_Failed", FailureReason: "a mount target is in use" }];
            await assert.rejects(type.delete(id, {}, answering(clock, failed)), {
                message: "unexpected state 'Delete_Failed': a mount target is in use",
            });
        });

        it(`gives up on a SageMaker ${noun} after ${minutes} minutes`, async () => {
            const stuck = () => answering(new FakeClock(0, 0.5), [{ Status: "Pending" }]);
            const message = new RegExp(`last state: Pending, timeout: ${minutes * 60}s`);
            await assert.rejects(type.settle!(id, {} as never, stuck()), message);
            await assert.rejects(type.delete(id, {}, stuck()), message);
        });
    }
});
