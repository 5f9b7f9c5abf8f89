import { ModifyVpcEndpointCommand } from "@aws-sdk/client-ec2";

import { endpoint, type Faults, must } from "./fault";
import { routeTable } from "./routes";
import { securityGroups } from "./security-groups";

/** Faults of VPC endpoints. */
export const ENDPOINT_FAULTS: Faults = {
    27: {
        title: "an interface endpoint carries the VPC's default security group in place of its own",
        code: "ENI_SG_RULES_MISMATCH",
        async inject(network) {
            const { VpcEndpointId, Groups } = await endpoint(network, "Interface");
            const groups = await securityGroups(network);
            const other = groups.find(({ GroupName }) => GroupName === "default")?.GroupId;
            await network.ec2.send(
                new ModifyVpcEndpointCommand({
                    VpcEndpointId,
                    AddSecurityGroupIds: [must(other, "default security group")],
                    RemoveSecurityGroupIds: (Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
                }),
            );
            return [must(VpcEndpointId, "id of the endpoint")];
        },
    },
    32: {
        title: "an interface endpoint's private DNS is off",
        code: "X_ENDPOINT_PRIVATE_DNS_OFF",
        async inject(network) {
            const { VpcEndpointId } = await endpoint(network, "Interface");
            await network.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PrivateDnsEnabled: false }));
            return [must(VpcEndpointId, "id of the endpoint")];
        },
    },
    35: {
        title: "an interface endpoint has no interface in one of its zones",
        code: "VPCE_SERVICE_NOT_INSTALLED_IN_AZ",
        async inject(network) {
            const { VpcEndpointId, SubnetIds } = await endpoint(network, "Interface");
            const subnetId = must(SubnetIds?.[0], "subnet of the endpoint");
            await network.ec2.send(
                new ModifyVpcEndpointCommand({ VpcEndpointId, RemoveSubnetIds: [subnetId] }),
            );
            return [must(VpcEndpointId, "id of the endpoint"), subnetId];
        },
    },
    36: {
        title: "a gateway endpoint's policy denies everything",
        code: "X_ENDPOINT_POLICY",
        async inject(network) {
            const { VpcEndpointId } = await endpoint(network, "Gateway");
            const deny = { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" };
            const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
            await network.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId, PolicyDocument }));
            return [must(VpcEndpointId, "id of the endpoint")];
        },
    },
    37: {
        title: "a gateway endpoint lost a private route table",
        code: "NO_ROUTE_TO_DESTINATION",
        async inject(network) {
            const { VpcEndpointId } = await endpoint(network, "Gateway");
            const table = await routeTable(network, "Private");
            await network.ec2.send(
                new ModifyVpcEndpointCommand({
                    VpcEndpointId,
                    RemoveRouteTableIds: [table.RouteTableId ?? ""],
                }),
            );
            return [must(table.RouteTableId, "id of the route table")];
        },
    },
};
