"""NAT gateways: their interface and address, how they fail, and what their deletion gives back.

moto gives a NAT gateway an address outside its subnet, never lets it fail, and keeps interface and Elastic IP after its
deletion. AWS: https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html
"""

import time
from typing import Any

from moto.core.utils import utcnow
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.nat_gateways import NatGateway as MotoNatGateway
from moto.ec2.utils import random_nat_gateway_id

# AWS looks for the internet gateway while the NAT gateway is pending, which takes it some time: an internet gateway
# that is attached meanwhile is in time. Seconds.
_WAIT_FOR_INTERNET_GATEWAY = 2.0


class NatGateway(MotoNatGateway):
    """A NAT gateway that is pending until the next request."""

    availability_mode = "zonal"
    state = "pending"
    failure_code: str | None = None
    failure_message: str | None = None
    delete_time: Any = None

    # The base class creates its interface and association in its constructor, with addresses outside the subnet.
    def __init__(self, backend: Any, subnet: Any, interface: Any, allocation_id: str | None, connectivity: str) -> None:
        self.id = random_nat_gateway_id()
        self.ec2_backend = backend
        self.subnet_id = subnet.id
        self.vpc_id = subnet.vpc_id
        self.connectivity_type = connectivity
        self.allocation_id = allocation_id
        self.private_ip = interface.private_ip_address
        self._created_at = utcnow()
        self._pending_until = time.monotonic() + _WAIT_FOR_INTERNET_GATEWAY
        self._eni = interface
        self.address_set = [
            {
                "AllocationId": allocation_id,
                "IsPrimary": True,
                "NetworkInterfaceId": interface.id,
                "PrivateIp": interface.private_ip_address,
                "Status": "associating" if allocation_id else "succeeded",
            }
        ]

    def settle(self) -> None:
        """Leave ``pending``: available, or failed for the reason that AWS gives."""
        if self.state == "pending" and (self.connectivity_type == "private" or self._associate()):
            self.state = "available"

    def _associate(self) -> bool:
        """Associate the Elastic IP address; whether that is done."""
        address = next((a for a in self.ec2_backend.addresses if a.allocation_id == self.allocation_id), None)
        if address is None:
            message = f"Elastic IP address [{self.allocation_id}] could not be associated with this NAT gateway"
            self._fail("InvalidAllocationID.NotFound", message)
        elif address.association_id:
            self._fail("Resource.AlreadyAssociated", f"Elastic IP address [{self.allocation_id}] is already associated")
        elif self.ec2_backend.internet_gateway_of(self.vpc_id) is None:
            if time.monotonic() >= self._pending_until:
                self._fail("Gateway.NotAttached", f"Network {self.vpc_id} has no Internet gateway attached")
        else:
            self.ec2_backend.associate_address(eni=self._eni, allocation_id=self.allocation_id)
            self.address_set[0].update(
                AssociationId=address.association_id, PublicIp=address.public_ip, Status="succeeded"
            )
            return True
        return False

    def _fail(self, code: str, message: str) -> None:
        self.state, self.failure_code, self.failure_message = "failed", code, message
        self.address_set[0].update(Status="failed", FailureMessage=message)
        self.ec2_backend.drop_network_interface(self._eni)

    def end(self) -> None:
        """Deletion: the Elastic IP is free again, the interface is gone, the record stays visible."""
        self.ec2_backend.drop_network_interface(self._eni)
        self.state, self.delete_time = "deleted", utcnow()


class Backend:
    def create_nat_gateway(
        self,
        subnet_id: str,
        allocation_id: str | None,
        tags: dict[str, str] | None = None,
        connectivity_type: str | None = "public",
    ) -> NatGateway:
        connectivity = connectivity_type or "public"
        if connectivity == "public" and not allocation_id:
            raise EC2ClientError(
                "MissingParameter",
                "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
            )
        if connectivity == "private" and allocation_id:
            raise EC2ClientError(
                "InvalidParameterCombination", "An AllocationId cannot be specified for a private NAT gateway."
            )
        subnet = self.get_subnet(subnet_id)
        interface = self.create_network_interface(subnet, None)
        # Security groups do not apply to NAT gateways.
        interface._group_set = []
        gateway = NatGateway(self, subnet, interface, allocation_id, connectivity)
        interface.hand_to_service("nat_gateway", f"Interface for NAT Gateway {gateway.id}")
        gateway.add_tags(tags or {})
        self.nat_gateways[gateway.id] = gateway
        return gateway

    def describe_nat_gateways(self, filters: Any, nat_gateway_ids: list[str] | None) -> list[NatGateway]:
        for id_ in nat_gateway_ids or []:
            self._nat_gateway(id_)
        for gateway in self.nat_gateways.values():
            self.settle_nat_gateway_addresses(gateway)
        tagged = {name: values for name, values in (filters or {}).items() if name.startswith("tag")}
        # moto knows no tag filters here.
        found = super().describe_nat_gateways(filters, nat_gateway_ids)
        return [g for g in found if all(_has_tag(g, name, values) for name, values in tagged.items())]

    def settle_nat_gateways(self) -> None:
        for gateway in list(self.nat_gateways.values()):
            gateway.settle()

    def delete_nat_gateway(self, nat_gateway_id: str) -> NatGateway:
        gateway = self._nat_gateway(nat_gateway_id)
        if gateway.state != "deleted":
            gateway.end()
        return gateway

    def _nat_gateway(self, id_: str) -> NatGateway:
        if id_ not in self.nat_gateways:
            raise EC2ClientError("NatGatewayNotFound", f"NatGateway {id_} was not found")
        return self.nat_gateways[id_]


def _has_tag(gateway: NatGateway, filter_name: str, values: list[str]) -> bool:
    value = gateway.get_filter_value(filter_name)
    return any(v in values for v in (value if isinstance(value, list) else [value]))
