"""The part of nf_tables that the oracle needs: tables, chains, rules, and the expressions that rules are made of."""

import ipaddress
import socket
import struct
from dataclasses import dataclass, field

from netlink import NLM_F_APPEND, NLM_F_CREATE, Message, attribute, be32, nested, text

_SUBSYSTEM = 10
_BATCH_BEGIN, _BATCH_END = 0x10, 0x11
_NEWTABLE, _NEWCHAIN, _NEWRULE = 0, 3, 6

PREROUTING, INPUT, FORWARD, OUTPUT, POSTROUTING = range(5)
TCP, UDP, ICMP = 6, 17, 1

# Registers of four bytes.
_R1, _R2 = 8, 9

_EQUAL, _NOT_EQUAL = 0, 1
_META_IIFGROUP, _META_OIFGROUP, _META_L4PROTO, _META_OIF, _META_IIF = 21, 22, 16, 5, 4
_CT_STATE = 0
_STATE_ESTABLISHED, _STATE_RELATED, _STATE_NEW = 2, 4, 8
_NETWORK_HEADER, _TRANSPORT_HEADER = 1, 2


def _expression(name: str, *attributes: bytes) -> bytes:
    # NFTA_LIST_ELEM: NFTA_EXPR_NAME, NFTA_EXPR_DATA
    return nested(1, text(1, name), nested(2, *attributes))


def _value(kind: int, data: bytes) -> bytes:
    return nested(kind, attribute(1, data))


def _payload(base: int, offset: int, length: int) -> bytes:
    return _expression("payload", be32(1, _R1), be32(2, base), be32(3, offset), be32(4, length))


def _compare(operation: int, data: bytes) -> bytes:
    return _expression("cmp", be32(1, _R1), be32(2, operation), _value(3, data))


def _masked(mask: bytes, xor: bytes) -> bytes:
    return _expression("bitwise", be32(1, _R1), be32(2, _R1), be32(3, len(mask)), _value(4, mask), _value(5, xor))


def _meta(key: int) -> bytes:
    return _expression("meta", be32(1, _R1), be32(2, key))


def _in_network(offset: int, cidr: str) -> bytes:
    network = ipaddress.IPv4Network(cidr)
    if network.prefixlen == 0:
        return b""
    return (
        _payload(_NETWORK_HEADER, offset, 4)
        + _masked(network.netmask.packed, b"\0" * 4)
        + _compare(_EQUAL, network.network_address.packed)
    )


def source(cidr: str) -> bytes:
    return _in_network(12, cidr)


def destination(cidr: str) -> bytes:
    return _in_network(16, cidr)


def protocol(number: int) -> bytes:
    return _meta(_META_L4PROTO) + _compare(_EQUAL, bytes([number]))


def source_port(port: int) -> bytes:
    return _payload(_TRANSPORT_HEADER, 0, 2) + _compare(_EQUAL, struct.pack(">H", port))


def destination_ports(first: int, last: int) -> bytes:
    """Only after `protocol`: what stands there in a packet of another protocol is no port."""
    if (first, last) == (0, 65535):
        return b""
    # NFTA_RANGE_SREG, _OP (0 is equal), _FROM_DATA, _TO_DATA
    return _payload(_TRANSPORT_HEADER, 2, 2) + _expression(
        "range", be32(1, _R1), be32(2, 0), _value(3, struct.pack(">H", first)), _value(4, struct.pack(">H", last))
    )


def icmp_type(number: int) -> bytes:
    return _payload(_TRANSPORT_HEADER, 0, 1) + _compare(_EQUAL, bytes([number]))


def icmp_code(number: int) -> bytes:
    return _payload(_TRANSPORT_HEADER, 1, 1) + _compare(_EQUAL, bytes([number]))


def service_type(value: int) -> bytes:
    return _payload(_NETWORK_HEADER, 1, 1) + _compare(_EQUAL, bytes([value]))


def set_service_type(value: int) -> bytes:
    # Two bytes at a time, for the header's checksum counts in those: NFTA_PAYLOAD_SREG, _CSUM_TYPE (internet), _CSUM_OFFSET.
    return (
        _payload(_NETWORK_HEADER, 0, 2)
        + _masked(b"\xff\x00", bytes([0, value]))
        + _expression(
            "payload",
            be32(5, _R1),
            be32(2, _NETWORK_HEADER),
            be32(3, 0),
            be32(4, 2),
            be32(6, 1),
            be32(7, 10),
            be32(8, 0),
        )
    )


def incoming_group(group: int) -> bytes:
    return _meta(_META_IIFGROUP) + _compare(_EQUAL, struct.pack("=I", group))


def outgoing_group(group: int) -> bytes:
    return _meta(_META_OIFGROUP) + _compare(_EQUAL, struct.pack("=I", group))


def incoming(index: int) -> bytes:
    return _meta(_META_IIF) + _compare(_EQUAL, struct.pack("=I", index))


def outgoing(index: int) -> bytes:
    return _meta(_META_OIF) + _compare(_EQUAL, struct.pack("=I", index))


def _in_state(bits: int) -> bytes:
    return (
        _expression("ct", be32(1, _R1), be32(2, _CT_STATE))
        + _masked(struct.pack("=I", bits), b"\0" * 4)
        + _compare(_NOT_EQUAL, b"\0" * 4)
    )


def established() -> bytes:
    return _in_state(_STATE_ESTABLISHED | _STATE_RELATED)


def new() -> bytes:
    return _in_state(_STATE_NEW)


def _verdict(code: int, chain: str | None = None) -> bytes:
    inner = be32(1, code) + (text(2, chain) if chain is not None else b"")
    # NFTA_IMMEDIATE_DREG (0 is the verdict), NFTA_IMMEDIATE_DATA: NFTA_DATA_VERDICT
    return _expression("immediate", be32(1, 0), nested(2, nested(2, inner)))


def accept() -> bytes:
    return _verdict(1)


def drop() -> bytes:
    return _verdict(0)


def jump(chain: str) -> bytes:
    return _verdict(-3, chain)


def notrack() -> bytes:
    return _expression("notrack")


def _load(register: int, data: bytes) -> bytes:
    return _expression("immediate", be32(1, register), _value(2, data))


def _nat(kind: int, ip: str, ports: tuple[int, int] | None) -> bytes:
    # NFTA_NAT_TYPE, _FAMILY, _REG_ADDR_MIN, _REG_ADDR_MAX, _REG_PROTO_MIN, _REG_PROTO_MAX
    loads = _load(_R1, socket.inet_aton(ip))
    attributes = be32(1, kind) + be32(2, socket.AF_INET) + be32(3, _R1) + be32(4, _R1)
    if ports is not None:
        loads += _load(_R2, struct.pack(">H", ports[0])) + _load(_R2 + 1, struct.pack(">H", ports[1]))
        attributes += be32(5, _R2) + be32(6, _R2 + 1)
    return loads + _expression("nat", attributes)


def snat(ip: str, ports: tuple[int, int] | None = None) -> bytes:
    return _nat(0, ip, ports)


def dnat(ip: str) -> bytes:
    return _nat(1, ip, None)


@dataclass
class Chain:
    name: str
    rules: list[bytes] = field(default_factory=list)
    hook: int | None = None
    priority: int = 0
    nat: bool = False

    def add(self, *expressions: bytes) -> None:
        self.rules.append(b"".join(expressions))


class Ruleset:
    """One table of one namespace, written in one transaction."""

    def __init__(self) -> None:
        self.chains: dict[str, Chain] = {}

    def chain(self, name: str) -> Chain:
        return self.chains.setdefault(name, Chain(name))

    def base(self, name: str, hook: int, priority: int, nat: bool = False) -> Chain:
        return self.chains.setdefault(name, Chain(name, hook=hook, priority=priority, nat=nat))

    def messages(self) -> list[Message]:
        table = "oracle"
        batch = struct.pack(">BBH", 0, 0, _SUBSYSTEM)
        messages = [Message(_BATCH_BEGIN, 0, batch, "batch", acknowledged=False)]

        def add(kind: int, flags: int, body: bytes, about: str) -> None:
            header = struct.pack(">BBH", socket.AF_INET, 0, 0)
            messages.append(Message(_SUBSYSTEM << 8 | kind, NLM_F_CREATE | flags, header + body, about))

        add(_NEWTABLE, 0, text(1, table), "table")
        for chain in self.chains.values():
            body = text(1, table) + text(3, chain.name)
            if chain.hook is not None:
                body += nested(4, be32(1, chain.hook), be32(2, chain.priority)) + be32(5, 1)
                body += text(7, "nat" if chain.nat else "filter")
            add(_NEWCHAIN, 0, body, f"chain {chain.name}")
        for chain in self.chains.values():
            for number, rule in enumerate(chain.rules):
                body = text(1, table) + text(2, chain.name) + nested(4, rule)
                add(_NEWRULE, NLM_F_APPEND, body, f"rule {number} of chain {chain.name}")
        messages.append(Message(_BATCH_END, 0, batch, "batch", acknowledged=False))
        return messages
