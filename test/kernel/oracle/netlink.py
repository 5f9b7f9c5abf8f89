"""Netlink, as far as the oracle needs it: messages, attributes, and a socket that sends a batch and reads its answers.

Neither `ip` nor `nft` is needed, so that the suite runs wherever the kernel does; and a network takes milliseconds instead of
hundreds of processes.
"""

import errno
import os
import socket
import struct

NETLINK_ROUTE = 0
NETLINK_NETFILTER = 12

NLM_F_REQUEST = 0x1
NLM_F_ACK = 0x4
NLM_F_EXCL = 0x200
NLM_F_CREATE = 0x400
NLM_F_APPEND = 0x800

NLMSG_ERROR = 2
NLA_F_NESTED = 0x8000

_HEADER = struct.Struct("=IHHII")


def attribute(kind: int, payload: bytes) -> bytes:
    length = 4 + len(payload)
    return struct.pack("=HH", length, kind) + payload + b"\0" * (-length % 4)


def nested(kind: int, *attributes: bytes) -> bytes:
    return attribute(kind | NLA_F_NESTED, b"".join(attributes))


def text(kind: int, value: str) -> bytes:
    return attribute(kind, value.encode() + b"\0")


def u32(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack("=I", value))


def be32(kind: int, value: int) -> bytes:
    return attribute(kind, struct.pack(">I", value & 0xFFFFFFFF))


class Message:
    """One request; the sequence number is given when it is sent."""

    def __init__(self, kind: int, flags: int, body: bytes, about: str, acknowledged: bool = True) -> None:
        self.kind = kind
        self.flags = flags | NLM_F_REQUEST | (NLM_F_ACK if acknowledged else 0)
        self.body = body
        self.about = about
        self.acknowledged = acknowledged

    def encode(self, sequence: int) -> bytes:
        length = _HEADER.size + len(self.body)
        return _HEADER.pack(length, self.kind, self.flags, sequence, 0) + self.body + b"\0" * (-length % 4)


class NetlinkError(Exception):
    pass


class NetlinkSocket:
    """A netlink socket of the network namespace in which it is made."""

    def __init__(self, protocol: int) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol)
        # SOL_NETLINK, NETLINK_CAP_ACK: an answer need not repeat the request.
        self._socket.setsockopt(270, 10, 1)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, 1 << 20)
        self._socket.bind((0, 0))
        self._sequence = 0

    def close(self) -> None:
        self._socket.close()

    def send(self, messages: list[Message]) -> None:
        """Sends the messages in as few datagrams as the buffers allow, and raises the first error."""
        for start in range(0, len(messages), 200):
            self._send_datagram(messages[start : start + 200])

    def send_whole(self, messages: list[Message]) -> None:
        """Sends the messages in one datagram: a transaction."""
        self._send_datagram(messages)

    def _send_datagram(self, messages: list[Message]) -> None:
        first = self._sequence + 1
        parts = []
        awaited = set()
        for message in messages:
            self._sequence += 1
            parts.append(message.encode(self._sequence))
            if message.acknowledged:
                awaited.add(self._sequence)
        self._socket.send(b"".join(parts))
        failures = []
        while awaited:
            data = self._socket.recv(1 << 18)
            while data:
                length, kind, _, sequence, _ = _HEADER.unpack_from(data)
                if kind == NLMSG_ERROR:
                    (code,) = struct.unpack_from("=i", data, _HEADER.size)
                    awaited.discard(sequence)
                    if code != 0:
                        about = (
                            messages[sequence - first].about if 0 <= sequence - first < len(messages) else "the batch"
                        )
                        failures.append(f"{about}: {errno.errorcode.get(-code, code)} ({os.strerror(-code)})")
                        # A transaction that is refused as a whole answers only once.
                        if messages[0].acknowledged is False:
                            awaited.clear()
                data = data[(length + 3) & ~3 :]
        if failures:
            raise NetlinkError("; ".join(failures[:3]))
