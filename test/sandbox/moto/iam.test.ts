import {
    AttachRolePolicyCommand,
    CreatePolicyCommand,
    CreatePolicyVersionCommand,
    CreateRoleCommand,
    DeletePolicyCommand,
    DeletePolicyVersionCommand,
    DeleteRoleCommand,
    DetachRolePolicyCommand,
    IAMClient,
} from "@aws-sdk/client-iam";
import { clientSettings, given, refused } from "./support/network";
import { START_TIMEOUT_MS } from "./support/server";

const DOCUMENT = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" }],
});

describe("sandbox/moto IAM", () => {
    let client: IAMClient;

    before(async function () {
        this.timeout(START_TIMEOUT_MS);
        client = new IAMClient(await clientSettings());
    });

    it("deletes no policy that is attached or has other versions", async () => {
        const created = await client.send(
            new CreatePolicyCommand({ PolicyName: "in-use", PolicyDocument: DOCUMENT }),
        );
        const PolicyArn = given(created.Policy?.Arn);
        const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
        const RoleName = "user-of-the-policy";
        await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
        await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
        const remove = () => client.send(new DeletePolicyCommand({ PolicyArn }));
        await refused(remove(), "DeleteConflictException", /attached to entities/);
        await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
        await client.send(
            new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: DOCUMENT, SetAsDefault: true }),
        );
        await refused(remove(), "DeleteConflictException", /more than one version/);
        await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
        await remove();
        await client.send(new DeleteRoleCommand({ RoleName }));
    });
});
