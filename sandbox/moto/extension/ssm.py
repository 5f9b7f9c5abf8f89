"""Systems Manager: which instances are managed.

moto has no DescribeInstanceInformation. An instance is managed when its role lets its agent say that it is there; whether the
agent reaches Systems Manager is a question about the network, which this does not answer: a running one counts as online.
AWS: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeInstanceInformation.html and
https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.ssm import urls
from moto.ssm.responses import SimpleSystemManagerResponse

_ACTION = "ssm:UpdateInstanceInformation"
_PING = {"running": "Online", "stopping": "ConnectionLost", "stopped": "ConnectionLost"}
_AGENT_VERSION = "3.3.1611.0"


class SSMResponse(SimpleSystemManagerResponse):
    """The Systems Manager API."""

    def describe_instance_information(self) -> ActionResult:
        wanted = {
            **{item["key"]: item["valueSet"] for item in self._get_param("InstanceInformationFilterList") or []},
            **{item["Key"]: item["Values"] for item in self._get_param("Filters") or []},
        }
        listed = [item for item in self._managed_instances() if all(_matches(item, *pair) for pair in wanted.items())]
        first = int(self._get_param("NextToken") or 0)
        end = first + int(self._get_param("MaxResults") or 10)
        token = str(end) if end < len(listed) else None
        return ActionResult({"InstanceInformationList": listed[first:end], "NextToken": token})

    def _managed_instances(self) -> Iterator[dict[str, Any]]:
        for reservation in ec2_backends[self.current_account][self.region].all_reservations():
            for instance in reservation.instances:
                ping = _PING.get(instance.state)
                if ping is None or not self._may_register(instance.iam_instance_profile):
                    continue
                yield {
                    "InstanceId": instance.id,
                    "PingStatus": ping,
                    "LastPingDateTime": utcnow(),
                    "AgentVersion": _AGENT_VERSION,
                    "IsLatestVersion": True,
                    "PlatformType": "Linux",
                    "ResourceType": "EC2Instance",
                    "IPAddress": instance.private_ip,
                    "ComputerName": instance.private_dns_name,
                }

    def _may_register(self, profile: dict[str, str] | None) -> bool:
        iam = iam_backends[self.current_account][self.partition]
        for candidate in iam.instance_profiles.values():
            if profile is not None and candidate.arn == profile["Arn"]:
                return any(_allows(document) for role in candidate.roles for document in _documents(role))
        return False


def _documents(role: Any) -> Iterator[Any]:
    yield from role.policies.values()
    for policy in role.managed_policies.values():
        yield from (version.document for version in policy.versions if version.is_default)


def _allows(document: Any) -> bool:
    statements = (json.loads(document) if isinstance(document, str) else document).get("Statement", [])
    for statement in statements if isinstance(statements, list) else [statements]:
        actions = statement.get("Action", [])
        for action in [actions] if isinstance(actions, str) else actions:
            if statement["Effect"] == "Allow" and fnmatchcase(_ACTION.lower(), action.lower()):
                return True
    return False


def _matches(item: dict[str, Any], key: str, values: list[str]) -> bool:
    names = {"InstanceIds": "InstanceId", "PlatformTypes": "PlatformType"}
    return item.get(names.get(key, key)) in values


def install() -> None:
    """Put ours in moto's place."""
    urls.url_paths["{0}/$"] = SSMResponse.dispatch
