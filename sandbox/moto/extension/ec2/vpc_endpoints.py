"""VPC endpoints: interfaces and groups, routes of gateway endpoints, private names and who may have them.

moto gives interface endpoints random addresses without their groups, ignores private DNS, and changes nothing but lists
on ModifyVpcEndpoint. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html and
API_ModifyVpcEndpoint, https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
"""

import copy
import json
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidServiceName
from moto.ec2.models.vpcs import VPCEndPoint as MotoVPCEndPoint
from moto.ec2.utils import random_resource_id, random_vpc_ep_id

from .errors import invalid_parameter

# The zone that AWS keeps the names of all interface endpoints of us-east-1 in. It differs by region, and nothing reads it.
_ENDPOINT_ZONE = "Z7HUB22UULQXV"


class VPCEndPoint(MotoVPCEndPoint):
    """An endpoint whose names, interfaces and routes follow its settings. Named as moto's, which its answers go by."""

    vpc_endpoint_type: str
    requester_managed = False
    ip_address_type = "ipv4"

    @property
    def is_interface(self) -> bool:
        return self.vpc_endpoint_type == "Interface"

    @property
    def vpc_endpoint_id(self) -> str:
        return str(self.id)

    @property
    def dns_options(self) -> dict[str, str]:
        return {"DnsRecordIpType": "ipv4" if self.is_interface else "service-defined"}

    @property
    def dns_entries(self) -> list[dict[str, str]]:
        """The regional name, one for each zone, and the private ones when they are on."""
        if not self.is_interface:
            return []
        base = self.service["BaseEndpointDnsNames"][0]
        zones = [self.ec2_backend.get_subnet(id_).availability_zone for id_ in self.subnet_ids or []]
        names = [f"{self.id}-{self.suffix}.{base}", *(f"{self.id}-{self.suffix}-{zone}.{base}" for zone in zones)]
        entries = [{"DnsName": name, "HostedZoneId": _ENDPOINT_ZONE} for name in names]
        if self.private_dns_enabled:
            zone_id = "Z" + self.suffix.upper() + self.id[-8:].upper()
            entries += [{"DnsName": name, "HostedZoneId": zone_id} for name in self.private_names]
        return entries

    @dns_entries.setter
    def dns_entries(self, entries: Any) -> None:
        """moto's constructor sets them; ours are computed."""

    @property
    def private_names(self) -> list[str]:
        return [item["PrivateDnsName"] for item in self.service.get("PrivateDnsNames", [])]

    @property
    def network_interfaces(self) -> list[Any]:
        return [self.ec2_backend.enis[id_] for id_ in self.network_interface_ids]


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
        **_: Any,
    ) -> VPCEndPoint:
        vpc = self.get_vpc(vpc_id)
        types = self.endpoint_service_types(service_name)
        kind = endpoint_type or "Gateway"
        if not types:
            raise InvalidServiceName(service_name)
        if kind not in types:
            raise invalid_parameter(
                f"Endpoint type ({kind}) does not match available service types ([{', '.join(types)}])."
            )
        is_interface = kind == "Interface"
        _check_settings(is_interface, route_table_ids, subnet_ids or [], security_group_ids or [])
        groups = security_group_ids or ([self.get_default_security_group(vpc_id).id] if is_interface else [])
        # AWS: private DNS is on unless the request says otherwise, and needs a service that has private names.
        private = is_interface and (
            bool(types[kind].get("PrivateDnsNames")) if private_dns_enabled is None else private_dns_enabled
        )
        endpoint = VPCEndPoint(
            self,
            random_vpc_ep_id(),
            vpc_id,
            service_name,
            kind,
            policy_document or json.dumps(VPCEndPoint.DEFAULT_POLICY),
            [],
            [],
            client_token=client_token,
            security_group_ids=list(groups),
            private_dns_enabled=False,
            destination_prefix_list_id=None if is_interface else self._prefix_list_of(service_name),
        )
        endpoint.service = types[kind]
        endpoint.suffix = random_resource_id(8)
        if private:
            self._enable_private_dns(endpoint, vpc)
        for id_ in route_table_ids:
            self._check_free_of_route(id_, endpoint)
        self._check_groups(endpoint, groups)
        self._check_subnets(endpoint, subnet_ids or [])
        for id_ in subnet_ids or []:
            self._join_subnet(endpoint, id_)
        for id_ in route_table_ids:
            self._join_route_table(endpoint, id_)
        endpoint.add_tags(tags or {})
        self.vpc_end_points[endpoint.id] = endpoint
        return endpoint

    def modify_endpoint(self, endpoint_id: str, change: dict[str, Any]) -> None:
        """``change`` has the request's parameters; everything is checked before anything is changed."""
        endpoint = self.get_vpc_end_point(endpoint_id)
        lists = {k: change.get(k) or [] for k in ("RouteTableIds", "SubnetIds", "SecurityGroupIds")}
        added = {k: change.get(f"Add{k}") or [] for k in lists}
        removed = {k: change.get(f"Remove{k}") or [] for k in lists}
        _check_settings(endpoint.is_interface, *(added[k] + removed[k] for k in lists))
        self._check_groups(endpoint, added["SecurityGroupIds"])
        new_subnets = [id_ for id_ in added["SubnetIds"] if id_ not in endpoint.subnet_ids]
        self._check_subnets(endpoint, new_subnets, leaving=removed["SubnetIds"])
        new_tables = [id_ for id_ in added["RouteTableIds"] if id_ not in endpoint.route_table_ids]
        for id_ in new_tables:
            self._check_free_of_route(id_, endpoint)
        groups = [
            *(id_ for id_ in endpoint.security_group_ids if id_ not in removed["SecurityGroupIds"]),
            *(id_ for id_ in added["SecurityGroupIds"] if id_ not in endpoint.security_group_ids),
        ]
        if endpoint.is_interface and not groups:
            raise invalid_parameter("An interface endpoint must have at least one security group.")

        if change.get("PrivateDnsEnabled") is False:
            endpoint.private_dns_enabled = False
        elif change.get("PrivateDnsEnabled") and not endpoint.private_dns_enabled:
            self._enable_private_dns(endpoint, self.get_vpc(endpoint.vpc_id))
        if change.get("ResetPolicy"):
            endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
        elif change.get("PolicyDocument"):
            endpoint.policy_document = change["PolicyDocument"]
        for id_ in removed["SubnetIds"]:
            self._leave_subnet(endpoint, id_)
        for id_ in new_subnets:
            self._join_subnet(endpoint, id_)
        for id_ in removed["RouteTableIds"]:
            self._leave_route_table(endpoint, id_)
        for id_ in new_tables:
            self._join_route_table(endpoint, id_)
        if groups != endpoint.security_group_ids:
            endpoint.security_group_ids = groups
            for interface in endpoint.network_interfaces:
                interface._group_set = [self.get_security_group_from_id(id_) for id_ in groups]

    def delete_vpc_endpoints(self, vpce_ids: list[str] | None = None) -> list[str]:
        """Delete what exists; the ids that do not exist are returned."""
        unknown = []
        for id_ in vpce_ids or []:
            endpoint = self.vpc_end_points.pop(id_, None)
            if endpoint is None:
                unknown.append(id_)
                continue
            for interface in endpoint.network_interfaces:
                self.drop_network_interface(interface)
            for table_id in list(endpoint.route_table_ids):
                self.drop_endpoint_route(table_id, endpoint)
        return unknown

    def _prefix_list_of(self, service_name: str) -> str:
        return next(item.id for item in self.managed_prefix_lists.values() if item.prefix_list_name == service_name)

    def _enable_private_dns(self, endpoint: VPCEndPoint, vpc: Any) -> None:
        if not endpoint.private_names:
            raise invalid_parameter(f"Private DNS cannot be set because the service {endpoint.service_name} has none.")
        if not (vpc.enable_dns_support and vpc.enable_dns_hostnames):
            raise invalid_parameter(
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true "
                f"for {vpc.id}"
            )
        for other in self.vpc_end_points.values():
            if other is endpoint or other.vpc_id != vpc.id or not other.private_dns_enabled:
                continue
            for name in endpoint.private_names:
                if name in other.private_names:
                    raise invalid_parameter(
                        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
                        f"{name} in the VPC {vpc.id}"
                    )
        endpoint.private_dns_enabled = True

    def _check_groups(self, endpoint: VPCEndPoint, group_ids: list[str]) -> None:
        if foreign := self.foreign_group(group_ids, endpoint.vpc_id):
            raise invalid_parameter(f"Security group {foreign} does not belong to VPC {endpoint.vpc_id}.")

    def _check_subnets(self, endpoint: VPCEndPoint, subnet_ids: list[str], leaving: list[str] | None = None) -> None:
        staying = [id_ for id_ in endpoint.subnet_ids or [] if id_ not in (leaving or [])]
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

    def _join_subnet(self, endpoint: VPCEndPoint, subnet_id: str) -> None:
        interface = self.create_service_interface(
            self.get_subnet(subnet_id),
            endpoint.security_group_ids,
            "vpc_endpoint",
            f"VPC Endpoint Interface {endpoint.id}",
        )
        endpoint.network_interface_ids.append(interface.id)
        endpoint.subnet_ids = [*(endpoint.subnet_ids or []), subnet_id]

    def _leave_subnet(self, endpoint: VPCEndPoint, subnet_id: str) -> None:
        for interface in [i for i in endpoint.network_interfaces if i.subnet.id == subnet_id]:
            self.drop_network_interface(interface)
            endpoint.network_interface_ids.remove(interface.id)
        endpoint.subnet_ids = [id_ for id_ in endpoint.subnet_ids or [] if id_ != subnet_id]

    def _check_free_of_route(self, route_table_id: str, endpoint: VPCEndPoint) -> None:
        table = self.get_route_table(route_table_id)
        if table.vpc_id != endpoint.vpc_id:
            raise invalid_parameter(f"Route table {route_table_id} does not belong to VPC {endpoint.vpc_id}.")
        list_id = endpoint.destination_prefix_list_id
        if any(route.destination_prefix_list_id == list_id for route in table.routes):
            raise EC2ClientError(
                "RouteAlreadyExists",
                f"route table {route_table_id} already has a route with destination-prefix-list-id {list_id}",
            )

    def _join_route_table(self, endpoint: VPCEndPoint, route_table_id: str) -> None:
        self.add_endpoint_route(route_table_id, endpoint)
        endpoint.route_table_ids = [*endpoint.route_table_ids, route_table_id]

    def _leave_route_table(self, endpoint: VPCEndPoint, route_table_id: str) -> None:
        self.drop_endpoint_route(route_table_id, endpoint)
        endpoint.route_table_ids = [id_ for id_ in endpoint.route_table_ids if id_ != route_table_id]


def _check_settings(is_interface: bool, route_tables: list[str], subnets: list[str], groups: list[str]) -> None:
    """Route tables are for gateway endpoints, subnets and groups for interface endpoints."""
    if is_interface and route_tables:
        raise invalid_parameter("Route table IDs are only supported for Gateway type VPC Endpoint.")
    if not is_interface and subnets:
        raise invalid_parameter("Subnet IDs are only supported for Interface type VPC Endpoint.")
    if not is_interface and groups:
        raise invalid_parameter("Security group IDs are only supported for Interface type VPC Endpoint.")


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
        return ActionResult({"Unsuccessful": [{"ResourceId": id_, "Error": errors[id_]} for id_ in unknown]})
