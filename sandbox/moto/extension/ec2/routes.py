"""Routes and route tables: what a route's target must be, when it is a blackhole, and who holds a table.

moto calls every route active, accepts targets that do not exist, and moves nothing when a subnet has a table already.
AWS: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html and, in its API reference, CreateRoute and
AssociateRouteTable.
"""

import ipaddress
from typing import Any

from moto.ec2.exceptions import EC2ClientError, InvalidAssociationIdError
from moto.ec2.models import route_tables
from moto.ec2.models.internet_gateways import InternetGateway
from moto.ec2.models.route_tables import Route as MotoRoute
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.models.vpcs import VPCEndPoint

from ..wiring import in_place_of
from .errors import dependency_violation, invalid_value

# moto's names of the parameters for a route's target.
_TARGETS = (
    "gateway_id",
    "nat_gateway_id",
    "interface_id",
    "vpc_peering_connection_id",
    "egress_only_igw_id",
    "transit_gateway_id",
    "carrier_gateway_id",
    "vpc_endpoint_id",
    "instance_id",
)


@in_place_of(route_tables)
class Route(MotoRoute):
    """A route whose state follows its target."""

    @property
    def state(self) -> str:
        return "active" if self.local or self._target_carries_traffic() else "blackhole"

    @property
    def origin(self) -> str:
        return "CreateRouteTable" if self.local else "CreateRoute"

    @property
    def is_endpoint_route(self) -> bool:
        """Whether a gateway endpoint put this route here; only the endpoint can take it away."""
        return isinstance(self.gateway, VPCEndPoint)

    def _target_carries_traffic(self) -> bool:
        backend = self.route_table.ec2_backend
        if isinstance(self.gateway, InternetGateway):
            vpc = self.gateway.vpc
            return (
                vpc is not None and vpc.id == self.route_table.vpc_id and self.gateway.id in backend.internet_gateways
            )
        if self.nat_gateway is not None:
            return self.nat_gateway.state in ("pending", "available")
        if self.interface is not None:
            instance = self.interface.instance
            carries = instance.is_running() if instance is not None else self.interface.requester_managed
            return self.interface.id in backend.enis and carries
        if self.instance is not None:
            return self.instance.is_running()
        return self.vpc_pcx is None or self.vpc_pcx.status.code == "active"


class Backend:
    # A mark that moto's removal of a CIDR block is at work.
    is_removing_cidr_block = False

    def create_route(
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        local: bool = False,
        **targets: Any,
    ) -> Route:
        if not local:
            table = self.get_route_table(route_table_id)
            self._check_target(table, targets)
            # moto itself refuses an IPv4 range that has a route.
            destination = destination_ipv6_cidr_block or destination_prefix_list_id
            if destination and any(destination in _destinations(route) for route in table.routes):
                raise EC2ClientError("RouteAlreadyExists", f"The route identified by {destination} already exists.")
        return super().create_route(
            route_table_id,
            _canonical(destination_cidr_block),
            destination_ipv6_cidr_block,
            destination_prefix_list_id,
            local,
            **targets,
        )

    def replace_route(
        self,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        nat_gateway_id: str | None = None,
        egress_only_igw_id: str | None = None,
        transit_gateway_id: str | None = None,
        **targets: Any,
    ) -> Route:
        table = self.get_route_table(route_table_id)
        targets |= {
            "nat_gateway_id": nat_gateway_id,
            "egress_only_igw_id": egress_only_igw_id,
            "transit_gateway_id": transit_gateway_id,
        }
        self._check_target(table, targets)
        for route in table.routes:
            if route.is_endpoint_route and route.destination_prefix_list_id == destination_prefix_list_id:
                raise invalid_value("Cannot create or replace a prefix list route targeting a VPC Endpoint.")
        return super().replace_route(
            route_table_id,
            _canonical(destination_cidr_block),
            destination_ipv6_cidr_block,
            destination_prefix_list_id,
            **targets,
        )

    def delete_route(
        self, route_table_id: str, destination_cidr_block: str | None, *others: str | None, **kwargs: Any
    ) -> Route:
        cidr_block = _canonical(destination_cidr_block)
        destination = next((one for one in (cidr_block, *others, *kwargs.values()) if one), None)
        for route in self.get_route_table(route_table_id).routes:
            if destination not in _destinations(route):
                continue
            if route.is_endpoint_route:
                raise invalid_value(
                    f"cannot remove VPC endpoint route {route.gateway_id} in route table {route_table_id}"
                )
            if route.local and not self.is_removing_cidr_block:
                raise invalid_value(f"cannot remove local route {destination} in route table {route_table_id}")
        return super().delete_route(route_table_id, cidr_block, *others, **kwargs)

    def add_endpoint_route(self, route_table_id: str, endpoint: VPCEndPoint) -> None:
        """The route that a gateway endpoint puts on a table: the service's prefix list by way of the endpoint."""
        table = self.get_route_table(route_table_id)
        prefix_list = self.managed_prefix_lists[endpoint.destination_prefix_list_id]
        route = Route(table, None, None, prefix_list, gateway=endpoint)
        table._routes[route.id] = route

    def drop_endpoint_route(self, route_table_id: str, endpoint: VPCEndPoint) -> None:
        """Take the endpoint's route off a table, if the table still exists."""
        table = self.route_tables.get(route_table_id)
        for route in table.routes if table else []:
            if route.gateway is endpoint:
                del table._routes[route.id]

    def _check_target(self, table: RouteTable, targets: dict[str, Any]) -> None:
        """Refuse targets that AWS refuses; ``targets`` has moto's parameter names."""
        given = [name for name in _TARGETS if targets.get(name)]
        if len(given) != 1:
            raise EC2ClientError(
                "InvalidParameterCombination" if given else "MissingParameter",
                "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, "
                "vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, carrierGatewayId, "
                "vpcEndpointId, instanceId",
            )
        target = targets[given[0]]
        if target.startswith("vpce-") and given == ["gateway_id"]:
            raise invalid_value("Cannot create or replace a prefix list route targeting a VPC Endpoint.")
        if target.startswith("igw-"):
            vpc = self.get_internet_gateway(target).vpc
            _check_network(table, "gateway", target, vpc and vpc.id)
        elif given == ["nat_gateway_id"]:
            gateway = self.nat_gateways.get(target)
            if gateway is None or gateway.state in ("deleted", "failed"):
                raise EC2ClientError("InvalidNatGatewayID.NotFound", f"The natGateway ID '{target}' does not exist")
            _check_network(table, "gateway", target, gateway.vpc_id)
        elif given == ["interface_id"]:
            _check_network(table, "interface", target, self.get_network_interface(target).vpc_id)

    def associate_route_table(
        self, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> str:
        table = self.get_route_table(route_table_id)
        if subnet_id:
            _check_network(table, "subnet", subnet_id, self.get_subnet(subnet_id).vpc_id)
            holder = next((t for t in self.route_tables.values() if subnet_id in t._associations.values()), table)
            if holder is not table:
                raise EC2ClientError(
                    "Resource.AlreadyAssociated",
                    f"the specified association for route table {route_table_id} "
                    "conflicts with an existing association",
                )
        return super().associate_route_table(route_table_id, gateway_id, subnet_id)

    def disassociate_route_table(self, association_id: str) -> str | None:
        if any(table.main_association_id == association_id for table in self.route_tables.values()):
            raise invalid_value(f"cannot disassociate the main route table association {association_id}")
        return super().disassociate_route_table(association_id)

    def replace_route_table_association(self, association_id: str, route_table_id: str) -> str:
        table = self.get_route_table(route_table_id)
        holder = next((t for t in self.route_tables.values() if association_id in t.all_associations_ids), None)
        if holder is None:
            raise InvalidAssociationIdError(association_id)
        _check_network(table, "subnet", str(holder._associations.get(association_id)), holder.vpc_id)
        return super().replace_route_table_association(association_id, route_table_id)

    def delete_route_table(self, route_table_id: str) -> None:
        table = self.get_route_table(route_table_id)
        if table._associations or table.main_association_id:
            raise dependency_violation("routeTable", route_table_id)
        super().delete_route_table(route_table_id)


def _check_network(table: RouteTable, kind: str, id_: str, vpc_id: str | None) -> None:
    if vpc_id != table.vpc_id:
        raise invalid_value(f"route table {table.id} and network {kind} {id_} belong to different networks")


def _destinations(route: Route) -> tuple[str | None, ...]:
    return (route.destination_cidr_block, route.destination_ipv6_cidr_block, route.destination_prefix_list_id)


def _canonical(cidr_block: str | None) -> str | None:
    """AWS drops the host bits: 10.0.0.1/16 becomes 10.0.0.0/16. What is no CIDR block is left for moto to refuse."""
    try:
        return str(ipaddress.ip_network(cidr_block, strict=False)) if cidr_block else cidr_block
    except ValueError:
        return cidr_block
