"""Network namespaces of one process: made without privileges, entered by file descriptor, gone with the process."""

import ctypes
import os

import links
from netlink import NETLINK_NETFILTER, NETLINK_ROUTE, Message, NetlinkSocket
from nftables import Ruleset

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *args: int) -> None:
    # os.unshare and os.setns exist from Python 3.12 on.
    if getattr(_libc, name)(*args) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def become_root() -> None:
    """Makes this process root of a user namespace of its own, and takes it off the machine's network."""
    uid, gid = os.geteuid(), os.getegid()
    _call("unshare", _CLONE_NEWUSER | _CLONE_NEWNET)
    for file, line in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
        with open(f"/proc/self/{file}", "w") as out:
            out.write(line)


_SYSCTLS = (
    # IPv6 has no part in it, and its addresses would only cost time.
    ("ipv6/conf/default/disable_ipv6", "1"),
    # Whether an answer comes back the same way is for the tables to decide.
    ("ipv4/conf/all/rp_filter", "0"),
    ("ipv4/conf/default/rp_filter", "0"),
    ("ipv4/conf/all/send_redirects", "0"),
    ("ipv4/conf/default/send_redirects", "0"),
)


class Namespace:
    """A network namespace with what is to be in it; nothing but its existence is real before `Network.realise`."""

    def __init__(self, name: str, forwards: bool) -> None:
        self.name = name
        self.requests: list[Message] = []
        self.ruleset = Ruleset()
        self.next_index = 2
        _call("unshare", _CLONE_NEWNET)
        self.fd = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        self._route_socket = NetlinkSocket(NETLINK_ROUTE)
        for path, value in (*_SYSCTLS, ("ipv4/ip_forward", "1" if forwards else "0")):
            try:
                with open(f"/proc/sys/net/{path}", "w") as out:
                    out.write(value)
            except FileNotFoundError:
                if not path.startswith("ipv6/"):
                    raise

    def enter(self) -> None:
        _call("setns", self.fd, _CLONE_NEWNET)

    def make_link(self, message: Message) -> None:
        # A socket acts on the namespace in which it was made.
        self._route_socket.send([message])

    def realise(self) -> None:
        self._route_socket.send([links.up(index) for index in range(1, self.next_index)] + self.requests)
        if self.ruleset.chains:
            self.enter()
            netfilter = NetlinkSocket(NETLINK_NETFILTER)
            netfilter.send_whole(self.ruleset.messages())
            netfilter.close()

    def settle(self) -> None:
        self._route_socket.send([links.settled(index) for index in range(2, self.next_index)])
        self._route_socket.close()

    def close(self) -> None:
        os.close(self.fd)


class Network:
    """Namespaces and the links between them."""

    def __init__(self) -> None:
        self.namespaces: dict[str, Namespace] = {}

    def namespace(self, name: str, forwards: bool = False) -> Namespace:
        if name in self.namespaces:
            raise ValueError(f"two namespaces are named {name}")
        self.namespaces[name] = Namespace(name, forwards)
        return self.namespaces[name]

    def link(self, a: Namespace, b: Namespace, group_a: int = 0, group_b: int = 0) -> tuple[int, int]:
        """A link between two namespaces; its ends are named by their index: l2, l3 and so on."""
        index_a, index_b = a.next_index, b.next_index
        a.next_index += 1
        b.next_index += 1
        a.make_link(links.pair(f"l{index_a}", index_a, group_a, b.fd, f"l{index_b}", index_b, group_b))
        return index_a, index_b

    def realise(self) -> None:
        for namespace in self.namespaces.values():
            namespace.realise()
        for namespace in self.namespaces.values():
            namespace.settle()

    def close(self) -> None:
        for namespace in self.namespaces.values():
            namespace.close()
