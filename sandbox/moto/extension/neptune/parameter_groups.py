"""Parameter groups of Neptune: the families and parameters there are, static ones, resetting, and groups in use.

moto takes any family and any parameter, cannot reset one, and deletes groups in use.
AWS: https://docs.aws.amazon.com/neptune/latest/apiref/API_ModifyDBClusterParameterGroup.html, API_ResetDBParameterGroup,
API_DeleteDBClusterParameterGroup.
"""

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBParameterGroupNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)

from .families import CLUSTER_PARAMETERS, FAMILIES, INSTANCE_PARAMETERS


class Backend:
    def create_db_cluster_parameter_group(
        self, db_cluster_parameter_group_name: str, db_parameter_group_family: str, *args: Any, **kwargs: Any
    ) -> Any:
        _check_known(db_parameter_group_family)
        return super().create_db_cluster_parameter_group(
            db_cluster_parameter_group_name, db_parameter_group_family, *args, **kwargs
        )

    def create_db_parameter_group(self, db_parameter_group_kwargs: Any) -> Any:
        _check_known(db_parameter_group_kwargs.get("db_parameter_group_family"))
        return super().create_db_parameter_group(db_parameter_group_kwargs)

    def modify_db_cluster_parameter_group(self, name: str, parameters: list[dict[str, Any]]) -> Any:
        group = self.db_cluster_parameter_groups.get(name)
        if group is not None:
            _check_parameters(parameters, CLUSTER_PARAMETERS)
        return super().modify_db_cluster_parameter_group(name, parameters)

    def modify_db_parameter_group(self, name: str, parameters: list[dict[str, Any]]) -> Any:
        group = self.db_parameter_groups.get(name)
        if group is not None:
            _check_parameters(parameters, INSTANCE_PARAMETERS)
        return super().modify_db_parameter_group(name, parameters)

    def describe_db_parameter_groups(self, db_parameter_group_kwargs: Any) -> list[Any]:
        groups = super().describe_db_parameter_groups(db_parameter_group_kwargs)
        name = db_parameter_group_kwargs.get("db_parameter_group_name")
        if name and not groups:
            raise DBParameterGroupNotFoundError(name)
        return groups

    def delete_db_cluster_parameter_group(self, db_cluster_parameter_group_name: str) -> None:
        for cluster in self.clusters.values():
            if cluster.parameter_group == db_cluster_parameter_group_name:
                raise _in_use(db_cluster_parameter_group_name)
        super().delete_db_cluster_parameter_group(db_cluster_parameter_group_name)

    def delete_db_parameter_group(self, db_parameter_group_name: str) -> Any:
        for instance in self.databases.values():
            if instance.db_parameter_group_name == db_parameter_group_name:
                raise _in_use(db_parameter_group_name)
        return super().delete_db_parameter_group(db_parameter_group_name)


class Responses:
    def reset_db_cluster_parameter_group(self) -> ActionResult:
        name = self.params.get("DBClusterParameterGroupName")
        [group] = self.backend.describe_db_cluster_parameter_groups(name)
        return self._reset(group, "DBClusterParameterGroupName", name)

    def reset_db_parameter_group(self) -> ActionResult:
        name = self.params.get("DBParameterGroupName")
        [group] = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
        return self._reset(group, "DBParameterGroupName", name)

    def _reset(self, group: Any, key: str, name: str) -> ActionResult:
        if self.params.get("ResetAllParameters"):
            group.parameters.clear()
        for parameter in self.params.get("Parameters", []):
            group.parameters.pop(parameter["ParameterName"], None)
        return ActionResult({key: name})

    def describe_db_cluster_parameters(self) -> ActionResult:
        name = self.params.get("DBClusterParameterGroupName")
        return self._parameters(self.backend.describe_db_cluster_parameters(name))

    def describe_db_parameters(self) -> ActionResult:
        name = self.params.get("DBParameterGroupName")
        [group] = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
        return self._parameters(group.parameters.values())

    def _parameters(self, parameters: Any) -> ActionResult:
        """moto knows those alone that a user has set."""
        asked = self.params.get("Source")
        shown = [{**parameter, "Source": "user"} for parameter in parameters] if asked in (None, "user") else []
        return ActionResult({"Parameters": shown})


def _check_known(family: str | None) -> None:
    if family not in FAMILIES:
        raise InvalidParameterValue(f"ParameterGroupFamily {family} is not a valid parameter group family")


def _check_parameters(parameters: list[dict[str, Any]], known: Mapping[str, bool]) -> None:
    for parameter in parameters:
        name = parameter["ParameterName"]
        if name not in known:
            raise InvalidParameterValue(f"Could not find parameter with name: {name}")
        if known[name] and parameter.get("ApplyMethod") == "immediate":
            raise InvalidParameterCombination("cannot use immediate apply method for static parameter")


def _in_use(name: str) -> RDSClientError:
    return RDSClientError(
        "InvalidDBParameterGroupState",
        f"One or more database instances are still members of this parameter group {name}, "
        "so the group cannot be deleted",
    )
