"""Domains: they take time, live in subnets, and tell of themselves what AWS tells.

moto's are ready at once, in no subnet, take any options, and give back what they were given, the master user included.
It has no UpgradeDomain.
AWS: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html,
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
"""

import hashlib
import json
from typing import Any, ClassVar

from moto.ec2.models import ec2_backends
from moto.es import urls
from moto.opensearch import models
from moto.opensearch.exceptions import ResourceNotFoundException
from moto.opensearch.models import OpenSearchDomain as MotoOpenSearchDomain
from moto.opensearch.models import default_software_update_options
from moto.opensearch.responses import OpenSearchServiceResponse

from ..lifecycle import Lifecycle, look_at
from ..wiring import in_place_of
from .checks import check_options, invalid, is_burstable, options_of

urls.url_paths["{0}/2021-01-01/opensearch/upgradeDomain$"] = OpenSearchServiceResponse.dispatch


@in_place_of(models)
class OpenSearchDomain(Lifecycle, MotoOpenSearchDomain):
    """A domain that is being made, changed or deleted until it has been looked at."""

    becomes: ClassVar = {
        **dict.fromkeys(("Creating", "Modifying", "UpgradingEngineVersion"), "Active"),
        "Deleting": "deleted",
    }

    def __init__(self, region: str, **options: Any) -> None:
        self.interfaces: list[Any] = []
        self.vpc_id = ""
        self.zones: list[str] = []
        super().__init__(region=region, **options)
        digest = hashlib.sha256(self.arn.encode()).hexdigest()[:26]
        kind = "vpc" if self.vpc_options else "search"
        self._host = f"{kind}-{self.domain_name}-{digest}.{region}.es.amazonaws.com"
        self.begin("Creating")

    @property
    def processing(self) -> bool:
        return self.status in self.becomes

    @processing.setter
    def processing(self, value: bool) -> None:
        """moto sets it; ours follows the state."""

    @property
    def _auto_tune(self) -> dict[str, Any]:
        options = self.auto_tune_options
        # AWS tunes by default, unless the instances are too small for it.
        default = "DISABLED" if is_burstable(self.cluster_config.get("InstanceType")) else "ENABLED"
        return {
            "DesiredState": options.get("DesiredState") or default,
            "RollbackOnDisable": options.get("RollbackOnDisable", "NO_ROLLBACK"),
            "MaintenanceSchedules": options.get("MaintenanceSchedules", []),
            "UseOffPeakWindow": options.get("UseOffPeakWindow", False),
        }

    def dct_options(self) -> dict[str, Any]:
        host = self._host if self.status != "Creating" else None
        tune = self._auto_tune
        security = {key: value for key, value in self.advanced_security_options.items() if key != "MasterUserOptions"}
        return {
            **super().dct_options(),
            "Endpoint": None if self.vpc_options else host,
            "Endpoints": {"vpc": host} if host and self.vpc_options else None,
            "VPCOptions": self._vpc_info(),
            "AutoTuneOptions": {"State": tune["DesiredState"], "UseOffPeakWindow": tune["UseOffPeakWindow"]},
            # AWS keeps the master user to itself.
            "AdvancedSecurityOptions": {
                "InternalUserDatabaseEnabled": False,
                "AnonymousAuthEnabled": False,
                **security,
            },
            "OffPeakWindowOptions": {
                "OffPeakWindow": {"WindowStartTime": {"Hours": 22, "Minutes": 0}},
                **(self.off_peak_window_options or {"Enabled": True}),
            },
            "SoftwareUpdateOptions": {
                "AutoSoftwareUpdateEnabled": self.software_update_options.get("AutoSoftwareUpdateEnabled", False)
            },
            "DomainEndpointOptions": {
                "EnforceHTTPS": False,
                "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07",
                "CustomEndpointEnabled": False,
                **self.domain_endpoint_options,
            },
        }

    def to_dict(self) -> dict[str, Any]:
        return {
            **super().to_dict(),
            "DomainProcessingStatus": self.status,
            "UpgradeProcessing": self.status == "UpgradingEngineVersion",
            "IPAddressType": "ipv4",
            "ServiceSoftwareOptions": {**default_software_update_options, "AutomatedUpdateDate": 0},
        }

    def to_config_dict(self) -> dict[str, Any]:
        shown = self.dct_options()
        keys = ("VPCOptions", "AdvancedSecurityOptions", "OffPeakWindowOptions", "SoftwareUpdateOptions")
        tune = self._auto_tune
        return {
            **super().to_config_dict(),
            **{key: self._wrap(shown[key]) for key in keys},
            "AutoTuneOptions": {**self._wrap(tune), "Status": {**self._status_block(), "State": tune["DesiredState"]}},
        }

    def _vpc_info(self) -> dict[str, Any] | None:
        if not self.vpc_options:
            return None
        return {
            "VPCId": self.vpc_id,
            "SubnetIds": self.vpc_options.get("SubnetIds", []),
            "SecurityGroupIds": self.vpc_options.get("SecurityGroupIds", []),
            "AvailabilityZones": self.zones,
        }


class Backend:
    def create_domain(self, domain_name: str, tag_list: Any, **options: Any) -> OpenSearchDomain:
        self._look(domain_name)
        if domain_name in self.domains:
            raise (
                invalid("Domain is still being deleted")
                if self.domains[domain_name].deleted
                else invalid(f"Domain already exists: {domain_name}", "ResourceAlreadyExistsException")
            )
        check_options(self, domain_name, options_of(options))
        domain = super().create_domain(domain_name=domain_name, tag_list=tag_list, **options)
        self._settle_in(domain)
        return domain

    def update_domain_config(self, domain_name: str, **options: Any) -> OpenSearchDomain:
        domain = self._existing(domain_name)
        if domain.processing:
            raise invalid("A change/update is in progress. Please wait for it to complete before requesting another.")
        given = {key: value for key, value in options.items() if value is not None}
        # A list of logs is added to what is there: a type that is not named stays as it is.
        if logs := given.get("log_publishing_options"):
            given["log_publishing_options"] = {**(domain.log_publishing_options or {}), **logs}
        check_options(self, domain_name, options_of({**vars(domain), **given}))
        super().update_domain_config(domain_name=domain_name, **{**options, **given})
        if "vpc_options" in given:
            self._settle_in(domain)
        domain.begin("Modifying")
        return domain

    def upgrade_domain(self, domain_name: str, version: str) -> None:
        domain = self._existing(domain_name)
        kind, _, old = domain.engine_version.options.partition("_")
        if version.partition("_")[0] != kind or _number(version.partition("_")[2]) <= _number(old):
            raise invalid(f"Upgrade from {domain.engine_version.options} to {version} is not supported.")
        domain.engine_version.options = version
        domain.begin("UpgradingEngineVersion")

    def describe_domain(self, domain_name: str) -> OpenSearchDomain:
        self._look(domain_name)
        return self._existing(domain_name)

    def describe_domains(self, domain_names: list[str]) -> list[OpenSearchDomain]:
        return [self.describe_domain(name) for name in domain_names if name in self.domains]

    def describe_domain_config(self, domain_name: str) -> dict[str, Any]:
        return self._existing(domain_name).to_config_dict()

    def delete_domain(self, domain_name: str) -> OpenSearchDomain:
        domain = self._existing(domain_name)
        if not domain.deleted:
            domain.delete()
            domain.begin("Deleting")
        return domain

    def _existing(self, domain_name: str) -> OpenSearchDomain:
        if domain_name not in self.domains:
            raise ResourceNotFoundException(domain_name)
        return self.domains[domain_name]

    def _look(self, domain_name: str) -> None:
        for domain in look_at(self.domains, domain_name):
            self._drop_interfaces(domain)
            self.tagger.delete_all_tags_for_resource(domain.arn)

    def _settle_in(self, domain: OpenSearchDomain) -> None:
        """An interface in each subnet: it keeps subnet and security groups in use until the domain is gone."""
        if not domain.vpc_options:
            return
        subnets = [self.ec2.get_subnet(id_) for id_ in domain.vpc_options["SubnetIds"]]
        domain.vpc_id = subnets[0].vpc_id
        domain.zones = [subnet.availability_zone for subnet in subnets]
        groups = domain.vpc_options.get("SecurityGroupIds") or [self.ec2.get_default_security_group(domain.vpc_id).id]
        domain.vpc_options["SecurityGroupIds"] = groups
        self._drop_interfaces(domain)
        domain.interfaces = [
            self.ec2.create_service_interface(subnet, groups, "interface", f"ES {domain.domain_name}")
            for subnet in subnets
        ]

    def _drop_interfaces(self, domain: OpenSearchDomain) -> None:
        for interface in domain.interfaces:
            self.ec2.drop_network_interface(interface)
        domain.interfaces = []

    @property
    def ec2(self) -> Any:
        return ec2_backends[self.account_id][self.region_name]


class Responses:
    def upgrade_domain(self) -> str:
        name, version = self._get_param("DomainName"), self._get_param("TargetVersion")
        self.opensearch_backend.upgrade_domain(name, version)
        return json.dumps({"DomainName": name, "TargetVersion": version, "PerformCheckOnly": False})


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
