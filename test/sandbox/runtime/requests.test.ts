import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { isWrite, readRequests } from "../../../sandbox/runtime/requests";
import { removeTemporaryFolders, temporaryFolder } from "./support";

const call = (action: string, service = "ec2") => ({
    time: "2030-01-02T03:04:05Z",
    service,
    action,
    region: "us-east-1",
    userAgent: "test",
    status: 200,
});

describe("request log", () => {
    after(removeTemporaryFolders);

    it("tells writes from reads", () => {
        const reads = [
            "DescribeVpcs",
            "GetCallerIdentity",
            "ListTags",
            "HeadBucket",
            "GET /bucket",
            "HEAD /bucket",
        ];
        const writes = [
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "TagResource",
            "PUT /bucket",
            "AllocateAddress",
        ];
        assert.deepEqual(
            [...reads, ...writes].filter((action) => isWrite(call(action))),
            writes,
        );
    });

    it("gives the API calls, without a line that is still being written", () => {
        const file = path.join(temporaryFolder(), "requests.jsonl");
        assert.deepEqual(readRequests(file), []);
        const calls = [call("DescribeVpcs"), call("GET /moto-api/", ""), call("CreateVpc")];
        fs.writeFileSync(file, `${calls.map((one) => `${JSON.stringify(one)}\n`).join("")}{"time":"20`);
        assert.deepEqual(readRequests(file), [calls[0], calls[2]]);
    });
});
