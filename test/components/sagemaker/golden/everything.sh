#!/bin/bash
# Made by pulsar-lab. Writes where the lab's services are, and installs what notebooks use them with.
# Never fails: JupyterLab would not start. See ~/.pulsar-lab/*.log for what did not work.
set -u
lab="$HOME/.pulsar-lab"
startup="$HOME/.ipython/profile_default/startup"
mkdir -p "$lab" "$startup"

# For notebooks: each kernel has the endpoints in its environment.
cat > "$lab/endpoints.json" <<'PULSAR_LAB_END'
{
  "AWS_DEFAULT_REGION": "eu-west-1",
  "NEPTUNE_ENDPOINT": "lab.cluster-x.eu-west-1.neptune.amazonaws.com",
  "NEPTUNE_READER_ENDPOINT": "lab.cluster-ro-x.eu-west-1.neptune.amazonaws.com",
  "NEPTUNE_PORT": "8182",
  "NEPTUNE_CLUSTER_RESOURCE_ID": "cluster-ABC",
  "OPENSEARCH_ENDPOINT": "vpc-lab.eu-west-1.es.amazonaws.com",
  "PULSAR_SERVICE_URL": "pulsar://broker.lab.internal:6650",
  "PULSAR_ADMIN_URL": "http://broker.lab.internal:8080"
}
PULSAR_LAB_END
cat > "$startup/00-pulsar-lab.py" <<'PULSAR_LAB_END'
import json, os, pathlib

_file = pathlib.Path.home() / ".pulsar-lab" / "endpoints.json"
if _file.exists():
    os.environ.update(json.loads(_file.read_text()))
del _file
PULSAR_LAB_END

# For terminals.
cat > "$lab/endpoints.sh" <<'PULSAR_LAB_END'
export AWS_DEFAULT_REGION='eu-west-1'
export NEPTUNE_ENDPOINT='lab.cluster-x.eu-west-1.neptune.amazonaws.com'
export NEPTUNE_READER_ENDPOINT='lab.cluster-ro-x.eu-west-1.neptune.amazonaws.com'
export NEPTUNE_PORT='8182'
export NEPTUNE_CLUSTER_RESOURCE_ID='cluster-ABC'
export OPENSEARCH_ENDPOINT='vpc-lab.eu-west-1.es.amazonaws.com'
export PULSAR_SERVICE_URL='pulsar://broker.lab.internal:6650'
export PULSAR_ADMIN_URL='http://broker.lab.internal:8080'
PULSAR_LAB_END
touch "$HOME/.bashrc"
grep -qs pulsar-lab/endpoints.sh "$HOME/.bashrc" || echo '. "$HOME/.pulsar-lab/endpoints.sh"' >> "$HOME/.bashrc"

cat > "$HOME/graph_notebook_config.json" <<'PULSAR_LAB_END'
{
  "host": "lab.cluster-x.eu-west-1.neptune.amazonaws.com",
  "neptune_service": "neptune-db",
  "port": 8182,
  "proxy_host": "",
  "proxy_port": 8182,
  "auth_mode": "IAM",
  "load_from_s3_arn": "",
  "ssl": true,
  "ssl_verify": true,
  "aws_region": "eu-west-1"
}
PULSAR_LAB_END

cat > "$lab/git-credentials" <<'PULSAR_LAB_END'
#!/bin/bash
[ "${1:-}" = get ] || exit 0
aws secretsmanager get-secret-value --region 'eu-west-1' --secret-id 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:git-AbCdEf' --query SecretString --output text |
  python3 -c 'import json, sys; s = json.load(sys.stdin); print("username=" + s["username"]); print("password=" + s["password"])'
PULSAR_LAB_END
chmod 700 "$lab/git-credentials"
git config --global 'credential.https://git.example.com.helper' "$lab/git-credentials" || true
folder="$HOME"/'notebooks'
if [ ! -e "$folder" ]; then
  (
    trap '' HUP
    export GIT_TERMINAL_PROMPT=0
    timeout 600 git clone --branch 'main' -- 'https://git.example.com/team/notebooks.git' "$folder" && echo "cloned" ||
      echo "the repository was not cloned: is there a way to it from the VPC? It is tried again at the next start."
  ) > "$lab/git.log" 2>&1 < /dev/null &
fi

(
  trap '' HUP
  python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit
  installed="$lab/tools-3cdf115e-$python"
  [ -e "$installed" ] && exit
  token=$(aws codeartifact get-authorization-token --domain 'pkgs' --domain-owner '123456789012' --region 'eu-west-1' --query authorizationToken --output text)
  url=$(aws codeartifact get-repository-endpoint --domain 'pkgs' --domain-owner '123456789012' --region 'eu-west-1' --repository 'pypi' --format pypi --query repositoryEndpoint --output text)
  if [ -z "$token" ] || [ -z "$url" ]; then
    echo "CodeArtifact did not answer; it is tried again at the next start."
    exit
  fi
  export PIP_INDEX_URL="https://aws:$token@${url#https://}simple/"
  if timeout 900 python3 -m pip install --user --quiet --no-input --disable-pip-version-check --timeout 10 --retries 2 \
    'graph-notebook==5.3.0' 'opensearch-py==3.2.0' 'pulsar-client==3.13.0'; then
    python3 -m graph_notebook.ipython_profile.configure_ipython_profile
    touch "$installed"
    echo "installed; kernels that run already have to be restarted"
  else
    echo "the tools were not installed: is there a way to the package index from the VPC? It is tried again at the next start."
  fi
) > "$lab/tools.log" 2>&1 < /dev/null &

exit 0
