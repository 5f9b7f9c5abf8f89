"""Subnets: their size and zone, and what keeps one from being deleted.

moto accepts any size and the zones of every region, and deletes a subnet with interfaces in it.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html and API_DeleteSubnet.
"""

import ipaddress
from typing import Any

from moto.core.responses import EmptyResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.subnets import Subnet

from .errors import dependency_violation, invalid_value

_LARGEST, _SMALLEST = 16, 28

# Request parameter -> key of the subnet's DNS options.
_DNS_OPTIONS = {
    "EnableResourceNameDnsARecordOnLaunch": "EnableResourceNameDnsARecord",
    "EnableResourceNameDnsAAAARecordOnLaunch": "EnableResourceNameDnsAAAARecord",
    "PrivateDnsHostnameTypeOnLaunch": "HostnameType",
}
_ATTRIBUTES = {
    "MapPublicIpOnLaunch": "map_public_ip_on_launch",
    "AssignIpv6AddressOnCreation": "assign_ipv6_address_on_creation",
    "EnableDns64": "enable_dns64",
}


class Backend:
    def create_subnet(
        self,
        vpc_id: str,
        cidr_block: str,
        ipv6_cidr_block: str | None = None,
        availability_zone: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> Subnet:
        if cidr_block:
            try:
                network = ipaddress.IPv4Network(cidr_block, strict=False)
            except ValueError:
                raise invalid_value(
                    f"Value ({cidr_block}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
                ) from None
            if not _LARGEST <= network.prefixlen <= _SMALLEST:
                raise EC2ClientError("InvalidSubnet.Range", f"The CIDR '{cidr_block}' is invalid.")
            cidr_block = str(network)
        zones = [zone.name for zone in self.describe_availability_zones()]
        if availability_zone and availability_zone not in zones:
            raise invalid_value(
                f"Value ({availability_zone}) for parameter availabilityZone is invalid. Subnets can currently only be "
                f"created in the following availability zones: {', '.join(zones)}."
            )
        subnet = super().create_subnet(vpc_id, cidr_block, ipv6_cidr_block, availability_zone, *args, **kwargs)
        subnet.enable_dns64 = False
        if not self.get_vpc(vpc_id).is_default:
            # moto takes the first subnet of any VPC in a zone for the zone's default one.
            subnet.default_for_az = subnet.map_public_ip_on_launch = False
        return subnet

    def delete_subnet(self, subnet_id: str) -> Subnet:
        if any(eni.subnet.id == subnet_id for eni in self.enis.values()):
            raise dependency_violation("subnet", subnet_id)
        deleted = super().delete_subnet(subnet_id)
        # Its associations go with it.
        for table in self.route_tables.values():
            table._associations = {id_: target for id_, target in table._associations.items() if target != subnet_id}
        for acl in self.network_acls.values():
            acl._associations = {id_: a for id_, a in acl._associations.items() if a.subnet_id != subnet_id}
        return deleted


class Responses:
    def modify_subnet_attribute(self) -> EmptyResult:
        subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
        given = [name for name in self._get_params() if name != "SubnetId"]
        if len(given) != 1:
            raise EC2ClientError(
                "InvalidParameterCombination", f"Fields for multiple attribute types specified: {', '.join(given)}"
            )
        [name] = given
        value = self._get_param(f"{name}.Value", self._get_param(name))
        if name in _ATTRIBUTES:
            setattr(subnet, _ATTRIBUTES[name], value)
        elif name in _DNS_OPTIONS:
            subnet.private_dns_name_options_on_launch[_DNS_OPTIONS[name]] = value
        else:
            raise NotImplementedError(f"ModifySubnetAttribute does not know {name}")
        return EmptyResult()
