import assert from "node:assert/strict";

import { describeError, errorCode, isInUse, isNotFound } from "../../../../sandbox/providers/server/errors";

const awsError = (name: string, message: string, more = {}) =>
    Object.assign(new Error(message), { name, $fault: "client", $metadata: {}, ...more });

describe("errors of AWS", () => {
    it("are told by their code and message", () => {
        const error = awsError("InvalidSubnet.Conflict", "The CIDR conflicts");
        assert.equal(describeError(error), "InvalidSubnet.Conflict: The CIDR conflicts");
        assert.equal(
            errorCode(awsError("NoSuchEntityException", "", { Code: "NoSuchEntity" })),
            "NoSuchEntity",
        );
    });

    it("are told apart from others", () => {
        assert.equal(describeError(new Error("plain")), "plain");
        assert.equal(describeError("text"), "text");
        assert.equal(
            describeError(Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })),
            "ECONNREFUSED",
        );
    });

    it("say that a thing does not exist", () => {
        for (const code of [
            "InvalidVpcID.NotFound",
            "NatGatewayNotFound",
            "NoSuchEntityException",
            "NoSuchHostedZone",
            "ResourceNotFoundException",
            "InvalidPermission.NotFound",
        ]) {
            assert.ok(isNotFound(awsError(code, "")), code);
        }
        for (const code of ["InvalidSubnet.Conflict", "DependencyViolation"]) {
            assert.ok(!isNotFound(awsError(code, "")), code);
        }
    });

    it("say that a thing is still in use", () => {
        for (const code of [
            "DependencyViolation",
            "DeleteConflict",
            "InvalidGroup.InUse",
            "VolumeInUse",
            "OperationAbortedException",
        ]) {
            assert.ok(isInUse(awsError(code, "")), code);
        }
        assert.ok(!isInUse(awsError("InvalidVpcID.NotFound", "")));
    });
});
