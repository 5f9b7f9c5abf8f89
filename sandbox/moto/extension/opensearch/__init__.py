"""OpenSearch Service: domains in a VPC, with what AWS asks of them before it makes them."""

from moto.es import urls
from moto.opensearch.models import opensearch_backends

from .domains import OpenSearchServiceBackend
from .responses import OpenSearchServiceResponse


def install() -> None:
    """Put ours in moto's place."""
    opensearch_backends.backend = OpenSearchServiceBackend
    for path in list(urls.url_paths):
        if "/2021-01-01/" in path:
            urls.url_paths[path] = OpenSearchServiceResponse.dispatch
    urls.url_paths["{0}/2021-01-01/opensearch/upgradeDomain$"] = OpenSearchServiceResponse.dispatch
