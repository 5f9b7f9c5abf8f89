"""Every request: an id that does not exist is refused, wherever it is named; what is under way goes on before it.

moto takes some of them for granted, and lists all the ids of the request where one is missing.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
"""

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError

# Prefix of an id -> the ids that there are, and AWS's refusal of another.
_KINDS: dict[str, tuple[Callable[[Any], Collection[str]], str, str]] = {
    "ami": (lambda ec2: ec2.amis, "InvalidAMIID.NotFound", "The image id '[{}]' does not exist"),
    "eipalloc": (
        lambda ec2: {address.allocation_id for address in ec2.addresses},
        "InvalidAllocationID.NotFound",
        "The allocation ID '{}' does not exist",
    ),
    "pl": (
        lambda ec2: ec2.managed_prefix_lists,
        "InvalidPrefixListID.NotFound",
        "The prefix list ID '{}' does not exist",
    ),
    "sg": (
        lambda ec2: {id_ for groups in ec2.groups.values() for id_ in groups},
        "InvalidGroup.NotFound",
        "The security group '{}' does not exist",
    ),
    "subnet": (
        lambda ec2: {id_ for subnets in ec2.subnets.values() for id_ in subnets},
        "InvalidSubnetID.NotFound",
        "The subnet ID '{}' does not exist",
    ),
    "vpc": (lambda ec2: ec2.vpcs, "InvalidVpcID.NotFound", "The vpc ID '{}' does not exist"),
}
_ID = re.compile(rf"({'|'.join(_KINDS)})-[0-9a-f]+")

# What these hold is a condition, text, or for moto's own code.
_NOT_IDS = (
    "Description",
    "Filter",
    "Filters",
    "GroupName",
    "PolicyDocument",
    "Resources",
    "TagSpecifications",
    "UserData",
)


class Responses:
    def call_action(self) -> Any:
        self.ec2_backend.settle_nat_gateways()
        for id_ in _ids({key: value for key, value in self._get_params().items() if key not in _NOT_IDS}):
            known, code, message = _KINDS[id_.split("-")[0]]
            if id_ not in known(self.ec2_backend):
                status, headers, body = self.serialized(ActionResult(EC2ClientError(code, message.format(id_))))
                return status, {**headers, "status": str(status)}, body
        return super().call_action()


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str) and _ID.fullmatch(value):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _ids(item)
