#!/bin/bash
# Tells this instance its part in the cluster and starts it. What it means: docs/ami-contract.md.
set -euo pipefail

install -d -m 0755 /etc/pulsar-lab
cat >/etc/pulsar-lab/instance.env <<'ENVIRONMENT'
PULSAR_ROLE=client
PULSAR_CLUSTER=lab
PULSAR_ORDINAL=1
PULSAR_HOSTNAME=client-1.lab.pulsar.internal
PULSAR_VERSION=4.0.7
AWS_REGION=us-east-1
PULSAR_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:lab-credentials-client-1234567-AbCdEf
PULSAR_LOG_GROUP=lab-logs-1234567
PULSAR_METRIC_NAMESPACE=PulsarLab/lab
PULSAR_HEAP_MIB=1216
PULSAR_DIRECT_MEMORY_MIB=288
PULSAR_SERVICE_URL=pulsar+ssl://broker.lab.pulsar.internal:6651
PULSAR_ADMIN_URL=https://broker.lab.pulsar.internal:8443
ENVIRONMENT
chmod 0644 /etc/pulsar-lab/instance.env

systemctl daemon-reload
systemctl enable pulsar-client.service
# Without waiting: a role may have to wait for its peers, and cloud-init would hold up the rest of the boot.
systemctl start --no-block pulsar-client.service
