"""Amazon Neptune as AWS has it, in moto's RDS: the API is the same. Other engines are not there.

Not copied: automatic backups and snapshots of them, restoring, global clusters, changes that wait for a maintenance window.
"""

from . import clusters, instances, parameter_groups, subnet_groups

PARTS = (clusters, instances, parameter_groups, subnet_groups)
