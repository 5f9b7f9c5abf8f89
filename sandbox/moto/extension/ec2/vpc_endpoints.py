"""VPC endpoints: interfaces and groups, routes of gateway endpoints, private names and who may have them.

moto gives interface endpoints random addresses without their groups, ignores private DNS, and changes nothing but lists
on ModifyVpcEndpoint. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html and
API_ModifyVpcEndpoint, https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

import copy
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models.vpcs import VPCEndPoint as MotoVPCEndPoint
from moto.ec2.utils import random_resource_id, random_vpc_ep_id

from .errors import invalid_parameter

# The zone that AWS keeps the names of all interface endpoints of us-east-1 in. It differs by region, and nothing reads it.
_ENDPOINT_ZONE = "Z7HUB22UULQXV"

_Lists = dict[str, list[str]]
# Lists of ids that a request adds to or removes from an endpoint -> what they are, and the type of endpoint that has them.
_LISTS = {
    "RouteTableIds": ("Route table", "Gateway"),
    "SubnetIds": ("Subnet", "Interface"),
    "SecurityGroupIds": ("Security group", "Interface"),
}


class VPCEndPoint(MotoVPCEndPoint):
    """An endpoint whose names, subnets and tables follow its interfaces and routes. Answers go by the name of moto's class."""

    requester_managed = False
    ip_address_type = "ipv4"
    state = "available"
    private_dns_enabled = False
    destination_prefix_list_id: str | None = None

    # The base class keeps lists of its own.
    def __init__(self, ec2_backend: Any, vpc_id: str, service: dict[str, Any]) -> None:
        self.ec2_backend = ec2_backend
        self.id = self.vpc_endpoint_id = random_vpc_ep_id()
        self.vpc_id = vpc_id
        self.service = service
        self.service_name = service["ServiceName"]
        self.vpc_endpoint_type = service["ServiceType"][0]["ServiceType"]
        self.is_interface = self.vpc_endpoint_type == "Interface"
        self.interfaces: list[Any] = []
        self.security_group_ids: list[str] = []
        self.creation_timestamp = utcnow()
        self._suffix = random_resource_id(8)

    @property
    def network_interface_ids(self) -> list[str]:
        return [interface.id for interface in self.interfaces]

    @property
    def subnet_ids(self) -> list[str]:
        return [interface.subnet.id for interface in self.interfaces]

    @property
    def route_table_ids(self) -> list[str]:
        tables = self.ec2_backend.route_tables.values()
        return [t.id for t in tables if any(getattr(route.gateway, "id", None) == self.id for route in t.routes)]

    @property
    def dns_options(self) -> dict[str, str]:
        return {"DnsRecordIpType": "ipv4" if self.is_interface else "service-defined"}

    @property
    def dns_entries(self) -> list[dict[str, str]]:
        """The regional name, one for each zone, and the private ones when they are on."""
        if not self.is_interface:
            return []
        base = self.service["BaseEndpointDnsNames"][0]
        zones = ["", *(f"-{interface.subnet.availability_zone}" for interface in self.interfaces)]
        entries = {f"{self.id}-{self._suffix}{zone}.{base}": _ENDPOINT_ZONE for zone in zones}
        if self.private_dns_enabled:
            entries |= dict.fromkeys(self.private_names, f"Z{self._suffix.upper()}{self.id[-8:].upper()}")
        return [{"DnsName": name, "HostedZoneId": zone} for name, zone in entries.items()]

    @property
    def private_names(self) -> list[str]:
        return [item["PrivateDnsName"] for item in self.service.get("PrivateDnsNames", [])]


class Backend:
    def create_vpc_endpoint(
        self,
        vpc_id: str,
        service_name: str,
        endpoint_type: str | None,
        policy_document: str | None,
        route_table_ids: list[str],
        subnet_ids: list[str] | None = None,
        client_token: str | None = None,
        security_group_ids: list[str] | None = None,
        tags: dict[str, str] | None = None,
        private_dns_enabled: bool | None = None,
    ) -> VPCEndPoint:
        types = self.endpoint_service_types(service_name)
        kind = endpoint_type or "Gateway"
        if not types:
            raise InvalidServiceName(service_name)
        if kind not in types:
            raise invalid_parameter(
                f"Endpoint type ({kind}) does not match available service types ([{', '.join(types)}])."
            )
        endpoint = VPCEndPoint(self, vpc_id, types[kind])
        endpoint.client_token = client_token
        endpoint.policy_document = policy_document or json.dumps(VPCEndPoint.DEFAULT_POLICY)
        groups = security_group_ids or []
        if endpoint.is_interface:
            groups = groups or [self.get_default_security_group(vpc_id).id]
        else:
            lists = self.managed_prefix_lists.values()
            endpoint.destination_prefix_list_id = next(i.id for i in lists if i.prefix_list_name == service_name)
        added = {"RouteTableIds": route_table_ids, "SubnetIds": subnet_ids or [], "SecurityGroupIds": groups}
        # AWS: private DNS is on unless the request says otherwise.
        self._change(endpoint, added, {}, private_dns=endpoint.is_interface and private_dns_enabled)
        endpoint.add_tags(tags or {})
        self.vpc_end_points[endpoint.id] = endpoint
        return endpoint

    def modify_endpoint(self, endpoint_id: str, request: dict[str, Any]) -> None:
        endpoint = self.get_vpc_end_point(endpoint_id)
        added, removed = ({name: request.get(f"{verb}{name}") or [] for name in _LISTS} for verb in ("Add", "Remove"))
        self._change(endpoint, added, removed, request.get("PrivateDnsEnabled"))
        if request.get("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        elif request.get("PolicyDocument"):
            endpoint.policy_document = request["PolicyDocument"]

    def delete_vpc_endpoints(self, vpce_ids: list[str] | None = None) -> list[str]:
        """Delete what exists; the ids that do not exist are returned."""
        unknown = [id_ for id_ in vpce_ids or [] if id_ not in self.vpc_end_points]
        for id_ in vpce_ids or []:
            endpoint = self.vpc_end_points.pop(id_, None)
            for interface in endpoint.interfaces if endpoint else []:
                self.drop_network_interface(interface)
            for table_id in endpoint.route_table_ids if endpoint else []:
                self.drop_endpoint_route(table_id, endpoint)
        return unknown

    def _change(self, endpoint: VPCEndPoint, added: _Lists, removed: _Lists, private_dns: bool | None) -> None:
        """Change lists and private DNS; all is checked before anything is changed."""
        for name, (what, kind) in _LISTS.items():
            if (added[name] or removed.get(name)) and kind != endpoint.vpc_endpoint_type:
                raise invalid_parameter(f"{what} IDs are only supported for {kind} type VPC Endpoint.")
        leaving = removed.get("SubnetIds", [])
        joining = [id_ for id_ in added["SubnetIds"] if id_ not in endpoint.subnet_ids]
        tables = [id_ for id_ in added["RouteTableIds"] if id_ not in endpoint.route_table_ids]
        groups = [
            *(id_ for id_ in endpoint.security_group_ids if id_ not in removed.get("SecurityGroupIds", [])),
            *(id_ for id_ in added["SecurityGroupIds"] if id_ not in endpoint.security_group_ids),
        ]
        if private_dns and not endpoint.private_dns_enabled:
            self._check_private_dns(endpoint)
        for id_ in tables:
            self._check_table(id_, endpoint)
        if foreign := self.foreign_group(added["SecurityGroupIds"], endpoint.vpc_id):
            raise invalid_parameter(f"Security group {foreign} does not belong to VPC {endpoint.vpc_id}.")
        if endpoint.is_interface and not groups:
            raise invalid_parameter("An interface endpoint must have at least one security group.")
        self._check_subnets(endpoint, joining, staying=[id_ for id_ in endpoint.subnet_ids if id_ not in leaving])

        if private_dns is not None:
            endpoint.private_dns_enabled = private_dns
        for interface in [one for one in endpoint.interfaces if one.subnet.id in leaving]:
            endpoint.interfaces.remove(interface)
            self.drop_network_interface(interface)
        endpoint.security_group_ids = groups
        for interface in endpoint.interfaces:
            interface._group_set = [self.get_security_group_from_id(id_) for id_ in groups]
        description = f"VPC Endpoint Interface {endpoint.id}"
        for id_ in joining:
            subnet = self.get_subnet(id_)
            endpoint.interfaces.append(self.create_service_interface(subnet, groups, "vpc_endpoint", description))
        for id_ in removed.get("RouteTableIds", []):
            self.drop_endpoint_route(id_, endpoint)
        for id_ in tables:
            self.add_endpoint_route(id_, endpoint)

    def _check_private_dns(self, endpoint: VPCEndPoint) -> None:
        vpc = self.get_vpc(endpoint.vpc_id)
        if not endpoint.private_names:
            raise invalid_parameter(f"Private DNS cannot be set because the service {endpoint.service_name} has none.")
        if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            raise invalid_parameter(
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true "
                f"for {vpc.id}"
            )
        taken = {
            name
            for other in self.vpc_end_points.values()
            if other.vpc_id == vpc.id and other.private_dns_enabled
            for name in other.private_names
        }
        if conflict := next((name for name in endpoint.private_names if name in taken), None):
            raise invalid_parameter(
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                f"{conflict} in the VPC {vpc.id}"
            )

    def _check_subnets(self, endpoint: VPCEndPoint, subnet_ids: list[str], staying: list[str]) -> None:
        taken = {self.get_subnet(id_).availability_zone for id_ in staying}
        for id_ in subnet_ids:
            subnet = self.get_subnet(id_)
            if subnet.vpc_id != endpoint.vpc_id:
                raise invalid_parameter(f"The subnet {id_} does not belong to VPC {endpoint.vpc_id}.")
            if subnet.availability_zone not in endpoint.service["AvailabilityZones"]:
                raise invalid_parameter(
                    f"The VPC endpoint service {endpoint.service_name} does not support the availability zone of the "
                    f"subnet: {id_}."
                )
            if subnet.availability_zone in taken:
                raise EC2ClientError(
                    "DuplicateSubnetsInSameZone",
                    f"Found another VPC endpoint subnet in the availability zone of {id_}. VPC endpoint subnets should "
                    "be in different availability zones supported by the VPC endpoint service.",
                )
            taken.add(subnet.availability_zone)

    def _check_table(self, route_table_id: str, endpoint: VPCEndPoint) -> None:
        table = self.get_route_table(route_table_id)
        if table.vpc_id != endpoint.vpc_id:
            raise invalid_parameter(f"Route table {route_table_id} does not belong to VPC {endpoint.vpc_id}.")
        list_id = endpoint.destination_prefix_list_id
        if any(route.destination_prefix_list_id == list_id for route in table.routes):
            raise EC2ClientError(
                "RouteAlreadyExists",
                f"route table {route_table_id} already has a route with destination-prefix-list-id {list_id}",
            )


class Responses:
    def create_vpc_endpoint(self) -> ActionResult:
        endpoint = super().create_vpc_endpoint().result["VpcEndpoint"]
        # AWS: an interface endpoint is pending at first, a gateway endpoint is there at once.
        shown = copy.copy(endpoint)
        shown.state = "pending" if endpoint.is_interface else "available"
        return ActionResult({"VpcEndpoint": shown, "ClientToken": endpoint.client_token})

    def modify_vpc_endpoint(self) -> ActionResult:
        self.ec2_backend.modify_endpoint(self._get_param("VpcEndpointId"), self._get_params())
        return ActionResult({"Return": True})

    def delete_vpc_endpoints(self) -> ActionResult:
        unknown = self.ec2_backend.delete_vpc_endpoints(self._get_param("VpcEndpointIds", []))
        code = "InvalidVpcEndpoint.NotFound"
        errors = {id_: {"Code": code, "Message": f"The VpcEndPoint Id '{id_}' does not exist"} for id_ in unknown}
        return ActionResult({"Unsuccessful": [{"ResourceId": id_, "Error": error} for id_, error in errors.items()]})
