"""Builds the network of a snapshot: namespaces, routes, conntrack rules and stateless chains, from the AWS responses alone.

It knows nothing of the analyser. Which route is the longest, which rule is the first and what is an answer are questions that
are put to the kernel: this file only says what a route table, a network ACL, a security group, a NAT gateway consist of.

Namespaces: one for each network interface (those of NAT gateways and appliances forward), a router for each subnet, one for
each internet gateway, gateway endpoint and peering connection, and one that is the internet. Routers of a VPC's subnets have a
link to each other: the local route.
"""

import ipaddress
from dataclasses import dataclass, field

import links
import nftables
from links import BLACKHOLE, LOCAL, THROW
from namespaces import Namespace, Network
from nftables import FORWARD, ICMP, INPUT, POSTROUTING, PREROUTING, TCP, UDP

# The groups of a router's links: whom the subnet's network ACL stands between.
INSIDE, OUTSIDE = 1, 2

_DELIVERY = 1000
_FIRST_TABLE = 2000

# Before destination NAT and after source NAT, with what conntrack knows at hand (its own priority is -200).
_MANGLE = -150

# A mark in the header of what an appliance has sent on: from then on it is not known whose it was.
_FORWARDED = 0x04

# No internet gateway carries these.
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

_PROTOCOLS = {"tcp": TCP, "udp": UDP, "icmp": ICMP}


@dataclass
class Subnet:
    id: str
    vpc: str
    cidr: str
    router: Namespace
    # Links of the router by whom they lead to: the id of a subnet, an interface, a gateway.
    to: dict[str, int] = field(default_factory=dict)


@dataclass
class Interface:
    id: str
    subnet: Subnet
    namespace: Namespace
    addresses: list[str]
    # Of the first address with one.
    public_address: str | None
    # Nobody listens there.
    silent: bool = False


class Compiler:
    def __init__(self, snapshot: dict, nat_ports: dict[str, dict[int, int]]) -> None:
        """`nat_ports` gives, for a NAT gateway, which port it is to take for which port of a client."""
        self.snapshot = snapshot
        self.nat_ports = nat_ports
        self.network = Network()
        self.subnets: dict[str, Subnet] = {}
        self.interfaces: dict[str, Interface] = {}
        self.internet = self.network.namespace("internet", forwards=True)
        self.services: list[tuple[Namespace, list[str]]] = []
        self._next_table = _FIRST_TABLE

    def items(self, kind: str) -> list[dict]:
        return self.snapshot.get(kind) or []

    def compile(self) -> Network:
        for item in self.items("Subnets"):
            self._add_subnet(item)
        self._add_local_links()
        for item in self.items("NetworkInterfaces"):
            self._add_interface(item)
        self._add_internet()
        for item in self.items("InternetGateways"):
            self._add_internet_gateway(item)
        for item in self.items("VpcPeeringConnections"):
            self._add_peering(item)
        for item in self.items("VpcEndpoints"):
            if item.get("VpcEndpointType") == "Gateway":
                self._add_gateway_endpoint(item)
        for subnet in self.subnets.values():
            self._add_routes(subnet)
            self._add_network_acl(subnet)
        self.network.realise()
        return self.network

    def _table(self) -> int:
        self._next_table += 1
        return self._next_table

    # Subnets and interfaces

    def _add_subnet(self, item: dict) -> None:
        router = self.network.namespace(item["SubnetId"], forwards=True)
        self.subnets[item["SubnetId"]] = Subnet(item["SubnetId"], item["VpcId"], item["CidrBlock"], router)

    def _of_vpc(self, vpc: str) -> list[Subnet]:
        return [subnet for subnet in self.subnets.values() if subnet.vpc == vpc]

    def _add_local_links(self) -> None:
        """What is delivered: to the subnet's own interfaces (see `_add_interface`), and to the VPC's other subnets."""
        subnets = list(self.subnets.values())
        for number, a in enumerate(subnets):
            # Last of all rules: what no other table decides, and whatever comes in from outside, is delivered.
            a.router.requests += [
                links.rule(30000, _DELIVERY),
                links.route("0.0.0.0/0", _DELIVERY, BLACKHOLE),
                links.route(a.cidr, _DELIVERY, BLACKHOLE),
            ]
            for b in subnets[number + 1 :]:
                if a.vpc != b.vpc:
                    continue
                a.to[b.id], b.to[a.id] = self.network.link(a.router, b.router, OUTSIDE, OUTSIDE)
                a.router.requests.append(links.route(b.cidr, _DELIVERY, index=a.to[b.id]))
                b.router.requests.append(links.route(a.cidr, _DELIVERY, index=b.to[a.id]))

    def _add_interface(self, item: dict) -> None:
        subnet = self.subnets[item["SubnetId"]]
        nat = self._nat_gateway_of(item["NetworkInterfaceId"])
        forwards = item.get("SourceDestCheck") is False or nat is not None
        namespace = self.network.namespace(item["NetworkInterfaceId"], forwards)
        outer, inner = self.network.link(subnet.router, namespace, INSIDE, OUTSIDE)
        subnet.to[item["NetworkInterfaceId"]] = outer
        details = item.get("PrivateIpAddresses") or [
            {"PrivateIpAddress": item["PrivateIpAddress"], "Association": item.get("Association")}
        ]
        addresses = [detail["PrivateIpAddress"] for detail in details]
        for address in addresses:
            namespace.requests.append(links.address(inner, address))
            subnet.router.requests.append(links.route(f"{address}/32", _DELIVERY, index=outer))
        namespace.requests.append(links.route("0.0.0.0/0", index=inner))
        public = [(detail.get("Association") or {}).get("PublicIp") for detail in details]
        interface = Interface(
            item["NetworkInterfaceId"],
            subnet,
            namespace,
            addresses,
            next((ip for ip in public if ip), None),
            silent=nat is not None,
        )
        self.interfaces[interface.id] = interface
        if nat is not None:
            self._add_nat(interface, nat, inner)
            return
        self._add_security_groups(interface, item, inner)
        if forwards:
            mark = namespace.ruleset.base("sent-on", FORWARD, 0)
            mark.add(nftables.set_service_type(_FORWARDED))

    def _add_nat(self, interface: Interface, gateway: dict, index: int) -> None:
        ruleset = interface.namespace.ruleset
        if gateway.get("State") != "available":
            ruleset.base("dead", PREROUTING, _MANGLE).add(nftables.drop())
            return
        # It serves its own VPC only.
        inside = ruleset.base("sources", FORWARD, 0)
        # It sends nothing over a peering connection, and a private one nothing to the outside.
        others = [cidr for vpc in self.items("Vpcs") for cidr in self._vpc_cidrs(vpc["VpcId"])]
        own_cidrs = self._vpc_cidrs(interface.subnet.vpc)
        for cidr in others:
            if cidr not in own_cidrs:
                inside.add(nftables.destination(cidr), nftables.drop())
        if gateway.get("ConnectivityType", "public") != "public":
            for cidr in own_cidrs:
                inside.add(nftables.destination(cidr), nftables.accept())
            inside.add(nftables.drop())
        for cidr in own_cidrs:
            inside.add(nftables.new(), nftables.source(cidr), nftables.accept())
        # What comes back is not of the VPC; what belongs to no connection that it knows does not pass.
        inside.add(nftables.established(), nftables.accept())
        inside.add(nftables.drop())
        # Nobody is let in, from either side.
        own = ruleset.base("own", INPUT, 0)
        own.add(nftables.established(), nftables.accept())
        own.add(nftables.drop())
        chain = ruleset.base("translation", POSTROUTING, 100, nat=True)
        address = interface.addresses[0]
        for number in (TCP, UDP):
            for client, taken in self.nat_ports.get(gateway["NatGatewayId"], {}).items():
                chain.add(
                    nftables.protocol(number), nftables.source_port(client), nftables.snat(address, (taken, taken))
                )
            chain.add(nftables.protocol(number), nftables.snat(address, (1024, 65535)))
        chain.add(nftables.snat(address))

    def _nat_gateway_of(self, interface_id: str) -> dict | None:
        for gateway in self.items("NatGateways"):
            for address in gateway.get("NatGatewayAddresses") or []:
                if address.get("NetworkInterfaceId") == interface_id:
                    return gateway
        return None

    def _vpc_cidrs(self, vpc_id: str) -> list[str]:
        for vpc in self.items("Vpcs"):
            if vpc["VpcId"] == vpc_id:
                blocks = [
                    block["CidrBlock"]
                    for block in vpc.get("CidrBlockAssociationSet") or []
                    if (block.get("CidrBlockState") or {}).get("State", "associated") == "associated"
                ]
                return blocks or [vpc["CidrBlock"]]
        return []

    # Security groups

    def _add_security_groups(self, interface: Interface, item: dict, index: int) -> None:
        groups = {group["GroupId"] for group in item.get("Groups") or []}
        ruleset = interface.namespace.ruleset
        for name, hook, on_link, egress in (
            ("ingress", PREROUTING, nftables.incoming(index), False),
            ("egress", POSTROUTING, nftables.outgoing(index), True),
        ):
            allowed = ruleset.chain(f"{name}-rules")
            # Whatever is no answer is held against the rules, be it new to conntrack or nothing it can follow.
            allowed.add(nftables.established(), nftables.accept())
            if egress and item.get("InterfaceType") == "vpc_endpoint":
                # It opens no connections, whatever its rules.
                allowed.add(nftables.drop())
            for rule in self.items("SecurityGroupRules"):
                if rule["GroupId"] in groups and bool(rule.get("IsEgress")) == egress:
                    self._add_group_rule(allowed, rule, egress)
            allowed.add(nftables.drop())
            ruleset.base(name, hook, _MANGLE).add(on_link, nftables.jump(allowed.name))

    def _add_group_rule(self, chain: nftables.Chain, rule: dict, egress: bool) -> None:
        other = nftables.destination if egress else nftables.source
        ends: list[bytes] = []
        if rule.get("CidrIpv4"):
            ends.append(other(rule["CidrIpv4"]))
        elif rule.get("PrefixListId"):
            ends += [other(cidr) for cidr in self._prefix_list(rule["PrefixListId"])]
        elif rule.get("ReferencedGroupInfo"):
            # Members are known by their address; who sends through an appliance no longer is.
            known = b"" if egress else nftables.service_type(0)
            ends += [
                known + other(f"{address}/32") for address in self._members(rule["ReferencedGroupInfo"]["GroupId"])
            ]
        for end in ends:
            chain.add(end, _group_ports(rule), nftables.accept())

    def _members(self, group_id: str) -> list[str]:
        return [
            address
            for item in self.items("NetworkInterfaces")
            if any(group["GroupId"] == group_id for group in item.get("Groups") or [])
            for address in (
                [detail["PrivateIpAddress"] for detail in item.get("PrivateIpAddresses") or []]
                or [item["PrivateIpAddress"]]
            )
        ]

    def _prefix_list(self, list_id: str) -> list[str]:
        for item in self.items("ManagedPrefixLists"):
            if item["PrefixListId"] == list_id:
                return [entry["Cidr"] for entry in item.get("Entries") or []]
        return []

    # Network ACLs

    def _add_network_acl(self, subnet: Subnet) -> None:
        for acl in self.items("NetworkAcls"):
            if any(association.get("SubnetId") == subnet.id for association in acl.get("Associations") or []):
                break
        else:
            return
        ruleset = subnet.router.ruleset
        # Before conntrack could look at it (its defragmentation has -400): there is no state in a router.
        ruleset.base("stateless", PREROUTING, -300).add(nftables.notrack())
        boundary = ruleset.base("boundary", FORWARD, 0)
        for name, egress, here, there in (("out", True, INSIDE, OUTSIDE), ("in", False, OUTSIDE, INSIDE)):
            chain = ruleset.chain(name)
            entries = [entry for entry in acl.get("Entries") or [] if bool(entry.get("Egress")) == egress]
            for entry in sorted(entries, key=lambda entry: entry["RuleNumber"]):
                if not entry.get("CidrBlock"):
                    continue
                end = (nftables.destination if egress else nftables.source)(entry["CidrBlock"])
                verdict = nftables.accept() if entry["RuleAction"] == "allow" else nftables.drop()
                chain.add(end, _acl_ports(entry), verdict)
            chain.add(nftables.drop())
            boundary.add(nftables.incoming_group(here), nftables.outgoing_group(there), nftables.jump(name))

    # Gateways

    def _add_internet(self) -> None:
        # Every address is its own, except for those that lead back into a VPC.
        self.internet.requests += [
            links.rule(10, links.TABLE_MAIN),
            links.rule(20, links.TABLE_LOCAL),
            links.route("0.0.0.0/0", links.TABLE_LOCAL, LOCAL, links.LOOPBACK),
            links.without_local_rule(),
        ]
        for interface in self.interfaces.values():
            if interface.public_address is not None:
                # Its own, or nobody's while no internet gateway leads there.
                self.internet.requests.append(links.route(f"{interface.public_address}/32", kind=BLACKHOLE, metric=100))
        self.services.append((self.internet, ["0.0.0.0/0"]))

    def _add_internet_gateway(self, item: dict) -> None:
        attached = [
            attachment["VpcId"]
            for attachment in item.get("Attachments") or []
            if attachment.get("State") in ("available", "attached")
        ]
        if not attached:
            return
        vpc = attached[0]
        gateway = self.network.namespace(item["InternetGatewayId"], forwards=True)
        outer, inner = self.network.link(gateway, self.internet, OUTSIDE, INSIDE)
        gateway.requests.append(links.route("0.0.0.0/0", index=outer))
        for cidr in self._vpc_cidrs(vpc):
            gateway.requests.append(links.route(cidr, kind=BLACKHOLE, metric=100))
        for subnet in self._of_vpc(vpc):
            subnet.to[item["InternetGatewayId"]], back = self.network.link(subnet.router, gateway, OUTSIDE, INSIDE)
            gateway.requests.append(links.route(subnet.cidr, index=back))
        self._add_public_addresses(vpc, gateway, inner)

    def _add_public_addresses(self, vpc: str, gateway: Namespace, at_internet: int) -> None:
        """Addresses one to one; what has no public address does not pass."""
        ruleset = gateway.ruleset
        forward = ruleset.base("forward", FORWARD, 0)
        inwards = ruleset.base("inwards", PREROUTING, -100, nat=True)
        outwards = ruleset.base("outwards", POSTROUTING, 100, nat=True)
        for cidr in _PRIVATE:
            forward.add(nftables.outgoing_group(OUTSIDE), nftables.destination(cidr), nftables.drop())
        pairs = [
            (interface, public, private)
            for interface in self.interfaces.values()
            if interface.subnet.vpc == vpc
            for public, private in self._associations(interface)
        ]
        for interface, public, private in pairs:
            mode = self._block_public_access(interface.subnet)
            # What blocks the way in leaves that of the NAT gateways open, which let nobody in, and no other.
            if mode == "block-bidirectional" or (mode == "block-ingress" and not interface.silent):
                for end in (nftables.source, nftables.destination):
                    forward.add(end(f"{private}/32"), nftables.drop())
            self.internet.requests.append(links.route(f"{public}/32", index=at_internet))
            inwards.add(nftables.incoming_group(OUTSIDE), nftables.destination(f"{public}/32"), nftables.dnat(private))
            outwards.add(nftables.outgoing_group(OUTSIDE), nftables.source(f"{private}/32"), nftables.snat(public))
            out = (nftables.incoming_group(INSIDE), nftables.outgoing_group(OUTSIDE))
            forward.add(*out, nftables.source(f"{private}/32"), nftables.accept())
            back = (nftables.incoming_group(OUTSIDE), nftables.outgoing_group(INSIDE))
            forward.add(*back, nftables.destination(f"{private}/32"), nftables.accept())
        forward.add(nftables.drop())

    def _associations(self, interface: Interface) -> list[tuple[str, str]]:
        nat = self._nat_gateway_of(interface.id)
        if nat is not None:
            if nat.get("ConnectivityType", "public") != "public":
                return []
            return [
                (address["PublicIp"], address["PrivateIp"])
                for address in nat.get("NatGatewayAddresses") or []
                if address.get("PublicIp") and address.get("NetworkInterfaceId") == interface.id
            ]
        return [] if interface.public_address is None else [(interface.public_address, interface.addresses[0])]

    def _block_public_access(self, subnet: Subnet) -> str:
        """The subnet's own mode, for it may be excluded, else its VPC's."""
        items = [item for item in self.items("Subnets") if item["SubnetId"] == subnet.id]
        items += [item for item in self.items("Vpcs") if item["VpcId"] == subnet.vpc]
        states = [item["BlockPublicAccessStates"] for item in items if item.get("BlockPublicAccessStates")]
        return next(iter(states), {}).get("InternetGatewayBlockMode", "off")

    def _add_peering(self, item: dict) -> None:
        if (item.get("Status") or {}).get("Code") != "active":
            return
        connection = self.network.namespace(item["VpcPeeringConnectionId"], forwards=True)
        sides = [item["RequesterVpcInfo"]["VpcId"], item["AccepterVpcInfo"]["VpcId"]]
        back: dict[str, int] = {}
        for vpc in sides:
            for subnet in self._of_vpc(vpc):
                subnet.to[item["VpcPeeringConnectionId"]], back[subnet.id] = self.network.link(
                    subnet.router, connection, OUTSIDE, OUTSIDE
                )
        # From one side only to the subnets of the other: nothing passes through a VPC to a third.
        for here, there in (sides, reversed(sides)):
            table = self._table()
            connection.requests.append(links.route("0.0.0.0/0", table, BLACKHOLE))
            for subnet in self._of_vpc(there):
                connection.requests.append(links.route(subnet.cidr, table, index=back[subnet.id]))
            for subnet in self._of_vpc(here):
                connection.requests.append(links.rule(100, table, f"l{back[subnet.id]}"))

    def _add_gateway_endpoint(self, item: dict) -> None:
        if str(item.get("State")).lower() != "available":
            return
        name = str(item["ServiceName"])
        cidrs = [
            entry["Cidr"]
            for prefix_list in self.items("ManagedPrefixLists")
            if prefix_list.get("PrefixListName") == name
            for entry in prefix_list.get("Entries") or []
        ]
        endpoint = self.network.namespace(item["VpcEndpointId"])
        endpoint.requests += [*(links.route(cidr, links.TABLE_LOCAL, LOCAL, links.LOOPBACK) for cidr in cidrs)]
        carried = endpoint.ruleset.base("carried", INPUT, 0)
        carried.add(nftables.protocol(TCP), nftables.accept())
        carried.add(nftables.protocol(ICMP), nftables.accept())
        carried.add(nftables.drop())
        for subnet in self._of_vpc(item["VpcId"]):
            subnet.to[item["VpcEndpointId"]], back = self.network.link(subnet.router, endpoint, OUTSIDE, OUTSIDE)
            endpoint.requests.append(links.route(subnet.cidr, index=back))
        self.services.append((endpoint, cidrs))

    # Routes

    def _route_table_of(self, subnet: Subnet) -> dict | None:
        tables = [table for table in self.items("RouteTables") if table["VpcId"] == subnet.vpc]
        explicit = [
            table
            for table in tables
            if any(association.get("SubnetId") == subnet.id for association in table.get("Associations") or [])
        ]
        main = [
            table for table in tables if any(association.get("Main") for association in table.get("Associations") or [])
        ]
        return next(iter(explicit + main), None)

    def _add_routes(self, subnet: Subnet) -> None:
        table = self._table()
        requests = subnet.router.requests
        for item in self.items("NetworkInterfaces"):
            if item["SubnetId"] == subnet.id:
                requests.append(links.rule(100, table, f"l{subnet.to[item['NetworkInterfaceId']]}"))
        # Within the subnet nothing is routed; the router delivers.
        requests.append(links.route(subnet.cidr, table, THROW))
        requests.append(links.route("0.0.0.0/0", table, BLACKHOLE, metric=9999))
        aws_table = self._route_table_of(subnet)
        for number, route in enumerate((aws_table or {}).get("Routes") or []):
            if route.get("DestinationCidrBlock"):
                cidrs = [route["DestinationCidrBlock"]]
            else:
                cidrs = self._prefix_list(route.get("DestinationPrefixListId", ""))
            # At equal length: a static route, then one by prefix list, then a propagated one.
            # (Among lists AWS names no order; some order the kernel must have.)
            metric = 2 + number if route.get("DestinationPrefixListId") else 1
            if route.get("Origin") == "EnableVgwRoutePropagation":
                metric = 5000
                cidrs = [cidr for cidr in cidrs if not self._is_local(subnet.vpc, cidr)]
            for cidr in cidrs:
                if cidr != subnet.cidr:
                    requests.append(self._route(subnet, table, cidr, route, metric))

    def _is_local(self, vpc: str, cidr: str) -> bool:
        network = ipaddress.IPv4Network(cidr)
        return any(network.subnet_of(ipaddress.IPv4Network(local)) for local in self._vpc_cidrs(vpc))

    def _route(self, subnet: Subnet, table: int, cidr: str, route: dict, metric: int) -> links.Message:
        if route.get("GatewayId") == "local":
            return links.route(cidr, table, THROW, metric=metric)
        index = None if route.get("State") == "blackhole" else self._next_hop(subnet, route)
        if index is None:
            return links.route(cidr, table, BLACKHOLE, metric=metric)
        return links.route(cidr, table, index=index, metric=metric)

    def _next_hop(self, subnet: Subnet, route: dict) -> int | None:
        """The router's link to a route's target; none where there is nothing at its end."""
        gateway = route.get("GatewayId") or route.get("VpcPeeringConnectionId")
        if gateway:
            return subnet.to.get(gateway)
        interface = self._interface_of(route)
        if interface is None:
            return None
        if interface.subnet is subnet:
            return subnet.to[interface.id]
        # Through the boundaries of both subnets, to that interface whatever the packet's destination.
        if interface.subnet.vpc != subnet.vpc:
            return None
        key = f"to {interface.id}"
        if key not in subnet.to:
            other = interface.subnet
            subnet.to[key], arrives = self.network.link(subnet.router, other.router, OUTSIDE, OUTSIDE)
            table = self._table()
            other.router.requests += [
                links.rule(200, table, f"l{arrives}"),
                links.route("0.0.0.0/0", table, index=other.to[interface.id]),
            ]
        return subnet.to[key]

    def _interface_of(self, route: dict) -> Interface | None:
        if route.get("NetworkInterfaceId"):
            return self.interfaces.get(route["NetworkInterfaceId"])
        for gateway in self.items("NatGateways"):
            if gateway["NatGatewayId"] == route.get("NatGatewayId"):
                address = next(iter(gateway.get("NatGatewayAddresses") or []), {})
                return self.interfaces.get(address.get("NetworkInterfaceId", ""))
        return None


def _group_ports(rule: dict) -> bytes:
    name = str(rule.get("IpProtocol", "-1"))
    if name == "-1":
        return b""
    number = _PROTOCOLS.get(name) or int(name)
    first, last = rule.get("FromPort", -1), rule.get("ToPort", -1)
    if number == ICMP:
        return nftables.protocol(ICMP) + _icmp(first, last)
    return nftables.protocol(number) + nftables.destination_ports(max(first, 0), 65535 if last < 0 else last)


def _acl_ports(entry: dict) -> bytes:
    number = int(entry.get("Protocol", "-1"))
    if number == -1:
        return b""
    if number == ICMP:
        kind = entry.get("IcmpTypeCode") or {}
        return nftables.protocol(ICMP) + _icmp(kind.get("Type", -1), kind.get("Code", -1))
    ports = entry.get("PortRange") or {"From": 0, "To": 65535}
    return nftables.protocol(number) + nftables.destination_ports(ports["From"], ports["To"])


def _icmp(kind: int, code: int) -> bytes:
    return (nftables.icmp_type(kind) if kind >= 0 else b"") + (nftables.icmp_code(code) if code >= 0 else b"")
