"""Elastic IP addresses: public addresses, and who may take them away.

moto hands out loopback addresses (127.x), associates them in a VPC without an internet gateway, and releases addresses
in use. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
"""

import ipaddress
import itertools
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress as MotoElasticAddress

from ..wiring import in_place_of

# Addresses of the ranges for benchmarks (RFC 2544): they look public to a program and lead nowhere.
_POOL = itertools.cycle(ipaddress.ip_network("198.18.0.0/15").hosts())


@in_place_of(elastic_ip_addresses)
class ElasticAddress(MotoElasticAddress):
    """An address that shows where it is, and nothing about what it is not associated with."""

    public_ipv4_pool = "amazon"
    # What it is mapped to as a further address of a NAT gateway, whose interface keeps its primary one.
    secondary_private_ip: str | None = None

    @property
    def private_ip_address(self) -> str | None:
        return self.secondary_private_ip or super().private_ip_address

    @property
    def network_border_group(self) -> str:
        return self.ec2_backend.region_name

    @property
    def instance_id(self) -> str | None:
        return super().instance_id or None

    @property
    def network_interface_id(self) -> str | None:
        return super().network_interface_id or None

    def forget_association(self) -> None:
        """Undo an association from AWS's own side, as when the NAT gateway that had it is deleted."""
        if self.eni is not None and self.secondary_private_ip is None:
            self.eni.public_ip = None
        self.eni = self.instance = self.association_id = self.secondary_private_ip = None

    def check_not_managed(self) -> None:
        """An address that a NAT gateway holds belongs to AWS until the gateway is gone."""
        if self.eni is not None and self.eni.requester_managed:
            raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")


class Backend:
    def allocate_address(
        self, domain: str, address: str | None = None, tags: dict[str, str] | None = None
    ) -> ElasticAddress:
        return super().allocate_address("vpc", address or str(next(_POOL)), tags)

    def associate_address(self, instance: Any = None, eni: Any = None, *args: Any, **kwargs: Any) -> ElasticAddress:
        vpc_id = (eni or next(iter(instance.nics.values()))).vpc_id
        if self.internet_gateway_of(vpc_id) is None:
            raise EC2ClientError("Gateway.NotAttached", f"Network {vpc_id} is not attached to any internet gateway")
        return super().associate_address(instance, eni, *args, **kwargs)

    def disassociate_address(self, address: str | None = None, association_id: str | None = None) -> None:
        found = self.address_by_ip([address]) if address else self.address_by_association([association_id])
        found[0].check_not_managed()
        super().disassociate_address(address, association_id)

    def release_address(self, address: str | None = None, allocation_id: str | None = None) -> None:
        [found] = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id])
        found.check_not_managed()
        if found.association_id:
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found.public_ip} is in use.")
        self.addresses.remove(found)


class Responses:
    def allocate_address(self) -> ActionResult:
        result = super().allocate_address().result
        return ActionResult({**result, "NetworkBorderGroup": self.region, "PublicIpv4Pool": "amazon"})
