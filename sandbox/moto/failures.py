"""What the emulator cannot do, told in the form of an AWS error.

Left alone, moto answers an HTML page, of which a client of AWS only sees that it cannot be parsed.
"""

import json
import sys
import traceback
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

# EC2 and the other query services wrap their errors differently.
_EC2_BODY = "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
_QUERY_BODY = (
    "<ErrorResponse><Error><Type>Receiver</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"
)


def with_failures(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, with an error document for whatever it raises; tracebacks of defects go to standard error."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            return application(environ, start_response)
        except NotImplementedError as error:
            return _failure(environ, start_response, error)
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return _failure(environ, start_response, error)

    return answer


def _failure(environ: dict[str, Any], start_response: Callable[..., Any], error: Exception) -> Iterable[bytes]:
    if isinstance(error, NotImplementedError):
        # Not retried by clients: what is not implemented now will not be in a second.
        status, code, message = (
            "501 Not Implemented",
            "NotImplemented",
            f"the sandbox's AWS does not have this: {error}",
        )
    else:
        status, code, message = "500 Internal Server Error", "InternalFailure", f"the sandbox's AWS failed: {error}"
    if "json" in environ.get("CONTENT_TYPE", ""):
        content_type, body = "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message})
    else:
        is_ec2 = "/ec2/aws4_request" in environ.get("HTTP_AUTHORIZATION", "")
        template = _EC2_BODY if is_ec2 else _QUERY_BODY
        content_type, body = "text/xml", template.format(code=code, message=escape(message))
    data = body.encode()
    start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(data)))])
    return [data]
