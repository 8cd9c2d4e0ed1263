"""A Python that finds this file first (PYTHONPATH) reaches its own computer and nothing else."""

import ipaddress
import socket

_Socket, _getaddrinfo = socket.socket, socket.getaddrinfo


def _refuse_far(address):
    host = address[0] if isinstance(address, tuple) else ""             # a Unix socket has a path for an address
    if host in ("", "localhost"):
        return
    try:
        near = ipaddress.ip_address(host).is_loopback
    except ValueError:
        near = False                                                    # a name
    if not near:
        raise OSError(f"the network is cut off for this test: {host}")


class _NearSocket(_Socket):
    def connect(self, address):
        _refuse_far(address)
        return super().connect(address)

    def connect_ex(self, address):
        _refuse_far(address)
        return super().connect_ex(address)

    def sendto(self, data, *flags_and_address):
        _refuse_far(flags_and_address[-1])
        return super().sendto(data, *flags_and_address)


def _near_getaddrinfo(host, *args, **kwargs):
    if host is not None:
        name = host.decode() if isinstance(host, bytes) else host
        try:
            _refuse_far((name,))
        except OSError as refusal:
            raise socket.gaierror(socket.EAI_NONAME, str(refusal)) from None
    return _getaddrinfo(host, *args, **kwargs)


socket.socket, socket.getaddrinfo = _NearSocket, _near_getaddrinfo
