"""Amazon Neptune as AWS has it. Its API is that of RDS, at the same address and signed for the same service.

So Neptune's clusters, instances and groups live in moto's RDS backend; what belongs to other engines is left to moto.
Not copied: automatic backups and snapshots of them, restoring, global clusters, changes that wait for a maintenance window.
"""

from types import ModuleType

from moto.rds import urls
from moto.rds.models import RDSBackend as MotoRDSBackend
from moto.rds.models import rds_backends
from moto.rds.responses import RDSResponse as MotoRDSResponse

from .clusters import ClusterResponses, Clusters
from .instances import Instances
from .parameter_groups import ParameterGroupResponses, ParameterGroups
from .subnet_groups import SubnetGroups


class RDSBackend(Clusters, Instances, ParameterGroups, SubnetGroups, MotoRDSBackend):
    """One region's RDS and Neptune."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls


class RDSResponse(ClusterResponses, ParameterGroupResponses, MotoRDSResponse):
    """The RDS and Neptune API."""


def install() -> None:
    """Put ours in moto's place."""
    rds_backends.backend = RDSBackend
    urls.url_paths["{0}/$"] = RDSResponse.dispatch
