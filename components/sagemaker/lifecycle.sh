#!/bin/bash
# Made by pulsar-lab. Writes where the lab's services are, and installs what notebooks use them with.
# Never fails: JupyterLab would not start. See ~/.pulsar-lab/*.log for what did not work.
set -u
lab="$HOME/.pulsar-lab"
startup="$HOME/.ipython/profile_default/startup"
mkdir -p "$lab" "$startup"

# For notebooks: each kernel has the endpoints in its environment.
cat > "$lab/endpoints.json" <<'PULSAR_LAB_END'
@ENDPOINTS_JSON@
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
@ENDPOINTS_EXPORTS@
PULSAR_LAB_END
touch "$HOME/.bashrc"
# shellcheck disable=SC2016 # The shell that reads .bashrc expands it.
grep -qs pulsar-lab/endpoints.sh "$HOME/.bashrc" || echo '. "$HOME/.pulsar-lab/endpoints.sh"' >> "$HOME/.bashrc"
#if GRAPH_NOTEBOOK_CONFIG

## By this file the magics of graph-notebook find Neptune; the notebook's role signs their requests.
cat > "$HOME/graph_notebook_config.json" <<'PULSAR_LAB_END'
@GRAPH_NOTEBOOK_CONFIG@
PULSAR_LAB_END
#end
#if CLONE_ARGUMENTS

#if GIT_CREDENTIALS
## Git asks this helper for the credentials, which asks Secrets Manager: they are never written to the disk.
cat > "$lab/git-credentials" <<'PULSAR_LAB_END'
@GIT_CREDENTIALS@
PULSAR_LAB_END
chmod 700 "$lab/git-credentials"
git config --global @CREDENTIAL_HELPER@ "$lab/git-credentials" || true
#end
## Once: afterwards the folder is the user's, and nothing here may change their commits.
folder="$HOME"/@FOLDER@
if [ ! -e "$folder" ]; then
  (
    trap '' HUP
    export GIT_TERMINAL_PROMPT=0
    timeout 600 git clone @CLONE_ARGUMENTS@ "$folder" && echo "cloned" ||
      echo "the repository was not cloned: is there a way to it from the VPC? It is tried again at the next start."
  ) > "$lab/git.log" 2>&1 < /dev/null &
fi
#end
#unless TOOLS

echo "no tools are installed: the image has to bring them"
#end
#if TOOLS

(
  trap '' HUP
  python=$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])') || exit
  ## Only where exactly these tools are not installed yet for this Python.
  installed="$lab/tools-@TOOLS_DIGEST@-$python"
  [ -e "$installed" ] && exit
  #if INDEX_URL
  export PIP_INDEX_URL=@INDEX_URL@
  #end
  #if CODE_ARTIFACT_REPOSITORY
  ## The token is in the environment of this one pip, and is written nowhere.
  token=$(aws codeartifact get-authorization-token @CODE_ARTIFACT_DOMAIN@ --query authorizationToken --output text)
  url=$(aws codeartifact get-repository-endpoint @CODE_ARTIFACT_DOMAIN@ --repository @CODE_ARTIFACT_REPOSITORY@ --format pypi --query repositoryEndpoint --output text)
  if [ -z "$token" ] || [ -z "$url" ]; then
    echo "CodeArtifact did not answer; it is tried again at the next start."
    exit
  fi
  export PIP_INDEX_URL="https://aws:$token@${url#https://}simple/"
  #end
  if timeout 900 python3 -m pip install --user --quiet --no-input --disable-pip-version-check --timeout 10 --retries 2 \
    @TOOLS@; then
    python3 -m graph_notebook.ipython_profile.configure_ipython_profile
    touch "$installed"
    echo "installed; kernels that run already have to be restarted"
  else
    echo "the tools were not installed: is there a way to the package index from the VPC? It is tried again at the next start."
  fi
) > "$lab/tools.log" 2>&1 < /dev/null &
#end

exit 0
