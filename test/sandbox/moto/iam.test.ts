import {
    AttachRolePolicyCommand,
    CreatePolicyCommand,
    CreatePolicyVersionCommand,
    CreateRoleCommand,
    DeletePolicyCommand,
    DeletePolicyVersionCommand,
    DeleteRoleCommand,
    DeleteRolePolicyCommand,
    DetachRolePolicyCommand,
    IAMClient,
    PutRolePolicyCommand,
    UpdateAssumeRolePolicyCommand,
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

    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.
    describe("has quotas", () => {
        /** A policy of so many characters, with white space besides. */
        const sized = (length: number, more: object = {}): string => {
            const text = (Sid: string) =>
                JSON.stringify({
                    Version: "2012-10-17",
                    Statement: [{ Sid, Effect: "Allow", Action: "logs:PutLogEvents", ...more }],
                });
            return text("x".repeat(length - text("").length)).replace('"Sid":', '"Sid" : ');
        };
        const forRole = { Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
        const create = (RoleName: string, length: number) =>
            client.send(
                new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: sized(length, forRole) }),
            );

        it("of a managed policy: 6,144 characters", async () => {
            const put = (length: number) =>
                client.send(
                    new CreatePolicyCommand({
                        PolicyName: "sized",
                        PolicyDocument: sized(length, { Resource: "*" }),
                    }),
                );
            await refused(put(6145), "LimitExceededException", /PolicySize: 6144/);
            const PolicyArn = given((await put(6144)).Policy?.Arn);
            const PolicyDocument = sized(6145, { Resource: "*" });
            const version = new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument });
            await refused(client.send(version), "LimitExceededException", /PolicySize: 6144/);
            await client.send(new DeletePolicyCommand({ PolicyArn }));
        });

        it("of a trust policy: 2,048 characters", async () => {
            const RoleName = "sized";
            await refused(create(RoleName, 2049), "LimitExceededException", /ACLSizePerRole: 2048/);
            await create(RoleName, 2048);
            const PolicyDocument = sized(2049, forRole);
            const update = new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument });
            await refused(client.send(update), "LimitExceededException", /ACLSizePerRole: 2048/);
            await client.send(new DeleteRoleCommand({ RoleName }));
        });

        it("of all inline policies of a role: 10,240 characters", async () => {
            const RoleName = "inline";
            await create(RoleName, 200);
            const put = (PolicyName: string, length: number) => {
                const PolicyDocument = sized(length, { Resource: "*" });
                return client.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
            };
            await put("first", 5120);
            await refused(put("second", 5121), "LimitExceededException", /10240 bytes exceeded/);
            await put("second", 5120);
            await put("second", 5119);
            for (const PolicyName of ["first", "second"]) {
                await client.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
            }
            await client.send(new DeleteRoleCommand({ RoleName }));
        });

        it("of a role's managed policies: 10", async () => {
            const RoleName = "attached";
            await create(RoleName, 200);
            const arns: string[] = [];
            for (let index = 0; index <= 10; index++) {
                const command = new CreatePolicyCommand({
                    PolicyName: `attached-${index}`,
                    PolicyDocument: DOCUMENT,
                });
                arns.push(given((await client.send(command)).Policy?.Arn));
            }
            const attach = (PolicyArn: string | undefined) =>
                client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
            for (const arn of arns.slice(1)) await attach(arn);
            await attach(arns[1]);
            await refused(attach(arns[0]), "LimitExceededException", /PoliciesPerRole: 10/);
            for (const PolicyArn of arns.slice(1)) {
                await client.send(new DetachRolePolicyCommand({ RoleName, PolicyArn }));
            }
            for (const PolicyArn of arns) await client.send(new DeletePolicyCommand({ PolicyArn }));
            await client.send(new DeleteRoleCommand({ RoleName }));
        });
    });
});
