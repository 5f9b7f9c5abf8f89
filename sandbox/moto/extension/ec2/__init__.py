"""EC2 as AWS has it: moto's backend and responses with our parts before them."""

from types import ModuleType

from moto.ec2 import urls
from moto.ec2.models import EC2Backend as MotoEC2Backend
from moto.ec2.models import ec2_backends
from moto.ec2.responses import EC2Response as MotoEC2Response

from . import elastic_addresses, images, instances, routes, security_groups, tags, vpcs
from .elastic_addresses import ElasticAddresses, ElasticAddressResponses
from .endpoint_services import EndpointServices
from .flow_logs import FlowLogResponses, FlowLogs
from .images import Images
from .instances import InstanceResponses, Instances
from .internet_gateways import InternetGateways
from .nat_gateway_addresses import NatGatewayAddresses, NatGatewayAddressResponses
from .nat_gateways import NatGateways
from .network_interfaces import NetworkInterfaces
from .prefix_lists import PrefixListResponses
from .routes import Routes
from .security_groups import SecurityGroupResponses, SecurityGroups
from .subnets import SubnetResponses, Subnets
from .tags import TagResponses
from .volumes import Volumes
from .vpc_endpoints import VpcEndpointResponses, VpcEndpoints
from .vpcs import VpcResponses, Vpcs


class EC2Backend(
    ElasticAddresses,
    EndpointServices,
    FlowLogs,
    Images,
    Instances,
    InternetGateways,
    NatGatewayAddresses,
    NatGateways,
    NetworkInterfaces,
    Routes,
    SecurityGroups,
    Subnets,
    Volumes,
    VpcEndpoints,
    Vpcs,
    MotoEC2Backend,
):
    """One region's EC2."""

    @property
    def _url_module(self) -> ModuleType:
        # moto looks for it beside the module of the class.
        return urls


class EC2Response(
    ElasticAddressResponses,
    FlowLogResponses,
    InstanceResponses,
    NatGatewayAddressResponses,
    PrefixListResponses,
    SecurityGroupResponses,
    SubnetResponses,
    TagResponses,
    VpcEndpointResponses,
    VpcResponses,
    MotoEC2Response,
):
    """The EC2 API."""


def install() -> None:
    """Put ours in moto's place."""
    elastic_addresses.install()
    images.install()
    instances.install()
    routes.install()
    security_groups.install()
    tags.install()
    vpcs.install()
    ec2_backends.backend = EC2Backend
    urls.url_paths["{0}/"] = EC2Response.dispatch
