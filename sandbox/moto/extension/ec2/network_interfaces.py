"""Network interfaces: addresses from their subnet, interfaces that AWS manages, and when one can be deleted.

moto gives interfaces random addresses, creates a security group that does not exist, and deletes interfaces in use.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import elastic_network_interfaces
from moto.ec2.models.elastic_network_interfaces import NetworkInterface as MotoNetworkInterface

from ..wiring import in_place_of
from .errors import invalid_value

# The first four addresses of a subnet and its last one are AWS's
# (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
_RESERVED_AT_START = 4
# The default quota (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
_MOST_GROUPS = 5


@in_place_of(elastic_network_interfaces)
class NetworkInterface(MotoNetworkInterface):
    """A network interface that can also belong to an AWS service (NAT gateway, interface endpoint)."""

    def __init__(self, ec2_backend: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(ec2_backend, *args, **kwargs)
        region = ec2_backend.region_name
        domain = "ec2.internal" if region == "us-east-1" else f"{region}.compute.internal"
        if hasattr(self, "private_dns_name"):
            self.private_dns_name = f"ip-{str(self.private_ip_address).replace('.', '-')}.{domain}"
            self.private_ip_addresses[0]["PrivateDnsName"] = self.private_dns_name

    def hand_to_service(self, interface_type: str, description: str, requester_id: str = "amazon-aws") -> None:
        """Make this an interface of an AWS service: in use, attached by AWS, not for users to delete."""
        self.interface_type = interface_type
        self.description = description
        self.requester_managed = True
        self.requester_id = requester_id
        self.status = "in-use"
        self.attachment_id = self.id.replace("eni-", "ela-attach-")
        self.device_index = 1

    @property
    def group_set(self) -> Any:
        # Its own; moto adds those that its instance was launched with.
        return self._group_set

    @property
    def attachment(self) -> Any:
        if self.attachment_id and self.instance is None:
            return {
                "AttachmentId": self.attachment_id,
                "DeleteOnTermination": False,
                "DeviceIndex": self.device_index,
                "InstanceOwnerId": "amazon-aws",
                "Status": "attached",
            }
        return super().attachment

    @property
    def association(self) -> dict[str, Any]:
        association = super().association
        if association:
            region = self.ec2_backend.region_name
            domain = "compute-1" if region == "us-east-1" else f"{region}.compute"
            association["publicDnsName"] = f"ec2-{str(self.public_ip).replace('.', '-')}.{domain}.amazonaws.com"
            association.pop("natEnabled", None)
        return association

    def delete(self) -> None:
        """Called by moto when the interface's instance ends."""
        self.ec2_backend.drop_network_interface(self)


class Backend:
    def create_network_interface(
        self,
        subnet: Any,
        private_ip_address: Any,
        private_ip_addresses: list[Any] | None = None,
        group_ids: list[str] | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> NetworkInterface:
        subnet = self.get_subnet(subnet) if isinstance(subnet, str) else subnet
        if foreign := self.foreign_group(group_ids, subnet.vpc_id):
            raise EC2ClientError(
                "InvalidGroup.NotFound",
                f"You have specified two resources that belong to different networks: {foreign}, {subnet.id}",
            )
        self._check_number_of_groups(group_ids)
        address = private_ip_address[0] if isinstance(private_ip_address, list) else private_ip_address
        for item in [*([address] if address else []), *(private_ip_addresses or [])]:
            self._check_private_address(subnet, item["PrivateIpAddress"] if isinstance(item, dict) else item)
        if not address and not private_ip_addresses:
            address = self._next_private_address(subnet)
        # Only instances pass this. Their primary interface goes with them, unless the launch says otherwise.
        if "public_ip_auto_assign" in kwargs:
            kwargs["delete_on_termination"] = True
        interface = super().create_network_interface(subnet, address, private_ip_addresses, group_ids, *args, **kwargs)
        for item in interface.private_ip_addresses:
            subnet._unused_ips.discard(item["PrivateIpAddress"])
            subnet._subnet_ips.setdefault(item["PrivateIpAddress"], interface)
        return interface

    def create_service_interface(
        self, subnet: Any, group_ids: list[str], interface_type: str, description: str, **kwargs: Any
    ) -> NetworkInterface:
        """An interface that an AWS service makes for itself in a subnet of the user."""
        interface = self.create_network_interface(subnet, None, group_ids=list(group_ids))
        interface.hand_to_service(interface_type, description, **kwargs)
        return interface

    def foreign_group(self, group_ids: list[str] | None, vpc_id: str) -> str | None:
        """The first of the security groups that is not one of the VPC; None if all are."""
        return next((id_ for id_ in group_ids or [] if id_ not in self.groups[vpc_id]), None)

    def _check_number_of_groups(self, group_ids: list[str] | None) -> None:
        if len(set(group_ids or [])) > _MOST_GROUPS:
            raise EC2ClientError(
                "SecurityGroupsPerInterfaceLimitExceeded",
                f"The maximum number of security groups per interface has been reached: {_MOST_GROUPS}",
            )

    def _next_private_address(self, subnet: Any) -> str:
        first = int(subnet.cidr.network_address) + _RESERVED_AT_START
        for number in range(first, int(subnet.cidr.broadcast_address)):
            address = str(type(subnet.cidr.network_address)(number))
            if address not in subnet._subnet_ips:
                return address
        raise EC2ClientError(
            "InsufficientFreeAddressesInSubnet",
            "The specified subnet does not have enough free addresses to satisfy the request.",
        )

    def _check_private_address(self, subnet: Any, address: str) -> None:
        if type(subnet.cidr.network_address)(address) not in subnet.cidr:
            raise invalid_value("Address does not fall within the subnet's address range")
        if any(
            eni.subnet.id == subnet.id and item["PrivateIpAddress"] == address
            for eni in self.enis.values()
            for item in eni.private_ip_addresses
        ):
            raise EC2ClientError("InvalidIPAddress.InUse", f"Address {address} is in use.")

    def delete_network_interface(self, eni_id: str) -> None:
        interface = self.get_network_interface(eni_id)
        if interface.status == "in-use":
            raise invalid_value(f"Network interface '{eni_id}' is currently in use.")
        self.drop_network_interface(interface)

    def drop_network_interface(self, interface: NetworkInterface) -> None:
        """Remove an interface, its address and its Elastic IP association, without asking who uses it."""
        self.enis.pop(interface.id, None)
        for address in self.addresses:
            if address.eni is interface:
                address.forget_association()
        for item in interface.private_ip_addresses:
            interface.subnet.del_subnet_ip(item["PrivateIpAddress"])

    def modify_network_interface_attribute(
        self, eni_id: str, group_ids: list[str], source_dest_check: bool | None = None, description: str | None = None
    ) -> None:
        self._check_number_of_groups(group_ids)
        super().modify_network_interface_attribute(eni_id, group_ids, source_dest_check, description)
        if description == "":
            self.get_network_interface(eni_id).description = ""

    def attach_network_interface(self, eni_id: str, instance_id: str, device_index: int) -> Any:
        self.check_interface_free(eni_id)
        return super().attach_network_interface(eni_id, instance_id, device_index)
