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
  "AWS_DEFAULT_REGION": "us-east-1",
  "PULSAR_SERVICE_URL": "pulsar+ssl://b:6651",
  "PULSAR_ADMIN_URL": "https://b:8443"
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
export AWS_DEFAULT_REGION='us-east-1'
export PULSAR_SERVICE_URL='pulsar+ssl://b:6651'
export PULSAR_ADMIN_URL='https://b:8443'
PULSAR_LAB_END
touch "$HOME/.bashrc"
grep -qs pulsar-lab/endpoints.sh "$HOME/.bashrc" || echo '. "$HOME/.pulsar-lab/endpoints.sh"' >> "$HOME/.bashrc"

(
  trap '' HUP
  python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit
  installed="$lab/tools-3cdf115e-$python"
  [ -e "$installed" ] && exit
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
