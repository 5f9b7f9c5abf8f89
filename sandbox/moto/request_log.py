"""The request log: one JSON line for each API call, so that a test can count what was read and what was written."""

import io
import json
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, TextIO
from urllib.parse import parse_qs


def describe_call(environ: dict[str, Any], body: bytes) -> dict[str, str]:
    """Which service, action and region a request names.

    The credential scope of the signature gives service and region; the action is the ``Action`` parameter (query
    protocols), the last part of ``X-Amz-Target`` (JSON protocols), or method and path (REST protocols).
    """
    service = region = ""
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    _, separator, scope = authorization.partition("Credential=")
    if separator:
        parts = scope.split(",")[0].split("/")
        if len(parts) >= 5:
            region, service = parts[2], parts[3]
    return {"service": service, "action": _action(environ, body), "region": region}


def _action(environ: dict[str, Any], body: bytes) -> str:
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return str(target).rsplit(".", 1)[-1]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        action = parse_qs(body.decode("utf-8", "replace")).get("Action")
        if action:
            return action[0]
    action = parse_qs(environ.get("QUERY_STRING", "")).get("Action")
    if action:
        return action[0]
    return f"{environ['REQUEST_METHOD']} {environ.get('PATH_INFO', '/')}"


class RequestLog:
    """WSGI middleware that appends one line a call to ``stream`` and lets one call run at a time.

    moto keeps its state in plain dictionaries without locks: two overlapping calls could both find a subnet's range
    free, or change a dictionary while the other reads it. AWS answers each call as if it were alone. So moto must not
    call itself while it answers; of its services, only ones that the project does not use do that.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], stream: TextIO | None) -> None:
        self._application = application
        self._stream = stream
        self._one_call = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Read before the lock is taken: a client that never sends its body must not stop the others.
        body = _read_body(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("wsgi.input_terminated", None)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        status = ""

        def remember_status(line: str, headers: Any, exc_info: Any = None) -> Any:
            nonlocal status
            status = line.split(" ", 1)[0]
            return start_response(line, headers, exc_info) if exc_info else start_response(line, headers)

        with self._one_call:
            try:
                answer = self._application(environ, remember_status)
                try:
                    return [b"".join(answer)]
                finally:
                    close = getattr(answer, "close", None)
                    if close:
                        close()
            finally:
                self._write(environ, body, status or "500")

    def _write(self, environ: dict[str, Any], body: bytes, status: str) -> None:
        if self._stream is None or environ.get("PATH_INFO", "").startswith("/_sandbox/"):
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **describe_call(environ, body),
            "userAgent": environ.get("HTTP_USER_AGENT", ""),
            "status": int(status),
        }
        self._stream.write(json.dumps(line) + "\n")
        self._stream.flush()


def _read_body(environ: dict[str, Any]) -> bytes:
    if environ.get("wsgi.input_terminated"):
        return environ["wsgi.input"].read()
    length = environ.get("CONTENT_LENGTH")
    return environ["wsgi.input"].read(int(length)) if length else b""
