"""OpenSearch Service: domains in a VPC, with what AWS asks of them before it makes them."""

from . import domains as domains
