#!/bin/bash
# Tells this instance its part in the cluster and starts it. What it means: docs/ami-contract.md.
set -euo pipefail

install -d -m 0755 /etc/pulsar-lab
cat >/etc/pulsar-lab/instance.env <<'ENVIRONMENT'
PULSAR_ROLE=proxy
PULSAR_CLUSTER=lab
PULSAR_ORDINAL=1
PULSAR_HOSTNAME=proxy-1.lab.pulsar.internal
PULSAR_VERSION=4.0.7
AWS_REGION=us-east-1
PULSAR_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:lab-credentials-proxy-1234567-AbCdEf
PULSAR_LOG_GROUP=lab-logs-1234567
PULSAR_METRIC_NAMESPACE=PulsarLab/lab
PULSAR_HEAP_MIB=1216
PULSAR_DIRECT_MEMORY_MIB=288
PULSAR_BROKER_HOSTNAME=broker.lab.pulsar.internal
ENVIRONMENT
chmod 0644 /etc/pulsar-lab/instance.env

systemctl daemon-reload
systemctl enable pulsar-proxy.service
# Without waiting: a role may have to wait for its peers, and cloud-init would hold up the rest of the boot.
systemctl start --no-block pulsar-proxy.service
