"""Budgets: changed in place, with tags, and each notification with whom it tells.

moto has none of UpdateBudget, DescribeSubscribersForNotification and tags, and its budgets have no name that an inventory
could list. AWS: https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Budgets.html
"""

import json
from types import ModuleType
from typing import Any

from moto.budgets import models, urls
from moto.budgets.exceptions import NotFoundException
from moto.budgets.models import Budget as MotoBudget
from moto.budgets.models import BudgetsBackend as MotoBudgetsBackend
from moto.budgets.models import budgets_backends
from moto.budgets.responses import BudgetsResponse as MotoBudgetsResponse


class Budget(MotoBudget):
    """A budget with a name and tags."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name: str = self.budget["BudgetName"]
        self.tags: dict[str, str] = {}


class BudgetsBackend(MotoBudgetsBackend):
    """The account's budgets."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def find(self, account_id: str, name: str) -> Budget:
        found = self.budgets[account_id].get(name)
        if not isinstance(found, Budget):
            raise NotFoundException(f"Unable to get budget: {name} - the budget doesn't exist.")
        return found


class BudgetsResponse(MotoBudgetsResponse):
    """The Budgets API."""

    def create_budget(self) -> str:
        answer = super().create_budget()
        self._budget(self._get_param("Budget")["BudgetName"]).tags.update(self._tags())
        return answer

    def update_budget(self) -> str:
        wanted = self._get_param("NewBudget")
        found = self._budget(wanted["BudgetName"])
        kept = {"TimePeriod": found.budget["TimePeriod"]}
        found.budget = Budget({**kept, **wanted}, []).budget
        return json.dumps({})

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
        return json.dumps({})

    def untag_resource(self) -> str:
        for key in self._get_param("ResourceTagKeys"):
            self._tagged().tags.pop(key, None)
        return json.dumps({})

    def _tags(self) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self._get_param("ResourceTags") or []}

    def _budget(self, name: str, account_id: str | None = None) -> Budget:
        backend = self.backend
        assert isinstance(backend, BudgetsBackend)
        return backend.find(account_id or self._get_param("AccountId"), name)

    def _tagged(self) -> Budget:
        arn: str = self._get_param("ResourceARN")
        return self._budget(arn.split(":budget/", 1)[-1], arn.split(":")[4])


def install() -> None:
    """Put ours in moto's place."""
    models.Budget = Budget  # type: ignore[misc]
    budgets_backends.backend = BudgetsBackend
    urls.url_paths["{0}/$"] = BudgetsResponse.dispatch
