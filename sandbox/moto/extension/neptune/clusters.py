"""Neptune clusters: IAM authentication, endpoints, states, what a change and a deletion need, roles.

moto refuses IAM authentication ("not supported by Multi-AZ DB clusters"), gives Neptune the endpoints of RDS, ignores most
changes, deletes without asking about a final snapshot, and cannot take a role away.
AWS: https://docs.aws.amazon.com/neptune/latest/apiref/API_CreateDBCluster.html, API_ModifyDBCluster, API_DeleteDBCluster.
"""

from typing import Any, ClassVar

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.models import ec2_backends
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBClusterRoleAlreadyExists,
    DBClusterToBeDeletedHasActiveMembers,
    InvalidDBClusterStateFault,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import AssociatedRole
from moto.rds.models import DBCluster as MotoDBCluster

from ..lifecycle import Lifecycle, look_at
from .families import check_family, family_of

# Parameters of ModifyDBCluster that are attributes of the cluster as they are.
_PLAIN_CHANGES = (
    "backup_retention_period",
    "copy_tags_to_snapshot",
    "deletion_protection",
    "port",
    "preferred_backup_window",
    "preferred_maintenance_window",
)
_OTHER_CHANGES = (
    "allow_major_version_upgrade",
    "apply_immediately",
    "cloudwatch_logs_export_configuration",
    "db_cluster_identifier",
    "db_cluster_parameter_group_name",
    "db_instance_parameter_group_name",
    "enable_iam_database_authentication",
    "engine_version",
    "serverless_v2_scaling_configuration",
    "storage_type",
    "vpc_security_group_ids",
)


class UnderWay(Lifecycle):
    """A cluster or an instance. A client that does not look but tries again finds it available after a moment."""

    becomes: ClassVar = {"creating": "available", "modifying": "available", "deleting": "deleted"}
    patience: ClassVar = 0.5

    def is_available(self) -> bool:
        """Whether it can be changed or deleted now."""
        self.settle()
        return self.status == "available"


class DBCluster(UnderWay, MotoDBCluster):
    """A cluster whose engine is Neptune."""

    def __init__(self, backend: Any, **kwargs: Any) -> None:
        # moto's constructor allows IAM authentication to Aurora alone, and knows no storage type of Neptune.
        iam_auth = kwargs.pop("enable_iam_database_authentication", False)
        storage_type = kwargs.pop("storage_type", None)
        super().__init__(backend, **kwargs)
        self.iam_auth = iam_auth
        self.set_storage_type(storage_type)
        if not kwargs.get("db_cluster_parameter_group_name"):
            self.parameter_group = f"default.{family_of(self.engine_version)}"
        if not self.storage_encrypted:
            self.kms_key_id = None
        elif kwargs.get("kms_key_id"):
            self.kms_key_id = backend._validate_kms_key(kwargs["kms_key_id"])
        self.begin("creating")

    def set_storage_type(self, storage_type: str | None) -> None:
        # "The storage type isn't returned when you set it to standard."
        self.storage_type = storage_type if storage_type == "iopt1" else None

    @property
    def endpoint(self) -> str:
        return f"{self.db_cluster_identifier}.cluster-{self.url_identifier}.{self.region}.neptune.amazonaws.com"

    @property
    def reader_endpoint(self) -> str:
        return f"{self.db_cluster_identifier}.cluster-ro-{self.url_identifier}.{self.region}.neptune.amazonaws.com"

    @property
    def _members(self) -> list[Any]:
        return [member for member in super()._members if member.status != "deleting"]

    def save_automated_backup(self) -> None:
        """None is made: nothing could restore it."""


class Backend:
    @property
    def ec2(self) -> Any:
        return ec2_backends[self.account_id][self.region_name]

    def create_db_cluster(self, kwargs: Any) -> DBCluster:
        if kwargs.get("engine") != "neptune":
            raise NotImplementedError(f"a cluster of engine {kwargs.get('engine')}")
        identifier = kwargs["db_cluster_identifier"]
        self._validate_db_identifier(identifier)
        if identifier in self.clusters:
            raise RDSClientError("DBClusterAlreadyExistsFault", "DB Cluster already exists")
        name = kwargs.get("db_subnet_group_name")
        vpc_id = self.describe_db_subnet_groups(name)[0].vpc_id if name else self.ec2.default_vpc.id
        groups = self._security_groups(kwargs.get("vpc_security_group_ids"), vpc_id)
        _check_scaling(kwargs.get("serverless_v2_scaling_configuration"))
        cluster = DBCluster(self, **{**kwargs, "vpc_security_group_ids": groups})
        family = family_of(cluster.engine_version)
        self.check_cluster_parameter_group(cluster.parameter_group, cluster.engine_version, family)
        self.clusters[identifier] = cluster
        return cluster

    def _security_groups(self, ids: list[str] | None, vpc_id: str) -> list[str]:
        """They must be in the VPC of the subnets; the default is the default group of that VPC."""
        for id_ in ids or []:
            group = self.ec2.get_security_group_from_id(id_)
            if group is None:
                raise InvalidParameterValue(f"Invalid security group , groupId= {id_}, groupName=.")
            if group.vpc_id != vpc_id:
                raise InvalidParameterCombination(
                    "The DB instance and EC2 security group are in different VPCs. "
                    f"The DB instance is in {vpc_id} and the EC2 security group is in {group.vpc_id}"
                )
        return list(ids or [self.ec2.get_default_security_group(vpc_id).id])

    def describe_db_clusters(self, db_cluster_identifier: str | None = None, filters: Any = None) -> list[Any]:
        look_at(self.clusters, (db_cluster_identifier or "").rsplit(":", 1)[-1] or None)
        return super().describe_db_clusters(db_cluster_identifier, filters)

    def modify_db_cluster(self, kwargs: Any) -> DBCluster:
        for name in kwargs:
            if name not in _PLAIN_CHANGES + _OTHER_CHANGES:
                raise NotImplementedError(f"ModifyDBCluster of Neptune does not know {name}")
        cluster = self._available_cluster(kwargs["db_cluster_identifier"])
        self._change_engine(cluster, kwargs)
        if (ids := kwargs.get("vpc_security_group_ids")) is not None:
            [group] = self.describe_db_subnet_groups(cluster.db_subnet_group_name)
            cluster.vpc_security_group_ids = self._security_groups(ids, group.vpc_id)
            self.regroup_interfaces(cluster)
        if (capacity := kwargs.get("serverless_v2_scaling_configuration")) is not None:
            _check_scaling(capacity)
            cluster.serverless_v2_scaling_configuration = capacity
        if (iam_auth := kwargs.get("enable_iam_database_authentication")) is not None:
            cluster.iam_auth = iam_auth
        if (storage_type := kwargs.get("storage_type")) is not None:
            cluster.set_storage_type(storage_type)
        exports = kwargs.get("cloudwatch_logs_export_configuration") or {}
        kept = set(cluster.enabled_cloudwatch_logs_exports) - set(exports.get("DisableLogTypes") or [])
        cluster.enabled_cloudwatch_logs_exports = sorted(kept | set(exports.get("EnableLogTypes") or []))
        for name in _PLAIN_CHANGES:
            if kwargs.get(name) is not None:
                setattr(cluster, name, kwargs[name])
        cluster.begin("modifying")
        return cluster

    def _change_engine(self, cluster: DBCluster, kwargs: Any) -> None:
        """An upgrade to another family must be allowed, and needs groups of that family."""
        version = kwargs.get("engine_version") or cluster.engine_version
        family = family_of(version)
        group_name = kwargs.get("db_cluster_parameter_group_name") or cluster.parameter_group
        is_major = family != family_of(cluster.engine_version)
        if is_major and not kwargs.get("allow_major_version_upgrade"):
            raise InvalidParameterCombination(
                "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."
            )
        self.check_cluster_parameter_group(group_name, version, family)
        for member in cluster.members if is_major else []:
            name = kwargs.get("db_instance_parameter_group_name") or member.db_parameter_group_name
            self.check_instance_parameter_group(name, version, family)
            member.db_parameter_group_name = name
        cluster.engine_version = version
        cluster.parameter_group = group_name

    def check_cluster_parameter_group(self, name: str, version: str, family: str) -> None:
        if name != f"default.{family}":
            [group] = self.describe_db_cluster_parameter_groups(name)
            check_family(name, group.db_parameter_group_family, version)

    def delete_db_cluster(
        self, cluster_identifier: str, snapshot_name: str | None = None, skip_final_snapshot: bool | None = None
    ) -> DBCluster:
        cluster = self._cluster(cluster_identifier)
        if cluster.deletion_protection:
            raise InvalidParameterCombination(
                "Cannot delete protected Cluster, please disable deletion protection and try again."
            )
        if bool(skip_final_snapshot) == bool(snapshot_name):
            raise InvalidParameterCombination(
                "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is set to true."
                if snapshot_name
                else "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            )
        self._available_cluster(cluster_identifier)
        if cluster.members:
            raise DBClusterToBeDeletedHasActiveMembers()
        if snapshot_name:
            self.create_db_cluster_snapshot(cluster_identifier, snapshot_name)
        cluster.begin("deleting")
        return cluster

    def add_role_to_db_cluster(self, db_cluster_identifier: str, role_arn: str, feature_name: str) -> None:
        cluster = self._available_cluster(db_cluster_identifier)
        if any(role.role_arn == role_arn for role in cluster._associated_roles):
            raise DBClusterRoleAlreadyExists(f"Role ARN {role_arn} is already associated with {db_cluster_identifier}")
        cluster._associated_roles.append(AssociatedRole(role_arn=role_arn, feature_name=feature_name or ""))

    def remove_role_from_db_cluster(self, db_cluster_identifier: str, role_arn: str) -> None:
        cluster = self._available_cluster(db_cluster_identifier)
        kept = [role for role in cluster._associated_roles if role.role_arn != role_arn]
        if len(kept) == len(cluster._associated_roles):
            raise RDSClientError(
                "DBClusterRoleNotFound", f"Role ARN {role_arn} cannot be found for DB Cluster: {db_cluster_identifier}"
            )
        cluster._associated_roles = kept

    def _cluster(self, identifier: str) -> DBCluster:
        if identifier not in self.clusters:
            raise DBClusterNotFoundError(identifier)
        return self.clusters[identifier]

    def _available_cluster(self, identifier: str) -> DBCluster:
        cluster = self._cluster(identifier)
        if not cluster.is_available():
            raise InvalidDBClusterStateFault(f"DB cluster {identifier} is not currently in the available state.")
        return cluster


def _check_scaling(capacity: Any) -> None:
    """1 to 128 NCU, and at most 2.5 as the least maximum (neptune-serverless-capacity-scaling.html)."""
    if capacity is None:
        return
    least, most = capacity.get("MinCapacity"), capacity.get("MaxCapacity")
    if least is None or most is None or not 1 <= least <= most or not 2.5 <= most <= 128:
        raise InvalidParameterValue(f"Serverless v2 capacity {least} to {most} isn't valid.")


class Responses:
    def delete_db_cluster(self) -> ActionResult:
        cluster = self.backend.delete_db_cluster(
            cluster_identifier=self.params.get("DBClusterIdentifier"),
            snapshot_name=self.params.get("FinalDBSnapshotIdentifier"),
            skip_final_snapshot=self.params.get("SkipFinalSnapshot"),
        )
        return ActionResult({"DBCluster": cluster})

    def remove_role_from_db_cluster(self) -> EmptyResult:
        self.backend.remove_role_from_db_cluster(
            db_cluster_identifier=self.params.get("DBClusterIdentifier"), role_arn=self.params.get("RoleArn")
        )
        return EmptyResult()
