"""More Elastic IP addresses of a public NAT gateway: one change at a time, and drained before they go.

moto has no such calls. AWS:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateNatGatewayAddress.html and
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateNatGatewayAddress.html
"""

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.utils import random_eip_association_id

from .errors import invalid_parameter


class Backend:
    """A change is done when the gateway is next described."""

    def associate_nat_gateway_address(
        self, nat_gateway_id: str, allocation_ids: list[str], private_ip_addresses: list[str]
    ) -> list[dict[str, Any]]:
        gateway = self._changeable_nat_gateway(nat_gateway_id)
        addresses = [self.address_by_allocation([allocation_id])[0] for allocation_id in allocation_ids]
        for address in addresses:
            if address.association_id:
                raise EC2ClientError(
                    "Resource.AlreadyAssociated",
                    f"resource {address.allocation_id} is already associated with associate-id {address.association_id}",
                )
        interface = gateway._eni
        for private_ip in private_ip_addresses:
            self._check_private_address(interface.subnet, private_ip)
        added = []
        for index, address in enumerate(addresses):
            private_ip = (
                private_ip_addresses[index]
                if index < len(private_ip_addresses)
                else self._next_private_address(interface.subnet)
            )
            interface.private_ip_addresses.append({"Primary": False, "PrivateIpAddress": private_ip})
            interface.subnet._unused_ips.discard(private_ip)
            interface.subnet._subnet_ips[private_ip] = interface
            address.eni = interface
            address.secondary_private_ip = private_ip
            address.association_id = random_eip_association_id()
            added.append(
                {
                    "AllocationId": address.allocation_id,
                    "AssociationId": address.association_id,
                    "IsPrimary": False,
                    "NetworkInterfaceId": interface.id,
                    "PrivateIp": private_ip,
                    "PublicIp": address.public_ip,
                    "Status": "associating",
                }
            )
        gateway.address_set.extend(added)
        return [dict(item) for item in added]

    def disassociate_nat_gateway_address(self, nat_gateway_id: str, association_ids: list[str]) -> list[dict[str, Any]]:
        gateway = self._changeable_nat_gateway(nat_gateway_id)
        by_association = {item.get("AssociationId"): item for item in gateway.address_set}
        for association_id in association_ids:
            item = by_association.get(association_id)
            if item is None:
                raise invalid_parameter(f"{association_id} is not an association of {nat_gateway_id}")
            if item["IsPrimary"]:
                raise invalid_parameter(f"{association_id} is of the primary address, which cannot be disassociated")
        for association_id in association_ids:
            by_association[association_id]["Status"] = "disassociating"
        return [dict(by_association[association_id]) for association_id in association_ids]

    def settle_nat_gateway_addresses(self, gateway: Any) -> None:
        """End the change that is under way. Nothing flows here, so there is nothing to drain."""
        for item in list(gateway.address_set):
            if item["IsPrimary"]:
                continue
            if item["Status"] == "associating":
                item["Status"] = "succeeded"
            elif item["Status"] == "disassociating":
                gateway.address_set.remove(item)
                self._give_back(gateway._eni, item)

    def _give_back(self, interface: Any, item: dict[str, Any]) -> None:
        for address in self.addresses:
            if address.allocation_id == item["AllocationId"]:
                address.forget_association()
        interface.private_ip_addresses = [
            one for one in interface.private_ip_addresses if one["PrivateIpAddress"] != item["PrivateIp"]
        ]
        interface.subnet.del_subnet_ip(item["PrivateIp"])

    def _changeable_nat_gateway(self, nat_gateway_id: str) -> Any:
        gateway = self._nat_gateway(nat_gateway_id)
        if gateway.state == "deleted":
            raise EC2ClientError("NatGatewayNotFound", f"NatGateway {nat_gateway_id} was not found")
        if gateway.connectivity_type != "public" or gateway.state != "available":
            raise invalid_parameter(f"{nat_gateway_id} is no public NAT gateway that is available")
        # While one change is under way AWS takes no other, also not from another client.
        for status in ("associating", "disassociating"):
            busy = [item["AllocationId"] for item in gateway.address_set if item["Status"] == status]
            if busy:
                raise EC2ClientError(
                    "OperationInProgress",
                    f"Service is currently {status.upper()} the following EIPs: [{', '.join(busy)}].",
                )
        return gateway


class Responses:
    def associate_nat_gateway_address(self) -> ActionResult:
        id_ = self._get_param("NatGatewayId")
        addresses = self.ec2_backend.associate_nat_gateway_address(
            id_, self._get_param("AllocationIds", []), self._get_param("PrivateIpAddresses", [])
        )
        return ActionResult({"NatGatewayId": id_, "NatGatewayAddresses": addresses})

    def disassociate_nat_gateway_address(self) -> ActionResult:
        id_ = self._get_param("NatGatewayId")
        addresses = self.ec2_backend.disassociate_nat_gateway_address(id_, self._get_param("AssociationIds", []))
        return ActionResult({"NatGatewayId": id_, "NatGatewayAddresses": addresses})
