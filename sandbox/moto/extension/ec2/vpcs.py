"""VPCs: DNS attributes, DHCP options, public access blocked by the account, and what keeps a VPC from being deleted.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html, API_DeleteVpc and
https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html
"""

import contextlib
import ipaddress
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import vpcs
from moto.ec2.models.vpcs import VPC as MotoVPC

from ..wiring import in_place_of
from .errors import dependency_violation, invalid_value

_ATTRIBUTES = ("EnableDnsHostnames", "EnableDnsSupport", "EnableNetworkAddressUsageMetrics")
_BLOCK_MODES = ("off", "block-bidirectional", "block-ingress")


@in_place_of(vpcs)
class VPC(MotoVPC):
    """A VPC that shows whether the account blocks public access."""

    @property
    def block_public_access_states(self) -> dict[str, str]:
        return {"InternetGatewayBlockMode": self.ec2_backend.internet_gateway_block_mode}


class Backend:
    # A setting of the account in this region.
    internet_gateway_block_mode = "off"

    def create_vpc(self, cidr_block: str, *args: Any, **kwargs: Any) -> VPC:
        # What is no range, moto refuses with AWS's error.
        with contextlib.suppress(ValueError):
            cidr_block = str(ipaddress.IPv4Network(cidr_block, strict=False))
        vpc = super().create_vpc(cidr_block, *args, **kwargs)
        # AWS: the default group of a VPC admits everything from itself.
        group = self.get_default_security_group(vpc.id)
        self.add_rules(group, False, [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group.id}]}])
        # AWS: a region has one default set of DHCP options, and every new VPC uses it.
        vpc.dhcp_options = self._default_dhcp_options()
        return vpc

    def _default_dhcp_options(self) -> Any:
        if not hasattr(self, "default_dhcp_options"):
            region = self.region_name
            domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
            self.default_dhcp_options = self.create_dhcp_options(["AmazonProvidedDNS"], [domain])
        return self.default_dhcp_options

    def delete_dhcp_options_set(self, options_id: str | None) -> None:
        if any(vpc.dhcp_options and vpc.dhcp_options.id == options_id for vpc in self.vpcs.values()):
            raise dependency_violation("dhcpOptions", str(options_id))
        super().delete_dhcp_options_set(options_id)

    def disassociate_vpc_cidr_block(self, association_id: str) -> dict[str, Any]:
        self.is_removing_cidr_block = True
        try:
            return super().disassociate_vpc_cidr_block(association_id)
        finally:
            self.is_removing_cidr_block = False

    def modify_vpc_attribute(self, vpc_id: str, attr_name: str, attr_value: Any) -> None:
        vpc = self.get_vpc(vpc_id)
        if attr_name == "enable_dns_hostnames" and attr_value and not vpc.enable_dns_support:
            raise invalid_value(
                f"DNS hostnames cannot be enabled for {vpc_id}: DNS support (enableDnsSupport) must be enabled first."
            )
        super().modify_vpc_attribute(vpc_id, attr_name, attr_value)

    def delete_vpc(self, vpc_id: str) -> VPC:
        held = [
            *self.describe_subnets(filters={"vpc-id": [vpc_id]}),
            *(eni for eni in self.enis.values() if eni.vpc_id == vpc_id),
            *(e for e in self.vpc_end_points.values() if e.vpc_id == vpc_id),
            *(g for g in self.groups[vpc_id].values() if not g.is_default),
            *(t for t in self.route_tables.values() if t.vpc_id == vpc_id and not t.main_association_id),
            *(a for a in self.network_acls.values() if a.vpc_id == vpc_id and not a.default),
            *(g for g in self.egress_only_internet_gateways.values() if g.vpc_id == vpc_id),
            *(a for g in self.vpn_gateways.values() if (a := g.attachments.get(vpc_id)) and a.state == "attached"),
        ]
        if held or self.internet_gateway_of(vpc_id):
            raise dependency_violation("vpc", vpc_id)
        # moto's own way also deletes the VPC's DHCP options, which in AWS are a thing of their own.
        for table in [t for t in self.route_tables.values() if t.vpc_id == vpc_id]:
            self.route_tables.pop(table.id)
        for acl in [a for a in self.network_acls.values() if a.vpc_id == vpc_id]:
            self.network_acls.pop(acl.id)
        self.groups.pop(vpc_id, None)
        return self.vpcs.pop(vpc_id)


class Responses:
    def modify_vpc_attribute(self) -> ActionResult:
        given = [name for name in _ATTRIBUTES if self._get_param(name) is not None]
        if len(given) != 1:
            fields = ", ".join(name[0].lower() + name[1:] for name in given)
            raise EC2ClientError(
                "InvalidParameterCombination" if given else "MissingParameter",
                f"Fields for multiple attribute types specified: {fields}" if given else "No attributes specified.",
            )
        value = self._get_param(f"{given[0]}.Value")
        self.ec2_backend.modify_vpc_attribute(self._get_param("VpcId"), camelcase_to_underscores(given[0]), value)
        return EmptyResult()

    def associate_dhcp_options(self) -> ActionResult:
        options_id = self._get_param("DhcpOptionsId")
        # AWS: "default" means a VPC without any options, hence without DNS servers.
        options = None if options_id == "default" else self.ec2_backend.describe_dhcp_options([options_id])[0]
        self.ec2_backend.get_vpc(self._get_param("VpcId")).dhcp_options = options
        return EmptyResult()

    def describe_vpc_block_public_access_options(self) -> ActionResult:
        return ActionResult({"VpcBlockPublicAccessOptions": self._block_public_access_options()})

    def modify_vpc_block_public_access_options(self) -> ActionResult:
        mode = self._get_param("InternetGatewayBlockMode")
        if mode not in _BLOCK_MODES:
            raise invalid_value(
                f"Invalid value '{mode}' for InternetGatewayBlockMode. Valid: {', '.join(_BLOCK_MODES)}"
            )
        self.ec2_backend.internet_gateway_block_mode = mode
        return ActionResult({"VpcBlockPublicAccessOptions": self._block_public_access_options()})

    def _block_public_access_options(self) -> dict[str, str]:
        return {
            "AwsAccountId": self.current_account,
            "AwsRegion": self.region,
            "InternetGatewayBlockMode": self.ec2_backend.internet_gateway_block_mode,
            "State": "default-state" if self.ec2_backend.internet_gateway_block_mode == "off" else "update-complete",
        }
