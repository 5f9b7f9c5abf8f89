"""Studio domains: a home file system and two security groups come with one, and the groups outlive it.

moto gives a domain an EFS file system that does not exist, no security groups, and deletes it whatever is in it.
AWS: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateDomain.html, API_UpdateDomain, API_DeleteDomain,
https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html. That the groups stay when the domain is deleted, and
keep subnets and VPC from being deleted, is seen in https://github.com/hashicorp/terraform-provider-aws/issues/20986.
"""

from typing import Any

from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from .studio import StudioResource, in_use, invalid, merged, not_found

# SageMaker's service marks with this tag what it makes in the account; the value is the domain's ARN.
_MANAGED_BY = "ManagedByAmazonSageMakerResource"

# NFS, and Lustre's ports, which SageMaker opens beside it.
_PORTS = ((988, 988), (1018, 1023), (2049, 2049))

_MOST_GROUPS = 4
_NOT_UPDATED = {"DomainId", "DomainSettingsForUpdate"}


class Domain(StudioResource):
    """A domain with its file system and groups."""

    file_system_id = ""
    uid = 200000

    @property
    def vpc_id(self) -> str:
        return str(self.settings["VpcId"])

    def describe(self) -> dict[str, Any]:
        region = self.arn.split(":")[3]
        return {
            **super().describe(),
            "DomainArn": self.arn,
            "DomainId": self.id,
            "HomeEfsFileSystemId": self.file_system_id,
            "Url": f"https://{self.id}.studio.{region}.sagemaker.aws",
        }

    def summary(self) -> dict[str, Any]:
        keys = ("DomainArn", "DomainId", "DomainName", "Status", "CreationTime", "LastModifiedTime", "Url")
        return {key: value for key, value in self.describe().items() if key in keys}


class Domains:
    """Part of the SageMaker backend."""

    def create_studio_domain(self: Any, settings: dict[str, Any]) -> Domain:
        name = settings["DomainName"]
        if any(domain.settings["DomainName"] == name for domain in self.domains.values()):
            raise in_use(f"Resource Already Exists: Domain with name {name} already exists. Choose a different name.")
        self._check_domain(settings)
        id_ = f"d-{mock_random.get_random_string(length=12, lower_case=True)}"
        domain = Domain(f"arn:{self.partition}:sagemaker:{self.region_name}:{self.account_id}:domain/{id_}", settings)
        domain.settings.setdefault("AppNetworkAccessType", "PublicInternetOnly")
        inbound = self._create_nfs_groups(domain)
        self._create_home(domain, inbound)
        self.domains[id_] = domain
        return domain

    def describe_domain(self: Any, domain_id: str) -> dict[str, Any]:
        return dict(self.domain(domain_id).look())

    def update_studio_domain(self: Any, domain_id: str, settings: dict[str, Any]) -> Domain:
        domain = self.domain(domain_id)
        changes = {key: value for key, value in settings.items() if key not in _NOT_UPDATED}
        if "DomainSettingsForUpdate" in settings:
            changes["DomainSettings"] = settings["DomainSettingsForUpdate"]
        self._check_domain(merged(domain.settings, changes))
        domain.change(changes)
        domain.status = "Updating"
        return domain

    def delete_domain(self: Any, domain_id: str, retention_policy: dict[str, str] | None) -> None:
        domain = self.domain(domain_id)
        for kind, things in (("UserProfile", self.user_profiles), ("Space", self.spaces)):
            if any(key[0] == domain_id and not thing.is_gone for key, thing in things.items()):
                raise in_use(f"Unable to delete Domain [{domain_id}] because {kind}(s) are associated with it.")
        domain.status = "Deleting"
        # The default is Retain.
        if (retention_policy or {}).get("HomeEfsFileSystem") == "Delete":
            self._efs.delete_with_mount_targets(domain.file_system_id)

    def domain(self: Any, domain_id: str) -> Domain:
        domain = self.domains.get(domain_id)
        if domain is not None and domain.is_gone:
            del self.domains[domain_id]
            domain = None
        if domain is None:
            raise not_found(f"Domain [{domain_id}]")
        return domain  # type: ignore[no-any-return]

    @property
    def _ec2(self: Any) -> Any:
        return ec2_backends[self.account_id][self.region_name]

    @property
    def _efs(self: Any) -> Any:
        return efs_backends[self.account_id][self.region_name]

    def _check_domain(self: Any, settings: dict[str, Any]) -> None:
        self._ec2.get_vpc(settings["VpcId"])
        for subnet_id in settings["SubnetIds"]:
            if self._ec2.get_subnet(subnet_id).vpc_id != settings["VpcId"]:
                raise invalid(f"Subnet {subnet_id} does not belong to VPC {settings['VpcId']}")
        key_id = settings.get("KmsKeyId")
        if key_id and key_id.rsplit("/", 1)[-1] not in kms_backends[self.account_id][self.region_name].keys:
            raise invalid(f"KMS key {key_id} does not exist")
        user = settings["DefaultUserSettings"]
        if settings.get("AppNetworkAccessType") == "VpcOnly" and not user.get("SecurityGroups"):
            raise invalid("SecurityGroups are required in DefaultUserSettings when AppNetworkAccessType is VpcOnly")
        self.check_user_settings(user, settings["VpcId"])
        self.check_user_settings(settings.get("DefaultSpaceSettings") or {}, settings["VpcId"])

    def check_user_settings(self: Any, settings: dict[str, Any], vpc_id: str) -> None:
        """Groups of the VPC, few enough; lifecycle configurations that exist; idle times in order."""
        groups = settings.get("SecurityGroups") or []
        if len(groups) > _MOST_GROUPS:
            raise invalid(
                f"The number of security groups is {len(groups)}; SageMaker adds one to at most {_MOST_GROUPS}"
            )
        for group_id in groups:
            group = self._ec2.get_security_group_from_id(group_id)
            if group is None or group.vpc_id != vpc_id:
                raise invalid(f"Security group {group_id} does not exist in VPC {vpc_id}")
        for app in ("JupyterLabAppSettings", "CodeEditorAppSettings"):
            app_settings = settings.get(app) or {}
            for arn in app_settings.get("LifecycleConfigArns") or []:
                if not any(config.arn == arn for config in self.studio_lifecycle_configs.values()):
                    raise invalid(f"Studio Lifecycle Config {arn} does not exist")
            idle = (app_settings.get("AppLifecycleManagement") or {}).get("IdleSettings") or {}
            least, most = idle.get("MinIdleTimeoutInMinutes", 60), idle.get("MaxIdleTimeoutInMinutes", 525_600)
            if not least <= idle.get("IdleTimeoutInMinutes", least) <= most:
                raise invalid(
                    "IdleTimeoutInMinutes must be between MinIdleTimeoutInMinutes and MaxIdleTimeoutInMinutes"
                )

    def _create_nfs_groups(self: Any, domain: Domain) -> str:
        """The groups of the file system's interfaces and of its users; each names the other. Returns the former."""
        ids = {}
        for direction in ("inbound", "outbound"):
            group = self._ec2.create_security_group(
                f"security-group-for-{direction}-nfs-{domain.id}",
                f"[DO NOT DELETE] Security Group that allows {direction} NFS traffic for SageMaker Notebooks Domain "
                f"[{domain.id}]",
                domain.vpc_id,
                tags={_MANAGED_BY: domain.arn},
            )
            # A new group admits all egress; these admit NFS alone.
            group.egress_rules.clear()
            ids[direction] = group
        for group, is_egress, peer in (
            (ids["inbound"], False, ids["outbound"]),
            (ids["outbound"], True, ids["inbound"]),
        ):
            permissions = [
                {"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "UserIdGroupPairs": [{"GroupId": peer.id}]}
                for low, high in _PORTS
            ]
            self._ec2.add_rules(group, is_egress, permissions)
        return str(ids["inbound"].id)

    def _create_home(self: Any, domain: Domain, group_id: str) -> None:
        file_system = self._efs.create_file_system(
            creation_token=domain.id,
            performance_mode="generalPurpose",
            encrypted=True,
            kms_key_id=domain.settings.get("KmsKeyId"),
            throughput_mode="bursting",
            provisioned_throughput_in_mibps=None,
            availability_zone_name=None,
            backup=False,
            tags=[{"Key": _MANAGED_BY, "Value": domain.arn}],
        )
        domain.file_system_id = file_system.file_system_id
        zones = set()
        for subnet_id in domain.settings["SubnetIds"]:
            zone = self._ec2.get_subnet(subnet_id).availability_zone
            # A file system has one mount target a zone.
            if zone not in zones:
                self._efs.create_mount_target(domain.file_system_id, subnet_id, None, [group_id])
                zones.add(zone)
