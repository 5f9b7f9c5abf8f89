"""The AWS control plane of the sandbox: moto with our extension, served on one local port.

Run as ``python server.py --host 127.0.0.1 --port 0 --port-file FILE [--request-log FILE.jsonl]``. As soon as it listens
it writes ``{"port": N, "pid": N}`` to the port file; SIGTERM and SIGINT end it at once. Beside the AWS API it answers
``GET /_sandbox/health`` and ``GET /_sandbox/resources``.
"""

import argparse
import json
import os
import signal
import sys
import uuid
from collections.abc import Callable, Iterable
from typing import Any

# Nothing may be written beside the sources: the project's folder may be read-only, and stays clean in any case.
sys.dont_write_bytecode = True
# AWS's managed policies exist in every account; moto has them only on demand.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")

import extension  # noqa: E402, F401 - puts our classes in the place of moto's
from failures import with_failures  # noqa: E402
from inventory import list_resources  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from request_log import RequestLog  # noqa: E402
from werkzeug.serving import BaseWSGIServer, make_server  # noqa: E402


class QuietRequestHandler(MotoRequestHandler):
    """No access log on standard error: the request log is the record."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class SandboxApplication:
    """Answers ``/_sandbox/...`` itself and hands everything else to the AWS API."""

    def __init__(self, aws: Callable[..., Iterable[bytes]]) -> None:
        self._aws = aws
        self._instance = str(uuid.uuid4())

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if not path.startswith("/_sandbox/"):
            return self._aws(environ, start_response)
        answers: dict[str, Callable[[], Any]] = {
            "/_sandbox/health": lambda: {"instance": self._instance},
            "/_sandbox/resources": list_resources,
        }
        answer = answers.get(path)
        if answer is None:
            return _json(start_response, "404 Not Found", {"error": f"no such page: {path}", "pages": sorted(answers)})
        return _json(start_response, "200 OK", answer())


def _json(start_response: Callable[..., Any], status: str, value: Any) -> Iterable[bytes]:
    body = json.dumps(value).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def write_port_file(path: str, port: int) -> None:
    """Written whole and then renamed, so that a reader sees no file or all of it."""
    partial = f"{path}.{os.getpid()}"
    with open(partial, "w", encoding="utf-8") as file:
        json.dump({"port": port, "pid": os.getpid()}, file)
    os.replace(partial, path)


def make_application(request_log: Any = None) -> Callable[..., Iterable[bytes]]:
    """The whole WSGI application."""
    aws = with_failures(DomainDispatcherApplication(create_backend_app))
    return RequestLog(SandboxApplication(aws), request_log)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (default: %(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to bind; 0 takes a free one (default: %(default)s)")
    parser.add_argument("--port-file", required=True, help="where to write the port and the process id, as JSON")
    parser.add_argument("--request-log", help="file to append one JSON line for each API call to")
    options = parser.parse_args(arguments)

    # The state lives in memory and every line of the log is flushed: there is nothing to save on the way out.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))

    log = open(options.request_log, "a", encoding="utf-8") if options.request_log else None  # noqa: SIM115
    server: BaseWSGIServer = make_server(
        options.host, options.port, make_application(log), threaded=True, request_handler=QuietRequestHandler
    )
    write_port_file(options.port_file, server.port)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
