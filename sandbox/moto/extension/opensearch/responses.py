"""The API of OpenSearch Service: the upgrade of a domain, which moto has not."""

import json

from moto.opensearch.responses import OpenSearchServiceResponse as MotoOpenSearchServiceResponse


class OpenSearchServiceResponse(MotoOpenSearchServiceResponse):
    """Answers as moto does, and to one more action."""

    def upgrade_domain(self) -> str:
        name, version = self._get_param("DomainName"), self._get_param("TargetVersion")
        self.opensearch_backend.upgrade_domain(name, version)  # type: ignore[attr-defined]
        return json.dumps({"DomainName": name, "TargetVersion": version, "PerformCheckOnly": False})
