"""Parameter groups of Neptune: the families and parameters there are, static ones, resetting, and groups in use.

moto takes any family and any parameter, cannot reset one, and deletes groups in use.
AWS: https://docs.aws.amazon.com/neptune/latest/apiref/API_ModifyDBClusterParameterGroup.html, API_ResetDBParameterGroup,
API_DeleteDBClusterParameterGroup.
"""

from collections.abc import Mapping
from typing import Any

from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterParameterGroupNotFoundError,
    DBParameterGroupNotFoundError,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)

from .families import CLUSTER_PARAMETERS, FAMILIES, INSTANCE_PARAMETERS, is_neptune


class ParameterGroups:
    """Part of the RDS backend."""

    def create_db_cluster_parameter_group(
        self: Any, db_cluster_parameter_group_name: str, db_parameter_group_family: str, *args: Any, **kwargs: Any
    ) -> Any:
        _check_known(db_parameter_group_family)
        return super().create_db_cluster_parameter_group(  # type: ignore[misc]
            db_cluster_parameter_group_name, db_parameter_group_family, *args, **kwargs
        )

    def create_db_parameter_group(self: Any, db_parameter_group_kwargs: Any) -> Any:
        _check_known(db_parameter_group_kwargs.get("db_parameter_group_family"))
        return super().create_db_parameter_group(db_parameter_group_kwargs)  # type: ignore[misc]

    def modify_db_cluster_parameter_group(self: Any, name: str, parameters: list[dict[str, Any]]) -> Any:
        group = self.db_cluster_parameter_groups.get(name)
        if group is not None and is_neptune(group.db_parameter_group_family):
            _check_parameters(parameters, CLUSTER_PARAMETERS)
        return super().modify_db_cluster_parameter_group(name, parameters)  # type: ignore[misc]

    def modify_db_parameter_group(self: Any, name: str, parameters: list[dict[str, Any]]) -> Any:
        group = self.db_parameter_groups.get(name)
        if group is not None and is_neptune(group.family):
            _check_parameters(parameters, INSTANCE_PARAMETERS)
        return super().modify_db_parameter_group(name, parameters)  # type: ignore[misc]

    def describe_db_parameter_groups(self: Any, db_parameter_group_kwargs: Any) -> list[Any]:
        groups = super().describe_db_parameter_groups(db_parameter_group_kwargs)  # type: ignore[misc]
        name = db_parameter_group_kwargs.get("db_parameter_group_name")
        if name and not groups:
            raise DBParameterGroupNotFoundError(name)
        return groups  # type: ignore[no-any-return]

    def delete_db_cluster_parameter_group(self: Any, db_cluster_parameter_group_name: str) -> None:
        for cluster in self.clusters.values():
            if cluster.parameter_group == db_cluster_parameter_group_name:
                raise _in_use(db_cluster_parameter_group_name)
        super().delete_db_cluster_parameter_group(db_cluster_parameter_group_name)  # type: ignore[misc]

    def delete_db_parameter_group(self: Any, db_parameter_group_name: str) -> Any:
        for instance in self.databases.values():
            if instance.db_parameter_group_name == db_parameter_group_name:
                raise _in_use(db_parameter_group_name)
        return super().delete_db_parameter_group(db_parameter_group_name)  # type: ignore[misc]


class ParameterGroupResponses:
    """Part of the RDS responses."""

    def reset_db_cluster_parameter_group(self: Any) -> ActionResult:
        name = self.params.get("DBClusterParameterGroupName")
        group = self.backend.db_cluster_parameter_groups.get(name)
        if group is None:
            raise DBClusterParameterGroupNotFoundError(name)
        self._reset(group)
        return ActionResult({"DBClusterParameterGroupName": name})

    def reset_db_parameter_group(self: Any) -> ActionResult:
        name = self.params.get("DBParameterGroupName")
        group = self.backend.db_parameter_groups.get(name)
        if group is None:
            raise DBParameterGroupNotFoundError(name)
        self._reset(group)
        return ActionResult({"DBParameterGroupName": name})

    def _reset(self: Any, group: Any) -> None:
        if self.params.get("ResetAllParameters"):
            group.parameters.clear()
        for parameter in self.params.get("Parameters", []):
            group.parameters.pop(parameter["ParameterName"], None)

    def describe_db_cluster_parameters(self: Any) -> ActionResult:
        name = self.params.get("DBClusterParameterGroupName")
        return self._parameters(self.backend.describe_db_cluster_parameters(name))  # type: ignore[no-any-return]

    def describe_db_parameters(self: Any) -> ActionResult:
        name = self.params.get("DBParameterGroupName")
        [group] = self.backend.describe_db_parameter_groups({"db_parameter_group_name": name})
        return self._parameters(group.parameters.values())  # type: ignore[no-any-return]

    def _parameters(self: Any, parameters: Any) -> ActionResult:
        """moto knows those alone that a user has set."""
        asked = self.params.get("Source")
        shown = [{**parameter, "Source": "user"} for parameter in parameters] if asked in (None, "user") else []
        return ActionResult({"Parameters": shown})


def _check_known(family: str | None) -> None:
    if is_neptune(family) and family not in FAMILIES:
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
