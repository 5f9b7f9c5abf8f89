"""AWS-managed prefix lists: known to DescribePrefixLists with their ranges.

moto answers names without ranges. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePrefixLists.html
"""

from typing import Any

from moto.core.responses import ActionResult

from .errors import not_found


class PrefixListResponses:
    """Part of the EC2 responses."""

    def describe_prefix_lists(self: Any) -> ActionResult:
        found: list[Any] = self.ec2_backend.describe_managed_prefix_lists(
            self._checked_ids(), self._filters_from_querystring()
        )
        return ActionResult(
            {
                "PrefixLists": [
                    {
                        "PrefixListId": item.id,
                        "PrefixListName": item.prefix_list_name,
                        "Cidrs": [entry["Cidr"] for entry in item.entries[1]],
                    }
                    for item in found
                    # Of the AWS-managed lists the call shows those of the gateway endpoints.
                    if item.owner_id == "AWS" and item.prefix_list_name.rsplit(".", 1)[-1] in ("s3", "dynamodb")
                ]
            }
        )

    def describe_managed_prefix_lists(self: Any) -> ActionResult:
        self._checked_ids()
        return super().describe_managed_prefix_lists()  # type: ignore[misc]

    def get_managed_prefix_list_entries(self: Any) -> ActionResult:
        self._check(self._get_param("PrefixListId"))
        return super().get_managed_prefix_list_entries()  # type: ignore[misc]

    def _checked_ids(self: Any) -> list[str]:
        ids: list[str] = self._get_param("PrefixListIds", [])
        for id_ in ids:
            self._check(id_)
        return ids

    def _check(self: Any, id_: str) -> None:
        if id_ not in self.ec2_backend.managed_prefix_lists:
            raise not_found("InvalidPrefixListID.NotFound", "prefix list", id_)
