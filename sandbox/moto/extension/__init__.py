"""What AWS does and moto does not, as subclasses of moto's own backends and responses.

Nothing in moto's package is edited: :func:`install` puts our classes where moto looks for its own, before it has built
any of them. Each module covers one concept and says which behaviour of AWS it copies.
"""

import inventory

from . import budgets, cloudwatch, ec2, efs, iam, logs, neptune, opensearch, route53, sagemaker, secrets_manager, ssm


def install() -> None:
    """Put the extension in place; call it once, before the first request."""
    inventory.watch_backends()
    budgets.install()
    cloudwatch.install()
    ec2.install()
    efs.install()
    iam.install()
    logs.install()
    neptune.install()
    opensearch.install()
    route53.install()
    sagemaker.install()
    secrets_manager.install()
    ssm.install()
