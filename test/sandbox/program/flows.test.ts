import {
    CreateNetworkAclCommand,
    CreateNetworkInterfaceCommand,
    CreateSubnetCommand,
    DescribeNetworkAclsCommand,
    DescribeSecurityGroupsCommand,
    ReplaceNetworkAclAssociationCommand,
} from "@aws-sdk/client-ec2";
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parse, stringify } from "yaml";

import type { Finding } from "../../../checks/messages";
import { Deployment } from "./deployment";

describe("the declared flows of a whole lab, between its own hosts", function () {
    this.timeout(400_000);
    let deployment: Deployment;
    before(async () => {
        deployment = await Deployment.start();
        const { code, text } = await deployment.up("dev");
        assert.equal(code, 0, text);
        const file = path.join(deployment.sandbox.projectDir, "Pulumi.dev.yaml");
        const settings = parse(await readFile(file, "utf8")) as { config: Record<string, unknown> };
        settings.config["pulsar-lab:checks"] = { everyUpdate: true, onFailure: "warn" };
        await writeFile(file, stringify(settings));
    });
    after(() => deployment.stop());

    /** A ZooKeeper server in a subnet that nobody declared, whose network ACL admits nothing. */
    const strand = async (): Promise<string> => {
        const { ec2 } = deployment;
        const { vpcId: VpcId } = await deployment.outputs("dev");
        const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
        const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
        const group = SecurityGroups?.find(({ GroupName }) => GroupName?.includes("zookeeper"))?.GroupId;
        const subnet = { VpcId, CidrBlock: "10.20.240.0/24", AvailabilityZone: "us-east-1a" };
        const SubnetId = (await ec2.send(new CreateSubnetCommand(subnet))).Subnet?.SubnetId;
        assert.ok(group);
        await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId, Groups: [group] }));
        const NetworkAclId = (await ec2.send(new CreateNetworkAclCommand({ VpcId }))).NetworkAcl
            ?.NetworkAclId;
        const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters }));
        const AssociationId = NetworkAcls?.flatMap(({ Associations }) => Associations ?? []).find(
            (one) => one.SubnetId === SubnetId,
        )?.NetworkAclAssociationId;
        await ec2.send(new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId }));
        return NetworkAclId ?? "";
    };

    it("all pass when they are judged again, with the hosts in place", async () => {
        const { code, text } = await deployment.up("dev");
        assert.equal(code, 0, text);
        assert.deepEqual(await deployment.findings("dev"), []);
        assert.equal((await deployment.outputs("dev")).connectivityHealthy, true);
    });

    it("are not passed when something stops one that no message is for", async () => {
        const networkAclId = await strand();
        let answer = { code: -1, text: "" };
        const writes = await deployment.sandbox.writesDuring(async () => {
            answer = await deployment.up("dev");
        });
        const { code, text } = answer;
        assert.equal(code, 0, text);
        assert.deepEqual(writes, [], "nobody mends what no row of the catalogue knows");
        const findings = await deployment.findings("dev");
        assert.deepEqual(new Set(findings.map(({ id }) => id)), new Set(["FLOW_BLOCKED"]));
        const stopped = findings.find(
            (one): one is Finding<"FLOW_BLOCKED"> =>
                one.id === "FLOW_BLOCKED" &&
                one.component === networkAclId &&
                one.args.by.direction === "ingress",
        );
        assert.equal(stopped?.code, "SUBNET_ACL_RESTRICTION");
        assert.match(stopped.args.flows.join(), /to zookeeper tcp/);
        assert.match(text, /Error \[SUBNET_ACL_RESTRICTION\] .*cannot connect/);
        const { connectivityHealthy, connectivityMatrix } = await deployment.outputs("dev");
        assert.equal(connectivityHealthy, false);
        assert.match(connectivityMatrix, /^broker +!! UNREACHABLE/m);
    });
});
