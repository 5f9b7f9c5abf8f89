"""Elastic IP addresses: public addresses, and who may take them away.

moto hands out loopback addresses (127.x), associates them in a VPC without an internet gateway, and releases addresses
in use. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReleaseAddress.html
"""

import ipaddress
import itertools
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_ip_addresses
from moto.ec2.models.elastic_ip_addresses import ElasticAddress as MotoElasticAddress

from .errors import not_found

# Addresses of the ranges for benchmarks (RFC 2544): they look public to a program and lead nowhere.
_POOL: Iterator[ipaddress.IPv4Address] = itertools.cycle(ipaddress.ip_network("198.18.0.0/15").hosts())


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
        return str(self.ec2_backend.region_name)

    @property
    def instance_id(self) -> str | None:  # type: ignore[override]
        return self.instance.id if self.instance else None

    @property
    def network_interface_id(self) -> str | None:  # type: ignore[override]
        return self.eni.id if self.eni else None


class ElasticAddresses:
    """Part of the EC2 backend."""

    def allocate_address(
        self: Any, domain: str, address: str | None = None, tags: dict[str, str] | None = None
    ) -> ElasticAddress:
        return super().allocate_address("vpc", address or str(next(_POOL)), tags)  # type: ignore[misc]

    def address_by_allocation(self: Any, allocation_ids: list[str]) -> list[ElasticAddress]:
        self._check_allocations(allocation_ids)
        return super().address_by_allocation(allocation_ids)  # type: ignore[misc]

    def describe_addresses(
        self: Any, allocation_ids: list[str] | None = None, public_ips: list[str] | None = None, filters: Any = None
    ) -> list[ElasticAddress]:
        self.settle_nat_gateways()
        self._check_allocations(allocation_ids or [])
        return super().describe_addresses(allocation_ids, public_ips, filters)  # type: ignore[misc]

    def _check_allocations(self: Any, allocation_ids: list[str]) -> None:
        known = {address.allocation_id for address in self.addresses}
        for allocation_id in allocation_ids:
            if allocation_id not in known:
                raise not_found("InvalidAllocationID.NotFound", "allocation", allocation_id)

    def associate_address(
        self: Any,
        instance: Any = None,
        eni: Any = None,
        address: str | None = None,
        allocation_id: str | None = None,
        reassociate: bool = False,
    ) -> ElasticAddress:
        target = eni or next(iter(instance.nics.values()))
        if self.internet_gateway_of(target.vpc_id) is None:
            raise EC2ClientError(
                "Gateway.NotAttached", f"Network {target.vpc_id} is not attached to any internet gateway"
            )
        return super().associate_address(instance, eni, address, allocation_id, reassociate)  # type: ignore[misc]

    def disassociate_address(self: Any, address: str | None = None, association_id: str | None = None) -> None:
        found = self.address_by_ip([address]) if address else self.address_by_association([association_id])
        _check_not_managed(found[0])
        super().disassociate_address(address, association_id)  # type: ignore[misc]

    def release_address(self: Any, address: str | None = None, allocation_id: str | None = None) -> None:
        self.settle_nat_gateways()
        found = (self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id]))[0]
        _check_not_managed(found)
        if found.association_id:
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {found.public_ip} is in use.")
        self.addresses.remove(found)

    def forget_association(self: Any, address: ElasticAddress) -> None:
        """Undo an association from AWS's own side, as when the NAT gateway that had it is deleted."""
        if address.eni is not None and address.secondary_private_ip is None:
            address.eni.public_ip = None
        address.eni = address.instance = address.association_id = address.secondary_private_ip = None


def _check_not_managed(address: ElasticAddress) -> None:
    """An address that a NAT gateway holds belongs to AWS until the gateway is gone."""
    if address.eni is not None and address.eni.requester_managed:
        raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")


class ElasticAddressResponses:
    """Part of the EC2 responses."""

    def allocate_address(self: Any) -> ActionResult:
        result: dict[str, Any] = super().allocate_address().result  # type: ignore[misc]
        return ActionResult({**result, "NetworkBorderGroup": self.region, "PublicIpv4Pool": "amazon"})


def install() -> None:
    # moto's own code builds addresses by this name.
    elastic_ip_addresses.ElasticAddress = ElasticAddress  # type: ignore[misc]
