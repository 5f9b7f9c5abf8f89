"""AWS-managed prefix lists: known to DescribePrefixLists with their ranges.

moto answers names without ranges. AWS: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePrefixLists.html
"""

from moto.core.responses import ActionResult


class Responses:
    def describe_prefix_lists(self) -> ActionResult:
        found = self.ec2_backend.describe_managed_prefix_lists(
            self._get_param("PrefixListIds", []), self._filters_from_querystring()
        )
        shown = [
            {
                "PrefixListId": item.id,
                "PrefixListName": item.prefix_list_name,
                "Cidrs": [entry["Cidr"] for entry in item.entries[1]],
            }
            for item in found
            # Of the AWS-managed lists the call shows those of the gateway endpoints.
            if item.owner_id == "AWS" and item.prefix_list_name.endswith((".s3", ".dynamodb"))
        ]
        return ActionResult({"PrefixLists": shown})
