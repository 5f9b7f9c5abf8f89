#!/bin/bash
# Tells this instance its part in the cluster and starts it. What it means: docs/ami-contract.md.
set -euo pipefail

install -d -m 0755 /etc/pulsar-lab
cat >/etc/pulsar-lab/instance.env <<'ENVIRONMENT'
PULSAR_ROLE=broker
PULSAR_CLUSTER=lab
PULSAR_ORDINAL=1
PULSAR_HOSTNAME=broker-1.lab.pulsar.internal
PULSAR_VERSION=4.0.7
AWS_REGION=us-east-1
PULSAR_SECRET_ARN=arn:aws:secretsmanager:us-east-1:123456789012:secret:lab-credentials-broker-1234567-AbCdEf
PULSAR_LOG_GROUP=lab-logs-1234567
PULSAR_METRIC_NAMESPACE=PulsarLab/lab
PULSAR_HEAP_MIB=1216
PULSAR_DIRECT_MEMORY_MIB=288
PULSAR_ZOOKEEPER_SERVERS=zookeeper.lab.pulsar.internal:2281
PULSAR_ENSEMBLE_SIZE=3
PULSAR_WRITE_QUORUM=2
PULSAR_ACK_QUORUM=2
ENVIRONMENT
chmod 0644 /etc/pulsar-lab/instance.env

systemctl daemon-reload
systemctl enable pulsar-broker.service
# Without waiting: a role may have to wait for its peers, and cloud-init would hold up the rest of the boot.
systemctl start --no-block pulsar-broker.service
