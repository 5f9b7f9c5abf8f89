"""Domains: they take time, live in subnets, and tell of themselves what AWS tells.

moto's are ready at once, in no subnet, take any options, and give back what they were given, the master user included.
AWS: https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainStatus.html,
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
"""

import hashlib
from types import ModuleType
from typing import Any

from moto.ec2.models import ec2_backends
from moto.es import urls
from moto.opensearch.exceptions import ResourceNotFoundException
from moto.opensearch.models import OpenSearchDomain as MotoOpenSearchDomain
from moto.opensearch.models import OpenSearchServiceBackend as MotoOpenSearchServiceBackend
from moto.opensearch.models import default_software_update_options

from .checks import check_options, invalid, options_of

# How often a domain is looked at before what is being done to it is done: waiting shows, and takes no time.
_LOOKS_UNTIL_DONE = 1


class OpenSearchDomain(MotoOpenSearchDomain):
    """A domain that is being made, changed or deleted until it has been looked at."""

    # For the inventory: what is being deleted counts as gone.
    status = "Creating"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.interfaces: list[Any] = []
        self.vpc_id = ""
        self.zones: list[str] = []
        digest = hashlib.sha256(self.arn.encode()).hexdigest()[:26]
        kind = "vpc" if self.vpc_options else "search"
        self._host = f"{kind}-{self.domain_name}-{digest}.{options['region']}.es.amazonaws.com"
        self._looks = 0
        self.processing = True

    def begin(self, status: str) -> None:
        self.status = status
        self.processing = True
        self._looks = 0

    def look(self) -> None:
        """Somebody asks how far it is."""
        self._looks += 1
        if self._looks > _LOOKS_UNTIL_DONE and not self.deleted:
            self.status = "Active"
            self.processing = False

    @property
    def is_gone(self) -> bool:
        return self.deleted and self._looks > _LOOKS_UNTIL_DONE

    @property
    def _auto_tune(self) -> dict[str, Any]:
        options = self.auto_tune_options
        # Without a word AWS tunes, unless the instances are too small for it.
        burstable = str(self.cluster_config.get("InstanceType", "")).startswith(("t2.", "t3."))
        return {
            "DesiredState": options.get("DesiredState") or ("DISABLED" if burstable else "ENABLED"),
            "RollbackOnDisable": options.get("RollbackOnDisable", "NO_ROLLBACK"),
            "MaintenanceSchedules": options.get("MaintenanceSchedules", []),
            "UseOffPeakWindow": options.get("UseOffPeakWindow", False),
        }

    def dct_options(self) -> dict[str, Any]:
        options = super().dct_options()
        made = self.status != "Creating"
        tune = self._auto_tune
        security = {key: value for key, value in self.advanced_security_options.items() if key != "MasterUserOptions"}
        window = self.off_peak_window_options or {"Enabled": True}
        options.update(
            Endpoint=self._host if made and not self.vpc_options else None,
            Endpoints={"vpc": self._host} if made and self.vpc_options else None,
            VPCOptions=self._vpc_info(),
            AutoTuneOptions={"State": tune["DesiredState"], "UseOffPeakWindow": tune["UseOffPeakWindow"]},
            # AWS keeps the master user to itself.
            AdvancedSecurityOptions={"InternalUserDatabaseEnabled": False, "AnonymousAuthEnabled": False, **security},
            OffPeakWindowOptions={"OffPeakWindow": {"WindowStartTime": {"Hours": 22, "Minutes": 0}}, **window},
            SoftwareUpdateOptions={
                "AutoSoftwareUpdateEnabled": self.software_update_options.get("AutoSoftwareUpdateEnabled", False)
            },
            DomainEndpointOptions={
                "EnforceHTTPS": False,
                "TLSSecurityPolicy": "Policy-Min-TLS-1-2-2019-07",
                "CustomEndpointEnabled": False,
                **self.domain_endpoint_options,
            },
        )
        return options

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
        config = super().to_config_dict()
        for key in ("VPCOptions", "AdvancedSecurityOptions", "OffPeakWindowOptions", "SoftwareUpdateOptions"):
            config[key] = self._wrap(shown[key])
        config["AutoTuneOptions"] = {
            **self._wrap(self._auto_tune),
            "Status": {**self._status_block(), "State": self._auto_tune["DesiredState"]},
        }
        return config

    def _vpc_info(self) -> dict[str, Any] | None:
        if not self.vpc_options:
            return None
        return {
            "VPCId": self.vpc_id,
            "SubnetIds": self.vpc_options.get("SubnetIds", []),
            "SecurityGroupIds": self.vpc_options.get("SecurityGroupIds", []),
            "AvailabilityZones": self.zones,
        }


class OpenSearchServiceBackend(MotoOpenSearchServiceBackend):
    """One region's OpenSearch Service."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls

    def create_domain(self, domain_name: str, tag_list: Any, **options: Any) -> OpenSearchDomain:  # type: ignore[override]
        there = self.domains.get(domain_name)
        if there is not None and self._looked_at(there) is not None:
            raise invalid(
                "Domain is still being deleted" if there.deleted else f"Domain already exists: {domain_name}",
                "ValidationException" if there.deleted else "ResourceAlreadyExistsException",
            )
        check_options(self, domain_name, options_of(options))
        domain = OpenSearchDomain(
            account_id=self.account_id, region=self.region_name, domain_name=domain_name, **options
        )
        self._settle_in(domain)
        self.domains[domain_name] = domain
        self.add_tags(domain.arn, tag_list or [])
        return domain

    def update_domain_config(self, domain_name: str, **options: Any) -> OpenSearchDomain:  # type: ignore[override]
        domain = self._existing(domain_name)
        if domain.processing:
            raise invalid("A change/update is in progress. Please wait for it to complete before requesting another.")
        given = {key: value for key, value in options.items() if value is not None}
        # A list of logs is added to what is there: a type that is not named stays as it is.
        if "log_publishing_options" in given:
            given["log_publishing_options"] = {
                **(domain.log_publishing_options or {}),
                **given["log_publishing_options"],
            }
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
        domain = self._looked_at(self._existing(domain_name))
        if domain is None:
            raise ResourceNotFoundException(domain_name)
        return domain

    def describe_domains(self, domain_names: list[str]) -> list[MotoOpenSearchDomain]:
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
        domain = self.domains.get(domain_name)
        if domain is None:
            raise ResourceNotFoundException(domain_name)
        assert isinstance(domain, OpenSearchDomain)
        return domain

    def _looked_at(self, domain: Any) -> OpenSearchDomain | None:
        """The domain; nothing when it turns out to be gone by now."""
        domain.look()
        if domain.is_gone:
            self._drop_interfaces(domain)
            self.tagger.delete_all_tags_for_resource(domain.arn)
            del self.domains[domain.domain_name]
            return None
        return domain  # type: ignore[no-any-return]

    def _settle_in(self, domain: OpenSearchDomain) -> None:
        """An interface in each subnet: it keeps subnet and security groups in use until the domain is gone."""
        if not domain.vpc_options:
            return
        ec2: Any = ec2_backends[self.account_id][self.region_name]
        subnets = [ec2.get_subnet(id_) for id_ in domain.vpc_options["SubnetIds"]]
        domain.vpc_id = subnets[0].vpc_id
        domain.zones = [subnet.availability_zone for subnet in subnets]
        groups = domain.vpc_options.get("SecurityGroupIds") or [ec2.get_default_security_group(domain.vpc_id).id]
        domain.vpc_options["SecurityGroupIds"] = groups
        self._drop_interfaces(domain)
        for subnet in subnets:
            interface = ec2.create_network_interface(subnet, None, group_ids=groups)
            interface.hand_to_service("interface", f"ES {domain.domain_name}")
            domain.interfaces.append(interface)

    def _drop_interfaces(self, domain: OpenSearchDomain) -> None:
        for interface in domain.interfaces:
            ec2_backends[self.account_id][self.region_name].drop_network_interface(interface)  # type: ignore[attr-defined]
        domain.interfaces = []


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
