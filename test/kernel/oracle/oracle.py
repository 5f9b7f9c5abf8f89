"""Answers, a line of JSON each, which probes pass in the networks of snapshots, by letting the kernel decide.

In:  {"snapshot": ..., "natPorts": {gateway: {client port: port taken}}, "probes": [...], "quiet": s, "patience": s}
     A probe: {"interface": id or absent for the internet, "source", "sourcePort", "destination", "port", "protocol"}.
Out: {"answered": [true, ...], "seconds": {...}} or {"error": "..."}.
"""

import json
import resource
import sys
import time
import traceback

from namespaces import become_root
from network import Compiler
from probe import Prober


def answer(request: dict) -> dict:
    nat_ports = {
        gateway: {int(client): taken for client, taken in ports.items()}
        for gateway, ports in request.get("natPorts", {}).items()
    }
    begun = time.monotonic()
    compiler = Compiler(request["snapshot"], nat_ports)
    try:
        compiler.compile()
        built = time.monotonic()
        answered = Prober(compiler).run(request["probes"], request["quiet"], request["patience"])
        probed = time.monotonic()
    finally:
        compiler.network.close()
    return {"answered": answered, "seconds": {"build": built - begun, "probe": probed - built}}


def main() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    try:
        become_root()
    except OSError as error:
        print(json.dumps({"unable": str(error)}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        try:
            result = answer(json.loads(line))
        except Exception:
            result = {"error": traceback.format_exc()}
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
