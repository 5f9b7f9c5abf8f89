"""Budgets: changed in place, with tags, and each notification with its subscribers.

moto has none of UpdateBudget, DescribeSubscribersForNotification and tags, and its budgets have no name that an inventory
could list. AWS: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

import json
from typing import Any

from moto.budgets import models
from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget as MotoBudget

from .wiring import in_place_of


@in_place_of(models)
class Budget(MotoBudget):
    """A budget with a name and tags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name: str = self.budget["BudgetName"]
        self.tags: dict[str, str] = {}


class Responses:
    def create_budget(self) -> str:
        answer = super().create_budget()
        self._budget(self._get_param("Budget")["BudgetName"]).tags.update(self._tags())
        return answer

    def update_budget(self) -> str:
        wanted = self._get_param("NewBudget")
        found = self._budget(wanted["BudgetName"])
        found.budget = Budget({"TimePeriod": found.budget["TimePeriod"], **wanted}, []).budget
        return "{}"

    def describe_subscribers_for_notification(self) -> str:
        wanted = self._get_param("Notification")
        for notification in self._budget(self._get_param("BudgetName")).notifications:
            if notification.details == wanted:
                return json.dumps({"Subscribers": notification.subscribers})
        raise NotFoundException("Unable to get subscribers - the notification doesn't exist.")

    def list_tags_for_resource(self) -> str:
        tags = self._tagged().tags
        return json.dumps({"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]})

    def tag_resource(self) -> str:
        self._tagged().tags.update(self._tags())
        return "{}"

    def untag_resource(self) -> str:
        for key in self._get_param("ResourceTagKeys"):
            self._tagged().tags.pop(key, None)
        return "{}"

    def _tags(self) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or []}

    def _tagged(self) -> Budget:
        arn: str = self._get_param("ResourceARN")
        return self._budget(arn.split(":budget/", 1)[-1], arn.split(":")[4])

    def _budget(self, name: str, account_id: str | None = None) -> Budget:
        account_id = account_id or self._get_param("AccountId")
        # moto's own refusal of a name that does not exist.
        self.backend.describe_budget(account_id, name)
        return self.backend.budgets[account_id][name]
