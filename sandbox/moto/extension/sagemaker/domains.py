"""Studio domains: a home file system and two security groups come with one, and the groups outlive it.

moto gives a domain an EFS file system that does not exist, no security groups, and deletes it whatever is in it.
AWS: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateDomain.html, API_UpdateDomain, API_DeleteDomain,
https://docs.aws.amazon.com/sagemaker/latest/dg/gs-studio-delete-domain.html. Seen in issues of
https://github.com/hashicorp/terraform-provider-aws/issues/: the groups stay when the domain is deleted, and keep subnets and VPC
from being deleted (20986); what an update to VpcOnly needs (45528); whose groups can be managed by the service (39923).
"""

from typing import Any

from moto.kms.models import kms_backends
from moto.moto_api._internal import mock_random

from .resource import StudioResource, check_user_settings, in_use, invalid

# SageMaker's service marks with this tag what it makes in the account; the value is the domain's ARN.
_MANAGED_BY = "ManagedByAmazonSageMakerResource"

# NFS, and Lustre's ports, which SageMaker opens beside it.
_PORTS = ((988, 988), (1018, 1023), (2049, 2049))


class Domain(StudioResource):
    """A domain with its file system and groups."""

    key = ("DomainId",)
    not_updated = ("DomainSettingsForUpdate",)
    file_system_id = ""
    _uid = 200_000

    def __init__(self, backend: Any, settings: dict[str, Any]) -> None:
        id_ = f"d-{mock_random.get_random_string(length=12, lower_case=True)}"
        super().__init__(backend, {"AppNetworkAccessType": "PublicInternetOnly", **settings, "DomainId": id_})

    @classmethod
    def key_of(cls, settings: dict[str, Any]) -> tuple[str, ...]:
        # A new domain gets its id when it is made.
        return (settings.get("DomainId", ""),)

    @classmethod
    def check(cls, backend: Any, settings: dict[str, Any]) -> None:
        name = settings["DomainName"]
        if any(domain.settings["DomainName"] == name for domain in backend.all_of("Domain")):
            raise in_use(f"Resource Already Exists: Domain with name {name} already exists. Choose a different name.")
        cls.check_update(backend, settings, {})

    @classmethod
    def check_update(cls, backend: Any, settings: dict[str, Any], request: dict[str, Any]) -> None:
        if "DomainSettingsForUpdate" in request:
            settings["DomainSettings"] = request["DomainSettingsForUpdate"]
        if request.get("AppNetworkAccessType") == "VpcOnly" and not (request.get("VpcId") and request.get("SubnetIds")):
            raise invalid("VpcId and Subnet IDs are required for updating domains to VpcOnly mode.")
        if "AppSecurityGroupManagement" in request and "RStudioServerProDomainSettings" not in (
            settings.get("DomainSettings") or {}
        ):
            raise invalid("AppSecurityGroupManagement can only be set for Rstudio enabled domains.")
        vpc_id = settings["VpcId"]
        backend.ec2.get_vpc(vpc_id)
        for subnet_id in settings["SubnetIds"]:
            if backend.ec2.get_subnet(subnet_id).vpc_id != vpc_id:
                raise invalid(f"Subnet {subnet_id} does not belong to VPC {vpc_id}")
        key_id = settings.get("KmsKeyId")
        keys = kms_backends[backend.account_id][backend.region_name].keys
        if key_id and key_id.rsplit("/", 1)[-1] not in keys:
            raise invalid(f"KMS key {key_id} does not exist")
        user = settings["DefaultUserSettings"]
        if settings.get("AppNetworkAccessType") == "VpcOnly" and not user.get("SecurityGroups"):
            raise invalid("SecurityGroups are required in DefaultUserSettings when AppNetworkAccessType is VpcOnly")
        check_user_settings(backend, user, vpc_id)
        check_user_settings(backend, settings.get("DefaultSpaceSettings"), vpc_id)

    def created(self, backend: Any) -> None:
        self._create_home(backend, self._create_nfs_groups(backend.ec2))

    def check_change(self, backend: Any, settings: dict[str, Any]) -> None:
        # API_UpdateDomain: there must be no apps in the InService, Pending, or Deleting state.
        leaving = set(self.settings["SubnetIds"]) - set(settings["SubnetIds"])
        if settings["AppNetworkAccessType"] == self.settings["AppNetworkAccessType"] and not leaving:
            return
        if any(app.settings["DomainId"] == self.id and not app.is_gone for app in backend.all_of("App")):
            what = "SubnetIds" if leaving else "AppNetworkAccessType"
            raise invalid(f"{what} of Domain [{self.id}] cannot be updated because App(s) are associated with it.")

    def check_free(self, backend: Any) -> None:
        for kind in ("UserProfile", "Space"):
            if any(one.settings["DomainId"] == self.id for one in backend.all_of(kind)):
                raise in_use(f"Unable to delete Domain [{self.id}] because {kind}(s) are associated with it.")

    def deleted(self, backend: Any, request: dict[str, Any]) -> None:
        # The default is Retain.
        if (request.get("RetentionPolicy") or {}).get("HomeEfsFileSystem") == "Delete":
            backend.efs.delete_with_mount_targets(self.file_system_id)

    def describe(self) -> dict[str, Any]:
        url = f"https://{self.id}.studio.{self.arn.split(':')[3]}.sagemaker.aws"
        return {**super().describe(), "HomeEfsFileSystemId": self.file_system_id, "Url": url}

    def next_uid(self) -> str:
        self._uid += 5
        return str(self._uid)

    def _create_nfs_groups(self, ec2: Any) -> str:
        """The groups of the file system's interfaces and of its users; each names the other. Returns the former."""
        groups = {
            direction: ec2.create_security_group(
                f"security-group-for-{direction}-nfs-{self.id}",
                f"[DO NOT DELETE] Security Group that allows {direction} NFS traffic for SageMaker Notebooks Domain "
                f"[{self.id}]",
                self.settings["VpcId"],
                tags={_MANAGED_BY: self.arn},
            )
            for direction in ("inbound", "outbound")
        }
        for direction, peer in (("inbound", "outbound"), ("outbound", "inbound")):
            # A new group admits all egress; these admit NFS alone.
            groups[direction].egress_rules.clear()
            pairs = [{"GroupId": groups[peer].id}]
            permissions = [
                {"IpProtocol": "tcp", "FromPort": low, "ToPort": high, "UserIdGroupPairs": pairs}
                for low, high in _PORTS
            ]
            ec2.add_rules(groups[direction], direction == "outbound", permissions)
        return groups["inbound"].id

    def _create_home(self, backend: Any, group_id: str) -> None:
        file_system = backend.efs.create_file_system(
            creation_token=self.id,
            performance_mode="generalPurpose",
            encrypted=True,
            kms_key_id=self.settings.get("KmsKeyId"),
            throughput_mode="bursting",
            provisioned_throughput_in_mibps=None,
            availability_zone_name=None,
            backup=False,
            tags=[{"Key": _MANAGED_BY, "Value": self.arn}],
        )
        self.file_system_id = file_system.file_system_id
        # A file system has one mount target a zone.
        by_zone = {backend.ec2.get_subnet(id_).availability_zone: id_ for id_ in reversed(self.settings["SubnetIds"])}
        for subnet_id in reversed(by_zone.values()):
            backend.efs.create_mount_target(self.file_system_id, subnet_id, None, [group_id])
