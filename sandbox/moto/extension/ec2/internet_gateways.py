"""Internet gateways: one for each VPC, and none is detached under public addresses.

AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DetachInternetGateway.html
"""

from typing import Any

from moto.ec2.exceptions import EC2ClientError, GatewayNotAttachedError

from .errors import dependency_violation, invalid_value


class Backend:
    def internet_gateway_of(self, vpc_id: str) -> Any:
        """The internet gateway that is attached to a VPC, or None."""
        return next((g for g in self.internet_gateways.values() if g.vpc and g.vpc.id == vpc_id), None)

    def attach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> Any:
        gateway = self.get_internet_gateway(internet_gateway_id)
        if gateway.vpc:
            message = f"resource {internet_gateway_id} is already attached to network {gateway.vpc.id}"
            raise EC2ClientError("Resource.AlreadyAssociated", message)
        if self.internet_gateway_of(vpc_id):
            raise invalid_value(f"Network {vpc_id} already has an internet gateway attached")
        return super().attach_internet_gateway(internet_gateway_id, vpc_id)

    def detach_internet_gateway(self, internet_gateway_id: str, vpc_id: str) -> None:
        gateway = self.get_internet_gateway(internet_gateway_id)
        if not gateway.vpc or gateway.vpc.id != vpc_id:
            raise GatewayNotAttachedError(internet_gateway_id, vpc_id)
        if any(eni.public_ip for eni in self.enis.values() if eni.vpc_id == vpc_id):
            raise EC2ClientError(
                "DependencyViolation",
                f"Network {vpc_id} has some mapped public address(es). "
                "Please unmap those public address(es) before detaching the gateway.",
            )
        super().detach_internet_gateway(internet_gateway_id, vpc_id)

    def delete_internet_gateway(self, internet_gateway_id: str) -> None:
        if self.get_internet_gateway(internet_gateway_id).vpc:
            raise dependency_violation("internetGateway", internet_gateway_id)
        super().delete_internet_gateway(internet_gateway_id)
