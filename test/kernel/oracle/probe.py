"""Opens real connections between the namespaces of one network, all at once, and tells which were answered."""

import errno
import ipaddress
import os
import select
import socket
import struct
import time
from collections.abc import Callable

from network import Compiler

_LINGER_OFF = struct.pack("=ii", 1, 0)
_ECHO_REPLY, _ECHO_REQUEST = 0, 8

# What connect() says when something on the way answered, though not the one who was asked.
_TURNED_AWAY = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EACCES, errno.EPERM, errno.EINVAL, errno.ETIMEDOUT)


class ProbeError(Exception):
    pass


class Prober:
    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.probes: list[dict] = []
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.servers: set[int] = set()
        self.waiting: dict[int, int] = {}
        self.echoes: dict[int, int] = {}
        self.answered: set[int] = set()

    def run(self, probes: list[dict], quiet: float, patience: float) -> list[bool]:
        """True for each probe that was answered. Ends when nothing has come in for `quiet` seconds, or after `patience`."""
        self.probes = probes
        try:
            self._listen(probes)
            self._send(probes)
            self._collect(len(probes), quiet, patience)
            return [number in self.answered for number in range(len(probes))]
        finally:
            for each in self.sockets.values():
                each.close()
            self.poll.close()

    def _keep(self, each: socket.socket, events: int) -> int:
        each.setblocking(False)
        self.sockets[each.fileno()] = each
        self.poll.register(each.fileno(), events)
        return each.fileno()

    # Those who answer

    def _listen(self, probes: list[dict]) -> None:
        wanted: dict[str, set[tuple[str, str, int]]] = {}
        for probe in probes:
            if probe["protocol"] == "icmp":
                # The kernel itself answers an echo request.
                continue
            for name, address in self._homes(probe["destination"]):
                wanted.setdefault(name, set()).add((probe["protocol"], address, probe["port"]))
        for name, listeners in wanted.items():
            self.compiler.network.namespaces[name].enter()
            for protocol, address, port in sorted(listeners):
                kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
                server = socket.socket(socket.AF_INET, kind)
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                server.bind((address, port))
                if protocol == "tcp":
                    # The kernel completes the handshake; nobody need accept.
                    server.listen(1024)
                    self.sockets[server.fileno()] = server
                else:
                    self.servers.add(self._keep(server, select.EPOLLIN))

    def _homes(self, address: str) -> list[tuple[str, str]]:
        """The namespaces where an address is at home, and under which address they know it."""
        homes = [
            (interface.id, own)
            for interface in self.compiler.interfaces.values()
            if not interface.silent
            for own in interface.addresses
            if address == own or (address == interface.public_address and own == interface.addresses[0])
        ]
        if homes or any(address in interface.addresses for interface in self.compiler.interfaces.values()):
            return homes
        ip = ipaddress.IPv4Address(address)
        return [
            (namespace.name, address)
            for namespace, cidrs in self.compiler.services
            if any(ip in ipaddress.IPv4Network(cidr) for cidr in cidrs)
        ]

    # Those who ask

    def _send(self, probes: list[dict]) -> None:
        by_source: dict[str, list[int]] = {}
        for number, probe in enumerate(probes):
            by_source.setdefault(probe.get("interface") or "internet", []).append(number)
        for name, numbers in by_source.items():
            self.compiler.network.namespaces[name].enter()
            # One for each address to ask from, of which the internet has many.
            raw: dict[str, socket.socket] = {}
            for number in numbers:
                probe = probes[number]
                if probe["protocol"] == "icmp":
                    source = probe["source"]
                    if source not in raw:
                        raw[source] = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
                        raw[source].bind((source, 0))
                        self._keep(raw[source], select.EPOLLIN)
                    self._send_echo(raw[source], number, probe)
                else:
                    self._connect(number, probe)

    def _connect(self, number: int, probe: dict) -> None:
        kind = socket.SOCK_STREAM if probe["protocol"] == "tcp" else socket.SOCK_DGRAM
        client = socket.socket(socket.AF_INET, kind)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == socket.SOCK_STREAM:
            # Closed at once, without a packet that anybody would wait for.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_OFF)
        client.bind((probe["source"], probe["sourcePort"]))
        client.setblocking(False)
        code = client.connect_ex((probe["destination"], probe["port"]))
        if code not in (0, errno.EINPROGRESS):
            if code not in _TURNED_AWAY:
                raise ProbeError(f"connect for {probe}: {os.strerror(code)}")
            client.close()
            return
        if kind == socket.SOCK_STREAM:
            self.waiting[self._keep(client, select.EPOLLOUT)] = number
            return
        self.waiting[self._keep(client, select.EPOLLIN)] = number
        self._send_out(lambda: client.send(b"?"))

    def _send_echo(self, raw: socket.socket, number: int, probe: dict) -> None:
        identifier = number + 1
        body = struct.pack(">BBHHH", _ECHO_REQUEST, 0, 0, identifier, 1)
        body = struct.pack(">BBHHH", _ECHO_REQUEST, 0, _checksum(body), identifier, 1)
        self.echoes[identifier] = number
        self._send_out(lambda: raw.sendto(body, (probe["destination"], 0)))

    def _send_out(self, send: Callable[[], object]) -> None:
        try:
            send()
        except OSError as error:
            # The interface's own rules do not let it out.
            if error.errno not in _TURNED_AWAY:
                raise

    def _collect(self, count: int, quiet: float, patience: float) -> None:
        end = time.monotonic() + patience
        while len(self.answered) < count and time.monotonic() < end:
            events = self.poll.poll(quiet)
            if not events:
                return
            for fd, _ in events:
                self._handle(fd)

    def _handle(self, fd: int) -> None:
        each = self.sockets[fd]
        if fd in self.servers:
            data, client = each.recvfrom(64)
            each.sendto(data, client)
        elif fd not in self.waiting:
            self._read_echo(each)
        else:
            number = self.waiting[fd]
            self.poll.unregister(fd)
            code = each.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                self.answered.add(number)
            elif code == errno.ECONNREFUSED:
                raise ProbeError(f"{self.probes[number]} was refused: it came to where nobody listens")
            elif code not in _TURNED_AWAY:
                raise ProbeError(f"{self.probes[number]}: {os.strerror(code)}")

    def _read_echo(self, raw: socket.socket) -> None:
        data = raw.recv(256)
        header = (data[0] & 15) * 4
        kind, _, _, identifier, _ = struct.unpack_from(">BBHHH", data, header)
        if kind == _ECHO_REPLY and identifier in self.echoes:
            self.answered.add(self.echoes[identifier])


def _checksum(data: bytes) -> int:
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
