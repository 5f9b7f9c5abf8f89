"""What AWS does and moto does not. Each module covers one concept and says which behaviour of AWS it copies.

Importing this package puts everything in place; it comes before the first request.
"""

import inventory
from moto.budgets.models import budgets_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.ec2.models import ec2_backends
from moto.efs.models import efs_backends
from moto.iam.models import iam_backends
from moto.logs.models import logs_backends
from moto.opensearch.models import opensearch_backends
from moto.rds.models import rds_backends
from moto.route53.models import route53_backends
from moto.sagemaker.models import sagemaker_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.ssm.models import ssm_backends

from . import budgets, cloudwatch, ec2, efs, iam, logs, neptune, opensearch, route53, sagemaker, secrets_manager, ssm
from .wiring import install

inventory.watch_backends()
install(budgets_backends, budgets)
install(cloudwatch_backends, cloudwatch)
install(ec2_backends, *ec2.PARTS)
install(efs_backends, efs)
install(iam_backends, iam)
install(logs_backends, logs)
install(opensearch_backends, opensearch.domains, urls="moto.es.urls")
# The API of Neptune is that of RDS, at the same address and signed for the same service.
install(rds_backends, *neptune.PARTS)
install(route53_backends, route53)
install(sagemaker_backends, *sagemaker.PARTS)
install(secretsmanager_backends, secrets_manager)
install(ssm_backends, ssm)
