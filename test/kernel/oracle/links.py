"""Links, addresses, routes and rules: the requests of rtnetlink that the oracle makes."""

import ipaddress
import socket
import struct

from netlink import NLM_F_CREATE, NLM_F_EXCL, Message, attribute, nested, text, u32

RTM_NEWLINK, RTM_NEWADDR, RTM_NEWROUTE, RTM_NEWRULE, RTM_DELRULE = 16, 20, 24, 32, 33

UNICAST, LOCAL, BLACKHOLE, THROW = 1, 2, 6, 9
SCOPE_UNIVERSE, SCOPE_LINK, SCOPE_HOST = 0, 253, 254
TABLE_MAIN, TABLE_LOCAL = 254, 255

LOOPBACK = 1

_IFF_UP = 0x1
_IFF_NOARP = 0x80
# Both ends of each link have the same hardware address and do not ask for the other's: a frame always arrives, and no
# probe waits for an ARP answer.
_HARDWARE_ADDRESS = bytes.fromhex("020000000001")


def _link(index: int, flags: int, change: int) -> bytes:
    return struct.pack("=BBHiII", 0, 0, 0, index, flags, change)


def pair(name: str, index: int, group: int, peer_fd: int, peer_name: str, peer_index: int, peer_group: int) -> Message:
    """A veth link from this namespace to the one of the file descriptor; the indexes are ours to choose."""
    peer = (
        _link(peer_index, _IFF_NOARP, _IFF_NOARP)
        + text(3, peer_name)  # IFLA_IFNAME
        + attribute(1, _HARDWARE_ADDRESS)  # IFLA_ADDRESS
        + u32(27, peer_group)  # IFLA_GROUP
        + u32(28, peer_fd)  # IFLA_NET_NS_FD
    )
    body = (
        _link(index, _IFF_NOARP, _IFF_NOARP)
        + text(3, name)
        + attribute(1, _HARDWARE_ADDRESS)
        + u32(27, group)
        # IFLA_LINKINFO: IFLA_INFO_KIND, IFLA_INFO_DATA with VETH_INFO_PEER
        + nested(18, attribute(1, b"veth"), nested(2, nested(1, peer)))
    )
    return Message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body, f"link {name} to {peer_name}")


def up(index: int) -> Message:
    return Message(RTM_NEWLINK, 0, _link(index, _IFF_UP, _IFF_UP), f"link {index} up")


def settled(index: int) -> Message:
    """Asks for a link, which makes the kernel finish what it defers when a link gets its carrier: until then it sends nothing."""
    # RTM_GETLINK
    return Message(18, 0, _link(index, 0, 0), f"link {index}")


def address(index: int, ip: str) -> Message:
    packed = socket.inet_aton(ip)
    body = struct.pack("=BBBBi", socket.AF_INET, 32, 0, 0, index) + attribute(2, packed) + attribute(1, packed)
    return Message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, body, f"address {ip}")


def route(
    destination: str, table: int = TABLE_MAIN, kind: int = UNICAST, index: int | None = None, metric: int = 0
) -> Message:
    network = ipaddress.IPv4Network(destination)
    scope = {UNICAST: SCOPE_LINK, LOCAL: SCOPE_HOST}.get(kind, SCOPE_UNIVERSE)
    # The table stands in the attribute, for its number may be larger than a byte; 3 is RTPROT_BOOT.
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, network.prefixlen, 0, 0, 0, 3, scope, kind, 0)
    body += attribute(1, network.network_address.packed) + u32(15, table)  # RTA_DST, RTA_TABLE
    if index is not None:
        body += u32(4, index)  # RTA_OIF
    if metric:
        body += u32(6, metric)  # RTA_PRIORITY
    return Message(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, body, f"route {destination} in table {table}")


def rule(priority: int, table: int, incoming: str | None = None) -> Message:
    # 1 is FR_ACT_TO_TBL.
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, 0, 0, 0, 1, 0)
    body += u32(6, priority) + u32(15, table)  # FRA_PRIORITY, FRA_TABLE
    if incoming is not None:
        body += text(3, incoming)  # FRA_IIFNAME
    return Message(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, body, f"rule {priority} for {incoming}")


def without_local_rule() -> Message:
    """Removes the rule that looks up the local table before any other."""
    body = struct.pack("=BBBBBBBBI", socket.AF_INET, 0, 0, 0, TABLE_LOCAL, 0, 0, 1, 0) + u32(6, 0)
    return Message(RTM_DELRULE, 0, body, "removal of the local rule")
