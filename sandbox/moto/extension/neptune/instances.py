"""Neptune instances: their zone and network interface, states, and what makes one the writer.

moto gives every instance the same resource id and the address of RDS, no network interface, and is done at once.
AWS: https://docs.aws.amazon.com/neptune/latest/apiref/API_CreateDBInstance.html, API_ModifyDBInstance, API_DeleteDBInstance.
"""

import string
from typing import Any

from moto.moto_api._internal import mock_random as random
from moto.rds.exceptions import (
    DBInstanceAlreadyExists,
    DBInstanceNotFoundError,
    InvalidDBClusterStateFault,
    InvalidDBInstanceStateFault,
    RDSClientError,
)
from moto.rds.models import DBInstanceClustered, DBParameterGroup

from ..lifecycle import look_at
from .clusters import DBCluster, UnderWay
from .families import check_family, family_of

_CHANGES = (
    "auto_minor_version_upgrade",
    "db_instance_class",
    "db_parameter_group_name",
    "preferred_maintenance_window",
    "promotion_tier",
)
_NO_CHANGES = ("apply_immediately", "db_instance_identifier")


class DBInstance(UnderWay, DBInstanceClustered):
    """An instance of a Neptune cluster."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dbi_resource_id = "db-" + "".join(random.choice(string.ascii_uppercase + string.digits) for _ in range(26))
        self.interface: Any = None
        self.begin("creating")

    @property
    def address(self) -> str:
        return f"{self.db_instance_identifier}.{self.cluster.url_identifier}.{self.region}.neptune.amazonaws.com"

    @property
    def storage_type(self) -> str | None:
        return self.cluster.storage_type

    @storage_type.setter
    def storage_type(self, value: str) -> None:
        """The cluster's."""

    def db_parameter_groups(self) -> list[DBParameterGroup]:
        name = self.db_parameter_group_name
        if name and name in self.backend.db_parameter_groups:
            return [self.backend.db_parameter_groups[name]]
        # AWS's own groups are in every account. moto would make one, which would then belong to a user.
        family = family_of(self.engine_version)
        return [DBParameterGroup(self.backend, f"default.{family}", f"Default parameter group for {family}", family)]

    def save_automated_backup(self) -> None:
        """Neptune backs clusters up, not instances."""


class Backend:
    def create_db_instance(self, db_kwargs: Any) -> DBInstance:
        if not db_kwargs.get("db_cluster_identifier"):
            raise NotImplementedError("a database instance without a cluster")
        identifier = db_kwargs["db_instance_identifier"]
        if identifier in self.databases:
            raise DBInstanceAlreadyExists()
        self._validate_db_identifier(identifier)
        cluster = self._available_cluster(db_kwargs["db_cluster_identifier"])
        if db_kwargs["db_instance_class"] == "db.serverless" and not cluster.serverless_v2_scaling_configuration:
            raise InvalidDBClusterStateFault(
                "Set the Serverless v2 scaling configuration on the parent DB cluster "
                "before creating a Serverless v2 DB instance."
            )
        given = {k: v for k, v in db_kwargs.items() if k not in ("engine_version", "preferred_backup_window")}
        version = cluster.engine_version
        self.check_instance_parameter_group(given.get("db_parameter_group_name"), version, family_of(version))
        subnet = self._subnet_for(cluster, given.get("availability_zone"))
        if subnet is not None:
            given["availability_zone"] = subnet.availability_zone
            given["db_subnet_group_name"] = cluster.db_subnet_group_name
        instance = DBInstance(backend=self, **given)
        if subnet is not None:
            instance.interface = self.ec2.create_service_interface(
                subnet, cluster.vpc_security_group_ids, "interface", "RDSNetworkInterface", requester_id="amazon-rds"
            )
        self.databases[identifier] = instance
        instance.add_event("DB_INSTANCE_CREATE")
        return instance

    def _subnet_for(self, cluster: DBCluster, zone: str | None) -> Any:
        """The subnet of the zone; without a zone, that of the one with the fewest instances. None in a default VPC."""
        if cluster.db_subnet_group_name not in self.subnet_groups:
            return None
        subnets = self.subnet_groups[cluster.db_subnet_group_name]._subnets
        if zone is None:
            taken = [member.availability_zone for member in cluster.members]
            return min(subnets, key=lambda subnet: taken.count(subnet.availability_zone))
        for subnet in subnets:
            if subnet.availability_zone == zone:
                return subnet
        raise RDSClientError(
            "InvalidVPCNetworkStateFault",
            f"The DB subnet group {cluster.db_subnet_group_name} has no subnet in Availability Zone {zone}.",
        )

    def check_instance_parameter_group(self, name: str | None, version: str, family: str) -> None:
        if name is None or name == f"default.{family}":
            return
        if name in self.db_parameter_groups:
            check_family(name, self.db_parameter_groups[name].family, version)
        elif name.startswith("default.neptune"):
            check_family(name, name.removeprefix("default."), version)
        else:
            raise RDSClientError("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")

    def describe_db_instances(self, db_instance_identifier: str | None = None, filters: Any = None) -> list[Any]:
        identifier = (db_instance_identifier or "").rsplit(":", 1)[-1] or None
        for instance in look_at(self.databases, identifier):
            if instance.interface is not None:
                self.ec2.drop_network_interface(instance.interface)
        return super().describe_db_instances(db_instance_identifier, filters)

    def modify_db_instance(self, db_instance_identifier: str, db_kwargs: Any) -> DBInstance:
        for name in db_kwargs:
            if name not in _CHANGES + _NO_CHANGES:
                raise NotImplementedError(f"ModifyDBInstance of Neptune does not know {name}")
        instance = self._available_instance(db_instance_identifier)
        version = instance.engine_version
        self.check_instance_parameter_group(db_kwargs.get("db_parameter_group_name"), version, family_of(version))
        for name in _CHANGES:
            if db_kwargs.get(name) is not None:
                setattr(instance, name, db_kwargs[name])
        instance.begin("modifying")
        return instance

    def delete_db_instance(self, db_instance_identifier: str, *_: Any, **__: Any) -> DBInstance:
        instance = self._available_instance(db_instance_identifier)
        # Another member becomes the writer, by its tier.
        instance.is_cluster_writer = False
        instance.begin("deleting")
        return instance

    def _available_instance(self, identifier: str) -> DBInstance:
        if identifier not in self.databases:
            raise DBInstanceNotFoundError(identifier)
        instance = self.databases[identifier]
        if not instance.is_available():
            raise InvalidDBInstanceStateFault(
                f"Instance {identifier} is not in the available state: {instance.status}."
            )
        return instance

    def regroup_interfaces(self, cluster: DBCluster) -> None:
        """The interfaces of the members get the security groups of their cluster."""
        for member in cluster.members:
            if member.interface is not None:
                self.ec2.modify_network_interface_attribute(member.interface.id, list(cluster.vpc_security_group_ids))
