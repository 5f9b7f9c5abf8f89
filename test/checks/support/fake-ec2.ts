import {
    type CreateRouteCommandInput,
    EC2Client,
    type IpPermission,
    type ModifyVpcAttributeCommandInput,
    type ModifyVpcEndpointCommandInput,
    type NetworkAcl,
    type NetworkAclEntry,
    type Route,
    type RouteTable,
    type VpcEndpoint,
} from "@aws-sdk/client-ec2";

import type { Retries } from "../../../lib/aws/retry";
import { targetOf } from "../../../checks/analyze/routes";
import type { Observations } from "../../../checks/observations";
import type { Snapshot } from "../../../checks/snapshot/types";
import { actionOf, clientInMemory, type SentCommand } from "../../support/sdk-client";

type Input = Record<string, unknown>;

/** So small that every listing of the test networks takes several pages. */
const PAGE_SIZE = 2;

/**
 * EC2 in memory, over a snapshot: the calls that the checks make, with AWS's preconditions, error codes and consequences. A
 * route whose gateway is detached or deleted reads as a blackhole; an endpoint on a table is a route to its prefix list.
 */
export class FakeEc2 {
    readonly calls: { action: string; input: Input }[] = [];
    /** Actions that the credentials lack. */
    readonly denied = new Set<string>();
    /** Errors to answer with before the action works, by action. */
    readonly errors = new Map<string, Error[]>();
    /** Called before each action, for what happens meanwhile. */
    before: (action: string) => void = () => undefined;
    /** What the other services would answer. */
    observations: Observations = {};
    /** Items of a page. */
    pageSize = PAGE_SIZE;
    private made = 0;

    constructor(readonly state: Snapshot) {}

    /** A client that does not retry. */
    get client(): EC2Client {
        return this.connect();
    }

    connect(retries?: Retries): EC2Client {
        return clientInMemory(EC2Client, (command) => this.send(command), retries);
    }

    get writes(): string[] {
        return this.calls
            .map(({ action }) => action)
            .filter((action) => !/^(Describe|Get|List)/.test(action));
    }

    async send(command: SentCommand): Promise<unknown> {
        const action = actionOf(command);
        // A paginator goes on using its input.
        this.record(action, structuredClone(command.input));
        const method = (this as unknown as Record<string, ((input: Input) => unknown) | undefined>)[action];
        if (method === undefined) throw new Error(`the network in memory does not know ${action}`);
        return structuredClone(method.call(this, command.input));
    }

    /** @throws when the credentials lack the action, or an error is to be answered. */
    record(action: string, input: Input): void {
        this.calls.push({ action, input });
        this.before(action);
        if (this.denied.has(action)) throw awsError("UnauthorizedOperation");
        const error = this.errors.get(action)?.shift();
        if (error !== undefined) throw error;
    }

    DescribeVpcs = (input: Input) => page("Vpcs", this.state.Vpcs, input, this.pageSize);
    DescribeSubnets = (input: Input) => page("Subnets", this.state.Subnets, input, this.pageSize);
    DescribeSecurityGroups = (input: Input) => {
        const groups = named(this.state.SecurityGroups, input.GroupIds, (group) => group.GroupId);
        return page("SecurityGroups", groups, input, this.pageSize);
    };
    DescribeInternetGateways = (input: Input) => {
        const { InternetGateways } = this.state;
        const found = named(InternetGateways, input.InternetGatewayIds, (one) => one.InternetGatewayId);
        return page("InternetGateways", found, input, this.pageSize);
    };
    DescribeNatGateways = (input: Input) => page("NatGateways", this.state.NatGateways, input, this.pageSize);
    DescribeVpcEndpoints = (input: Input) => {
        const found = named(this.state.VpcEndpoints, input.VpcEndpointIds, (one) => one.VpcEndpointId);
        return page("VpcEndpoints", found, input, this.pageSize);
    };
    DescribeNetworkAcls = (input: Input) => {
        const acls = named(this.state.NetworkAcls, input.NetworkAclIds, (acl) => acl.NetworkAclId);
        return page("NetworkAcls", acls, input, this.pageSize);
    };
    DescribeNetworkInterfaces = (input: Input) => {
        const { NetworkInterfaces } = this.state;
        const found = named(NetworkInterfaces, input.NetworkInterfaceIds, (one) => one.NetworkInterfaceId);
        return page("NetworkInterfaces", found, input, this.pageSize);
    };
    DescribeDhcpOptions = (input: Input) => page("DhcpOptions", this.state.DhcpOptions, input, this.pageSize);
    DescribeSecurityGroupRules = (input: Input) => {
        const [filter] = (input.Filters ?? []) as { Values: string[] }[];
        const rules = named(this.state.SecurityGroupRules, filter?.Values, (rule) => rule.GroupId);
        return page("SecurityGroupRules", rules, input, this.pageSize);
    };
    DescribeVpcPeeringConnections = (input: Input) =>
        page("VpcPeeringConnections", this.state.VpcPeeringConnections, input, this.pageSize);
    DescribeInstances = (input: Input) => page("Reservations", [], input, this.pageSize);
    DescribeManagedPrefixLists = (input: Input) => {
        const lists = this.state.ManagedPrefixLists?.map(({ Entries: _, ...list }) => list);
        return page("PrefixLists", lists, input, this.pageSize);
    };
    GetManagedPrefixListEntries = (input: Input) => {
        const list = this.state.ManagedPrefixLists?.find((one) => one.PrefixListId === input.PrefixListId);
        return page("Entries", list?.Entries, input, this.pageSize);
    };
    DescribeVpcAttribute = ({ VpcId, Attribute }: Input) => {
        const attributes = this.state.VpcAttributes?.[VpcId as string];
        if (attributes === undefined) throw awsError("InvalidVpcID.NotFound");
        return Attribute === "enableDnsSupport"
            ? { EnableDnsSupport: { Value: attributes.enableDnsSupport } }
            : { EnableDnsHostnames: { Value: attributes.enableDnsHostnames } };
    };
    DescribeRouteTables = (input: Input) => {
        const filters = (input.Filters ?? []) as { Name: string; Values: string[] }[];
        const association = filters.find(
            (filter) => filter.Name === "association.route-table-association-id",
        );
        const known = named(this.state.RouteTables, input.RouteTableIds, (table) => table.RouteTableId);
        const tables = known
            ?.filter(
                (table) =>
                    association === undefined ||
                    table.Associations?.some((one) =>
                        association.Values.includes(one.RouteTableAssociationId ?? ""),
                    ),
            )
            .map((table) => ({ ...table, Routes: table.Routes?.map((route) => this.withState(route)) }));
        return page("RouteTables", tables, input, this.pageSize);
    };

    AttachInternetGateway = ({ InternetGatewayId, VpcId }: Input) => {
        const gateway = this.gateway(InternetGatewayId);
        if ((gateway.Attachments ?? []).length > 0) throw awsError("Resource.AlreadyAssociated");
        gateway.Attachments = [{ VpcId: VpcId as string, State: "available" as "attached" }];
        return {};
    };
    DetachInternetGateway = ({ InternetGatewayId, VpcId }: Input) => {
        const gateway = this.gateway(InternetGatewayId);
        if (!gateway.Attachments?.some((one) => one.VpcId === VpcId)) throw awsError("Gateway.NotAttached");
        gateway.Attachments = [];
        return {};
    };
    AssociateRouteTable = ({ RouteTableId, SubnetId }: Input) => {
        const taken = this.state.RouteTables?.some((table) =>
            table.Associations?.some((one) => one.SubnetId === SubnetId),
        );
        if (taken) throw awsError("Resource.AlreadyAssociated");
        return { AssociationId: this.associate(RouteTableId as string, SubnetId as string) };
    };
    ReplaceRouteTableAssociation = ({ AssociationId, RouteTableId }: Input) => {
        const subnetId = this.disassociate(AssociationId as string);
        return { NewAssociationId: this.associate(RouteTableId as string, subnetId) };
    };
    DisassociateRouteTable = ({ AssociationId }: Input) => {
        this.disassociate(AssociationId as string);
        return {};
    };
    CreateRoute = (input: Input) => {
        const table = this.table(input.RouteTableId as string);
        if (findRoute(table, input) !== undefined) throw awsError("RouteAlreadyExists");
        (table.Routes ??= []).push(routeOf(input as unknown as CreateRouteCommandInput));
        return { Return: true };
    };
    ReplaceRoute = (input: Input) => {
        const table = this.table(input.RouteTableId as string);
        const route = findRoute(table, input);
        if (route === undefined) throw awsError("InvalidRoute.NotFound");
        table.Routes?.splice(
            table.Routes.indexOf(route),
            1,
            routeOf(input as unknown as CreateRouteCommandInput),
        );
        return {};
    };
    DeleteRoute = (input: Input) => {
        const table = this.table(input.RouteTableId as string);
        const route = findRoute(table, input);
        if (route === undefined) throw awsError("InvalidRoute.NotFound");
        table.Routes?.splice(table.Routes.indexOf(route), 1);
        return {};
    };
    ModifyVpcAttribute = (input: Input) => {
        const { VpcId, EnableDnsSupport, EnableDnsHostnames } =
            input as unknown as ModifyVpcAttributeCommandInput;
        if (EnableDnsSupport !== undefined && EnableDnsHostnames !== undefined)
            throw awsError("InvalidParameterCombination");
        const attributes = this.state.VpcAttributes?.[VpcId as string];
        if (attributes === undefined) throw awsError("InvalidVpcID.NotFound");
        if (EnableDnsSupport !== undefined) attributes.enableDnsSupport = EnableDnsSupport.Value === true;
        if (EnableDnsHostnames?.Value === true && !attributes.enableDnsSupport)
            throw awsError("InvalidParameterValue");
        if (EnableDnsHostnames !== undefined)
            attributes.enableDnsHostnames = EnableDnsHostnames.Value === true;
        return {};
    };
    ModifyVpcEndpoint = (input: Input) => {
        const change = input as unknown as ModifyVpcEndpointCommandInput;
        const endpoint = this.endpoint(change.VpcEndpointId);
        const attributes = this.state.VpcAttributes?.[endpoint.VpcId ?? ""];
        if (
            change.PrivateDnsEnabled === true &&
            !(attributes?.enableDnsSupport && attributes.enableDnsHostnames)
        )
            throw awsError("InvalidParameter");
        if (change.PrivateDnsEnabled !== undefined) endpoint.PrivateDnsEnabled = change.PrivateDnsEnabled;
        if (change.PolicyDocument !== undefined) endpoint.PolicyDocument = change.PolicyDocument;
        if (change.AddSubnetIds) endpoint.SubnetIds = [...(endpoint.SubnetIds ?? []), ...change.AddSubnetIds];
        if (change.RemoveSubnetIds)
            endpoint.SubnetIds = endpoint.SubnetIds?.filter((one) => !change.RemoveSubnetIds?.includes(one));
        const added = (change.AddSecurityGroupIds ?? []).map((GroupId) => ({ GroupId }));
        const removed = change.RemoveSecurityGroupIds ?? [];
        if (added.length + removed.length > 0)
            endpoint.Groups = [
                ...(endpoint.Groups ?? []).filter(({ GroupId }) => !removed.includes(GroupId ?? "")),
                ...added,
            ];
        for (const tableId of change.AddRouteTableIds ?? []) this.routeToEndpoint(endpoint, tableId);
        for (const tableId of change.RemoveRouteTableIds ?? []) this.unrouteEndpoint(endpoint, tableId);
        return { Return: true };
    };
    AuthorizeSecurityGroupIngress = (input: Input) => this.authorize(input, "IpPermissions");
    AuthorizeSecurityGroupEgress = (input: Input) => this.authorize(input, "IpPermissionsEgress");
    RevokeSecurityGroupIngress = (input: Input) => this.revoke(input, "IpPermissions");
    RevokeSecurityGroupEgress = (input: Input) => this.revoke(input, "IpPermissionsEgress");
    ModifyNetworkInterfaceAttribute = ({ NetworkInterfaceId, Groups }: Input) => {
        const found = this.state.NetworkInterfaces?.find(
            (one) => one.NetworkInterfaceId === NetworkInterfaceId,
        );
        required(found, "InvalidNetworkInterfaceID.NotFound").Groups = (Groups as string[]).map(
            (GroupId) => ({
                GroupId,
            }),
        );
        return {};
    };
    ReplaceNetworkAclAssociation = ({ AssociationId, NetworkAclId }: Input) => {
        for (const acl of this.state.NetworkAcls ?? []) {
            const found = acl.Associations?.find((one) => one.NetworkAclAssociationId === AssociationId);
            if (found?.SubnetId === undefined) continue;
            const target = this.networkAcl(NetworkAclId);
            acl.Associations = acl.Associations?.filter((one) => one !== found);
            return { NewAssociationId: this.associateAcl(target, found.SubnetId) };
        }
        throw awsError("InvalidAssociationID.NotFound");
    };
    CreateNetworkAclEntry = (input: Input) => {
        const { NetworkAclId, ...entry } = input as unknown as { NetworkAclId: string } & NetworkAclEntry;
        const acl = this.networkAcl(NetworkAclId);
        if (acl.Entries?.some((one) => one.RuleNumber === entry.RuleNumber && one.Egress === entry.Egress))
            throw awsError("NetworkAclEntryAlreadyExists");
        (acl.Entries ??= []).push(entry);
        return {};
    };
    DeleteNetworkAclEntry = ({ NetworkAclId, RuleNumber, Egress }: Input) => {
        const acl = this.networkAcl(NetworkAclId);
        const kept = acl.Entries?.filter((one) => one.RuleNumber !== RuleNumber || one.Egress !== Egress);
        if (kept?.length === acl.Entries?.length) throw awsError("InvalidNetworkAclEntry.NotFound");
        acl.Entries = kept;
        return {};
    };

    networkAcl(networkAclId: unknown): NetworkAcl {
        return required(
            this.state.NetworkAcls?.find((one) => one.NetworkAclId === networkAclId),
            "InvalidNetworkAclID.NotFound",
        );
    }

    associateAcl(acl: NetworkAcl, subnetId: string): string {
        const NetworkAclAssociationId = `aclassoc-made${(this.made += 1)}`;
        const association = { NetworkAclAssociationId, NetworkAclId: acl.NetworkAclId, SubnetId: subnetId };
        (acl.Associations ??= []).push(association);
        return NetworkAclAssociationId;
    }

    private authorize({ GroupId, IpPermissions }: Input, direction: "IpPermissions" | "IpPermissionsEgress") {
        const group = this.group(GroupId);
        for (const rule of IpPermissions as IpPermission[]) {
            if (group[direction]?.some((known) => sameRule(known, rule)))
                throw awsError("InvalidPermission.Duplicate");
            (group[direction] ??= []).push(rule);
        }
        return { Return: true };
    }

    private revoke({ GroupId, IpPermissions }: Input, direction: "IpPermissions" | "IpPermissionsEgress") {
        const group = this.group(GroupId);
        for (const rule of IpPermissions as IpPermission[]) {
            const kept = group[direction]?.filter((known) => !sameRule(known, rule));
            if (kept?.length === group[direction]?.length) throw awsError("InvalidPermission.NotFound");
            group[direction] = kept;
        }
        return { Return: true };
    }

    table(routeTableId: string): RouteTable {
        return required(
            this.state.RouteTables?.find((table) => table.RouteTableId === routeTableId),
            "InvalidRouteTableID.NotFound",
        );
    }

    endpoint(vpcEndpointId: string | undefined): VpcEndpoint {
        return required(
            this.state.VpcEndpoints?.find((one) => one.VpcEndpointId === vpcEndpointId),
            "InvalidVpcEndpointId.NotFound",
        );
    }

    unrouteEndpoint(endpoint: VpcEndpoint, routeTableId: string): void {
        endpoint.RouteTableIds = endpoint.RouteTableIds?.filter((one) => one !== routeTableId);
        const table = this.table(routeTableId);
        table.Routes = table.Routes?.filter((route) => route.GatewayId !== endpoint.VpcEndpointId);
    }

    private routeToEndpoint(endpoint: VpcEndpoint, routeTableId: string): void {
        const list = this.state.ManagedPrefixLists?.find(
            (one) => one.PrefixListName === endpoint.ServiceName,
        );
        (endpoint.RouteTableIds ??= []).push(routeTableId);
        (this.table(routeTableId).Routes ??= []).push({
            DestinationPrefixListId: list?.PrefixListId,
            GatewayId: endpoint.VpcEndpointId,
            Origin: "CreateRoute",
            State: "active",
        });
    }

    associate(routeTableId: string, subnetId: string): string {
        const associationId = `rtbassoc-made${(this.made += 1)}`;
        (this.table(routeTableId).Associations ??= []).push({
            Main: false,
            RouteTableId: routeTableId,
            SubnetId: subnetId,
            RouteTableAssociationId: associationId,
            AssociationState: { State: "associated" },
        });
        return associationId;
    }

    disassociate(associationId: string): string {
        for (const table of this.state.RouteTables ?? []) {
            const found = table.Associations?.find((one) => one.RouteTableAssociationId === associationId);
            if (found?.SubnetId === undefined) continue;
            table.Associations = table.Associations?.filter((one) => one !== found);
            return found.SubnetId;
        }
        throw awsError("InvalidAssociationID.NotFound");
    }

    group(groupId: unknown) {
        return required(
            this.state.SecurityGroups?.find((group) => group.GroupId === groupId),
            "InvalidGroup.NotFound",
        );
    }

    private gateway(gatewayId: unknown) {
        const found = this.state.InternetGateways?.find((one) => one.InternetGatewayId === gatewayId);
        return required(found, "InvalidInternetGatewayID.NotFound");
    }

    /** A route to something that is gone is a blackhole. */
    private withState(route: Route): Route {
        const { kind, id } = targetOf(route);
        const gateway = this.state.InternetGateways?.find((one) => one.InternetGatewayId === id);
        const nat = this.state.NatGateways?.find((one) => one.NatGatewayId === id);
        const dead =
            (kind === "internet-gateway" && (gateway?.Attachments ?? []).length === 0) ||
            (kind === "nat-gateway" && (nat === undefined || nat.State === "deleted"));
        return dead ? { ...route, State: "blackhole" } : route;
    }
}

export function awsError(code: string): Error {
    return Object.assign(new Error(`${code}: made by the test`), { name: code });
}

function required<T>(value: T | undefined, code: string): T {
    if (value === undefined) throw awsError(code);
    return value;
}

/** Those that a request names; all when it names none. */
function named<T>(
    items: T[] | undefined,
    ids: unknown,
    idOf: (item: T) => string | undefined,
): T[] | undefined {
    return Array.isArray(ids) ? items?.filter((item) => ids.includes(idOf(item))) : items;
}

function page(name: string, items: readonly unknown[] | undefined, input: Input, size: number) {
    const start = Number(input.NextToken ?? 0);
    const all = items ?? [];
    const next = start + size < all.length ? { NextToken: String(start + size) } : {};
    return { [name]: all.slice(start, start + size), ...next };
}

function findRoute(table: RouteTable, input: Input): Route | undefined {
    return table.Routes?.find((route) => route.DestinationCidrBlock === input.DestinationCidrBlock);
}

function routeOf({ RouteTableId: _, ...route }: CreateRouteCommandInput): Route {
    return { ...(route as Route), Origin: "CreateRoute", State: "active" };
}

/** A rule is what it admits; its description is no part of it. */
function sameRule(a: IpPermission, b: IpPermission): boolean {
    const key = ({ IpProtocol, FromPort, ToPort, ...peers }: IpPermission) =>
        JSON.stringify([
            IpProtocol,
            FromPort,
            ToPort,
            peers.UserIdGroupPairs?.map((one) => one.GroupId) ?? [],
            peers.PrefixListIds?.map((one) => one.PrefixListId) ?? [],
            peers.IpRanges?.map((one) => one.CidrIp) ?? [],
            peers.Ipv6Ranges?.map((one) => one.CidrIpv6) ?? [],
        ]);
    return key(a) === key(b);
}
