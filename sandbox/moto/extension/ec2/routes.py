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

from .errors import dependency_violation, different_networks, invalid_value, not_found

_ENDPOINT_PREFIX = "vpce-"


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
        gateway: Any = self.gateway
        if isinstance(gateway, InternetGateway):
            attached = gateway.vpc is not None and gateway.vpc.id == self.route_table.vpc_id
            return attached and gateway.id in backend.internet_gateways
        if self.nat_gateway is not None:
            return self.nat_gateway.state in ("pending", "available")
        if self.interface is not None:
            eni: Any = self.interface
            instance = eni.instance
            carries = instance.is_running() if instance is not None else eni.requester_managed
            return eni.id in backend.enis and carries
        if self.instance is not None:
            return self.instance.is_running()
        if self.vpc_pcx is not None:
            return self.vpc_pcx.status.code == "active"
        return True


class Routes:
    """Part of the EC2 backend."""

    def create_route(
        self: Any,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
        local: bool = False,
        **targets: Any,
    ) -> Route:
        table = self.get_route_table(route_table_id)
        cidr_block = _canonical(destination_cidr_block)
        if not local:
            self._check_target(table, targets)
            # Of the same IPv4 range moto takes care.
            destination = destination_ipv6_cidr_block or destination_prefix_list_id
            taken = {id_ for r in table.routes for id_ in (r.destination_ipv6_cidr_block, r.destination_prefix_list_id)}
            if destination and destination in taken:
                raise EC2ClientError("RouteAlreadyExists", f"The route identified by {destination} already exists.")
        return super().create_route(  # type: ignore[misc]
            route_table_id, cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id, local, **targets
        )

    def replace_route(
        self: Any,
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
        gateways = {
            "nat_gateway_id": nat_gateway_id,
            "egress_only_igw_id": egress_only_igw_id,
            "transit_gateway_id": transit_gateway_id,
        }
        self._check_target(table, {**gateways, **targets})
        for route in table.routes:
            if route.is_endpoint_route and route.destination_prefix_list_id == destination_prefix_list_id:
                raise invalid_value("Cannot create or replace a prefix list route targeting a VPC Endpoint.")
        return super().replace_route(  # type: ignore[misc]
            route_table_id,
            _canonical(destination_cidr_block),
            destination_ipv6_cidr_block,
            destination_prefix_list_id,
            **gateways,
            **targets,
        )

    def delete_route(
        self: Any,
        route_table_id: str,
        destination_cidr_block: str | None,
        destination_ipv6_cidr_block: str | None = None,
        destination_prefix_list_id: str | None = None,
    ) -> Route:
        destination_cidr_block = _canonical(destination_cidr_block)
        destination = destination_cidr_block or destination_ipv6_cidr_block or destination_prefix_list_id
        for route in self.get_route_table(route_table_id).routes:
            if route.is_endpoint_route and route.destination_prefix_list_id == destination:
                raise invalid_value(
                    f"cannot remove VPC endpoint route {route.gateway_id} in route table {route_table_id}"
                )
            is_destination = destination in (route.destination_cidr_block, route.destination_ipv6_cidr_block)
            if route.local and is_destination and not self.is_removing_cidr_block:
                raise invalid_value(f"cannot remove local route {destination} in route table {route_table_id}")
        return super().delete_route(  # type: ignore[misc]
            route_table_id, destination_cidr_block, destination_ipv6_cidr_block, destination_prefix_list_id
        )

    def add_endpoint_route(self: Any, route_table_id: str, endpoint: VPCEndPoint) -> None:
        """The route that a gateway endpoint puts on a table: the service's prefix list by way of the endpoint."""
        table = self.get_route_table(route_table_id)
        prefix_list = self.managed_prefix_lists[endpoint.destination_prefix_list_id]
        route = Route(table, None, None, prefix_list, gateway=endpoint)  # type: ignore[arg-type]
        table._routes[route.id] = route

    def drop_endpoint_route(self: Any, route_table_id: str, endpoint: VPCEndPoint) -> None:
        """Take the endpoint's route off a table, if the table still exists."""
        table = self.route_tables.get(route_table_id)
        for route in table.routes if table else []:
            if route.gateway is endpoint:
                del table._routes[route.id]

    def _check_target(self: Any, table: RouteTable, targets: dict[str, Any]) -> None:
        """Refuse targets that AWS refuses; ``targets`` has moto's parameter names."""
        gateway_id = targets.get("gateway_id")
        nat_gateway_id = targets.get("nat_gateway_id")
        given = [name for name in _TARGETS if targets.get(name)]
        if len(given) != 1:
            raise EC2ClientError(
                "InvalidParameterCombination" if given else "MissingParameter",
                "The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, "
                "vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, carrierGatewayId, "
                "vpcEndpointId, instanceId",
            )
        if gateway_id and gateway_id.startswith(_ENDPOINT_PREFIX):
            raise invalid_value("Cannot create or replace a prefix list route targeting a VPC Endpoint.")
        if gateway_id and gateway_id.startswith("igw-"):
            vpc = self.get_internet_gateway(gateway_id).vpc
            if vpc is None or vpc.id != table.vpc_id:
                raise different_networks(table.id, "gateway", gateway_id)
        if nat_gateway_id:
            gateway = self.nat_gateways.get(nat_gateway_id)
            if gateway is None or gateway.state in ("deleted", "failed"):
                raise not_found("InvalidNatGatewayID.NotFound", "natGateway", nat_gateway_id)
            if gateway.vpc_id != table.vpc_id:
                raise different_networks(table.id, "gateway", nat_gateway_id)
        if targets.get("interface_id") and self.get_network_interface(targets["interface_id"]).vpc_id != table.vpc_id:
            raise different_networks(table.id, "interface", targets["interface_id"])

    def associate_route_table(
        self: Any, route_table_id: str, gateway_id: str | None = None, subnet_id: str | None = None
    ) -> str:
        table = self.get_route_table(route_table_id)
        if subnet_id:
            if self.get_subnet(subnet_id).vpc_id != table.vpc_id:
                raise different_networks(route_table_id, "subnet", subnet_id)
            holder = self._table_of(subnet_id)
            if holder is not None and holder.id != route_table_id:
                raise EC2ClientError(
                    "Resource.AlreadyAssociated",
                    f"the specified association for route table {route_table_id} "
                    "conflicts with an existing association",
                )
        return super().associate_route_table(route_table_id, gateway_id, subnet_id)  # type: ignore[misc]

    def _table_of(self: Any, subnet_id: str) -> RouteTable | None:
        """The table that a subnet is explicitly associated with."""
        return next((t for t in self.route_tables.values() if subnet_id in t._associations.values()), None)

    def disassociate_route_table(self: Any, association_id: str) -> str | None:
        if any(table.main_association_id == association_id for table in self.route_tables.values()):
            raise invalid_value(f"cannot disassociate the main route table association {association_id}")
        return super().disassociate_route_table(association_id)  # type: ignore[misc]

    def replace_route_table_association(self: Any, association_id: str, route_table_id: str) -> str:
        table = self.get_route_table(route_table_id)
        holder = next((t for t in self.route_tables.values() if association_id in t.all_associations_ids), None)
        if holder is None:
            raise InvalidAssociationIdError(association_id)
        if holder.vpc_id != table.vpc_id:
            raise different_networks(route_table_id, "subnet", str(holder._associations.get(association_id)))
        return super().replace_route_table_association(association_id, route_table_id)  # type: ignore[misc]

    def delete_route_table(self: Any, route_table_id: str) -> None:
        table = self.get_route_table(route_table_id)
        if table._associations or table.main_association_id:
            raise dependency_violation("routeTable", route_table_id)
        self.drop_route_table(table)

    def drop_route_table(self: Any, table: RouteTable) -> None:
        """Remove a table, also a main one; gateway endpoints no longer list it."""
        self.route_tables.pop(table.id)
        for endpoint in self.vpc_end_points.values():
            endpoint.route_table_ids = [id_ for id_ in endpoint.route_table_ids if id_ != table.id]


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


def _canonical(cidr_block: str | None) -> str | None:
    """AWS drops the host bits: 10.0.0.1/16 becomes 10.0.0.0/16. What is no CIDR block is left for moto to refuse."""
    try:
        return str(ipaddress.ip_network(cidr_block, strict=False)) if cidr_block else cidr_block
    except ValueError:
        return cidr_block


def install() -> None:
    # moto's own code builds routes by this name.
    route_tables.Route = Route  # type: ignore[misc]
