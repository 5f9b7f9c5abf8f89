#!/bin/bash
[ "${1:-}" = get ] || exit 0
aws secretsmanager get-secret-value --region @REGION@ --secret-id @SECRET_ARN@ --query SecretString --output text |
  python3 -c 'import json, sys; s = json.load(sys.stdin); print("username=" + s["username"]); print("password=" + s["password"])'
