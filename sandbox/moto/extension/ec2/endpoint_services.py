"""The services that VPC endpoints exist for, with their types, zones and private names.

moto builds the list from all of its backends and gives names that AWS does not have (``ecr.api.<region>``).
AWS: https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
"""

import hashlib
from typing import Any

from moto.ec2.models.vpcs import AWS_ENDPOINT_SERVICES

# Services with a gateway endpoint; their private name is for the interface one.
GATEWAY_SERVICES = ("s3", "dynamodb")

# Where the private name is not "<service>.<region>.amazonaws.com". {region} stands for the region.
_PRIVATE_NAMES = {
    "ecr.api": ["api.ecr.{region}.amazonaws.com"],
    "ecr.dkr": ["*.dkr.ecr.{region}.amazonaws.com", "dkr-ecr.{region}.on.aws"],
    "execute-api": ["*.execute-api.{region}.amazonaws.com"],
    "kinesis-firehose": ["firehose.{region}.amazonaws.com"],
    "kinesis-streams": ["kinesis.{region}.amazonaws.com"],
    "s3": ["s3.{region}.amazonaws.com", "*.s3.{region}.amazonaws.com"],
    "sagemaker.api": ["api.sagemaker.{region}.amazonaws.com"],
    "sagemaker.featurestore-runtime": ["featurestore-runtime.sagemaker.{region}.amazonaws.com"],
    "sagemaker.metrics": ["metrics.sagemaker.{region}.amazonaws.com"],
    "sagemaker.runtime": ["runtime.sagemaker.{region}.amazonaws.com"],
}
# Services whose names do not start with "com.amazonaws.": name -> private names.
_SAGEMAKER_SERVICES = {
    "aws.sagemaker.{region}.studio": ["*.studio.{region}.sagemaker.aws"],
    "aws.sagemaker.{region}.notebook": ["*.notebook.{region}.sagemaker.aws"],
}


def endpoint_services(region: str, zones: list[str]) -> list[dict[str, Any]]:
    """ServiceDetails of every service of a region, one entry a type as AWS has it."""
    private = {
        f"com.amazonaws.{region}.{name}": _PRIVATE_NAMES.get(name, [f"{name}.{{region}}.amazonaws.com"])
        for name in dict.fromkeys([*AWS_ENDPOINT_SERVICES, *GATEWAY_SERVICES])
    }
    private |= {name.format(region=region): names for name, names in _SAGEMAKER_SERVICES.items()}
    return [
        *(_service(f"com.amazonaws.{region}.{name}", "Gateway", region, zones, []) for name in GATEWAY_SERVICES),
        *(_service(name, "Interface", region, zones, names) for name, names in private.items()),
    ]


def _service(name: str, type_: str, region: str, zones: list[str], private_names: list[str]) -> dict[str, Any]:
    names = [private.format(region=region) for private in private_names]
    base = name.removeprefix(f"com.amazonaws.{region}.")
    domain = "vpce.amazonaws.com" if type_ == "Interface" else "amazonaws.com"
    # The same service has the same id in every run.
    id_ = hashlib.sha256(f"{name} {type_}".encode()).hexdigest()[:17]
    service = {
        "AcceptanceRequired": False,
        "AvailabilityZones": zones,
        "BaseEndpointDnsNames": [f"{base}.{region}.{domain}"],
        "ManagesVpcEndpoints": False,
        "Owner": "amazon",
        "ServiceId": f"vpce-svc-{id_}",
        "ServiceName": name,
        "ServiceRegion": region,
        "ServiceType": [{"ServiceType": type_}],
        "SupportedIpAddressTypes": ["ipv4"],
        "Tags": [],
        "VpcEndpointPolicySupported": True,
    }
    if names:
        service["PrivateDnsName"] = names[0]
        service["PrivateDnsNames"] = [{"PrivateDnsName": private} for private in names]
        service["PrivateDnsNameVerificationState"] = "verified"
    return service


class Backend:
    def _collect_default_endpoint_services(self, account_id: str, region: str) -> list[dict[str, Any]]:
        return endpoint_services(region, [zone.name for zone in self.describe_availability_zones()])

    def describe_vpc_endpoint_services(self, *, filters: Any, **arguments: Any) -> dict[str, Any]:
        # moto reads the filters' values under a name that is no longer given.
        renamed = [{**item, "Value": item.get("Values", [])} for item in filters]
        return super().describe_vpc_endpoint_services(filters=renamed, **arguments)

    def endpoint_service_types(self, service_name: str) -> dict[str, dict[str, Any]]:
        """Type -> details of a service, by its full name; empty if there is no such service."""
        every = [
            *self._collect_default_endpoint_services(self.account_id, self.region_name),
            *(configuration.to_dict() for configuration in self.configurations.values()),
        ]
        return {s["ServiceType"][0]["ServiceType"]: s for s in every if s["ServiceName"] == service_name}
