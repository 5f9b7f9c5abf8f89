"""Tags: under AWS's names of the resource types, only those of resources that exist, found by every filter.

moto has names of its own for some types, keeps the tags of what is deleted, and leaves out the filter ``tag:<key>``.
AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeTags.html
"""

from inventory import living_ids
from moto.core.responses import ActionResult
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE

# moto's name of a type -> AWS's, where they differ.
_TYPES = {
    "dedicated_host": "dedicated-host",
    "flow-logs": "vpc-flow-log",
    "managed-prefix-list": "prefix-list",
    "nat-gateway": "natgateway",
    "reserved-instance": "reserved-instances",
    "spot-instance-request": "spot-instances-request",
    "vpc-elastic-ip": "elastic-ip",
}
# moto builds both its filters and its answers from this table.
for _prefix, _name in EC2_PREFIX_TO_RESOURCE.items():
    EC2_PREFIX_TO_RESOURCE[_prefix] = _TYPES.get(_name, _name)


class Responses:
    def describe_tags(self) -> ActionResult:
        pairs = {
            name.removeprefix("tag:"): values
            for name, values in self._filters_from_querystring().items()
            if name.startswith("tag:")
        }
        living = living_ids(self.ec2_backend)
        tags = [
            tag
            for tag in super().describe_tags().result["Tags"]
            if tag["resource_id"] in living
            and all(tag["key"] == key and tag["value"] in values for key, values in pairs.items())
        ]
        return ActionResult({"Tags": tags})
