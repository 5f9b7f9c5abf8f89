"""Parameter group families: which engine version takes a group of which, and the parameters there are.

AWS: https://docs.aws.amazon.com/neptune/latest/userguide/parameters.html and API_CreateDBClusterParameterGroup.
"""

import re

from moto.rds.exceptions import InvalidParameterCombination

FAMILIES = ("neptune1", "neptune1.2", "neptune1.3", "neptune1.4", "neptune1.5")

# Parameter -> whether it is static: a change waits for a restart. True only where the user guide says so.
CLUSTER_PARAMETERS = {
    "neptune_autoscaling_config": False,
    "neptune_enable_audit_log": True,
    "neptune_enable_inline_server_generated_edge_id": False,
    "neptune_enable_slow_query_log": False,
    "neptune_lab_mode": False,
    "neptune_lookup_cache": False,
    "neptune_ml_endpoint": False,
    "neptune_ml_iam_role": False,
    "neptune_query_timeout": False,
    "neptune_slow_query_log_threshold": False,
    "neptune_streams": False,
    "neptune_streams_expiry_days": False,
}
INSTANCE_PARAMETERS = {"neptune_dfe_query_engine": False, "neptune_query_timeout": False, "neptune_result_cache": False}


def family_of(engine_version: str) -> str:
    """The family of an engine version: the major version of Neptune is the first two numbers."""
    numbers = re.match(r"1\.(\d+)\.\d+\.\d+$", engine_version)
    family = f"neptune1.{numbers[1]}" if numbers and int(numbers[1]) >= 2 else "neptune1"
    if numbers is None or family not in FAMILIES:
        raise InvalidParameterCombination(f"Cannot find version {engine_version} for neptune")
    return family


def check_family(group_name: str, family: str, engine_version: str) -> None:
    """Refuse a group that is not made for an engine version."""
    expected = family_of(engine_version)
    if family != expected:
        raise InvalidParameterCombination(
            f"The Parameter Group {group_name} with DBParameterGroupFamily {family} cannot be used for this instance. "
            f"Please use a Parameter Group with DBParameterGroupFamily {expected}"
        )
