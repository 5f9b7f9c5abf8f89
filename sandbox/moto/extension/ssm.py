"""Systems Manager: which instances are managed.

moto has no DescribeInstanceInformation. An instance is managed when its role lets its agent register. Whether the agent
reaches Systems Manager is a question about the network, which this does not answer: a running instance counts as online.
AWS: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
"""

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from .policy import allows

_PING = {"running": "Online", "stopping": "ConnectionLost", "stopped": "ConnectionLost"}
_FILTERS = {"InstanceIds": "InstanceId", "PlatformTypes": "PlatformType"}


class Responses:
    def describe_instance_information(self) -> ActionResult:
        wanted = {
            **{item["key"]: item["valueSet"] for item in self._get_param("InstanceInformationFilterList") or []},
            **{item["Key"]: item["Values"] for item in self._get_param("Filters") or []},
        }
        listed = [
            item
            for item in self._managed_instances()
            if all(item.get(_FILTERS.get(key, key)) in values for key, values in wanted.items())
        ]
        first = int(self._get_param("NextToken") or 0)
        end = first + int(self._get_param("MaxResults") or 10)
        token = str(end) if end < len(listed) else None
        return ActionResult({"InstanceInformationList": listed[first:end], "NextToken": token})

    def _managed_instances(self) -> Iterator[dict[str, Any]]:
        for reservation in ec2_backends[self.current_account][self.region].all_reservations():
            for instance in reservation.instances:
                if instance.state in _PING and self._may_register(instance.iam_instance_profile):
                    yield {
                        "InstanceId": instance.id,
                        "PingStatus": _PING[instance.state],
                        "LastPingDateTime": utcnow(),
                        "AgentVersion": "3.3.1611.0",
                        "IsLatestVersion": True,
                        "PlatformType": "Linux",
                        "ResourceType": "EC2Instance",
                        "IPAddress": instance.private_ip,
                        "ComputerName": instance.private_dns_name,
                    }

    def _may_register(self, profile: dict[str, str] | None) -> bool:
        profiles = iam_backends[self.current_account][self.partition].instance_profiles.values()
        roles = [role for one in profiles if profile and one.arn == profile["Arn"] for role in one.roles]
        return any(allows(_documents(role), "ssm:UpdateInstanceInformation") for role in roles)


def _documents(role: Any) -> list[Any]:
    managed = (version for policy in role.managed_policies.values() for version in policy.versions)
    return [*role.policies.values(), *(version.document for version in managed if version.is_default)]
