"""The floor where there is no C compiler: `python -m bench.floor_loop PAYLOAD_BYTES HZ SECONDS`.

What `floor.c` does, in the barest Python: one epoll loop that reads every visitor's frame and sends every visitor one
ready-made frame a tick. It speaks to its caller in the same lines.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import select
import socket
import sys
import time

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def answer(request: bytes) -> bytes:
    """The handshake of RFC 6455 section 4.2.2."""
    found = re.search(rb"(?i)sec-websocket-key:\s*(\S+)", request)
    key = found[1] if found else b""
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
    )


class Loop:
    """Listener, visitors and counters."""

    def __init__(self, payload_bytes: int) -> None:
        header = b"\x82" + (
            bytes((payload_bytes,)) if payload_bytes < 126 else b"\x7e" + payload_bytes.to_bytes(2, "big")
        )
        self.frame = header + bytes(payload_bytes)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.listener.setblocking(False)
        self.poll = select.epoll()
        self.poll.register(self.listener, select.EPOLLIN)
        self.poll.register(0, select.EPOLLIN)
        self.waiting: dict[int, socket.socket] = {}
        self.visitors: dict[int, socket.socket] = {}
        self.pairs = 0

    def accept(self) -> None:
        """Let everyone in who knocks."""
        while True:
            try:
                visitor, _ = self.listener.accept()
            except BlockingIOError:
                return
            visitor.setblocking(False)
            visitor.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.waiting[visitor.fileno()] = visitor
            self.poll.register(visitor, select.EPOLLIN)

    def read(self, fd: int) -> None:
        """Take a frame, or the handshake, or the end."""
        visitor = self.visitors.get(fd) or self.waiting[fd]
        data = visitor.recv(65536)
        if not data:
            self.poll.unregister(fd)
            self.visitors.pop(fd, None)
            self.waiting.pop(fd, None)
            visitor.close()
        elif fd in self.waiting:
            visitor.send(answer(data))
            self.visitors[fd] = self.waiting.pop(fd)

    def tick(self) -> None:
        """Send everyone the frame."""
        for visitor in self.visitors.values():
            try:
                visitor.send(self.frame)
            except OSError:
                continue
            self.pairs += 1


def main() -> None:
    """Serve until the measured seconds are over or the caller is gone."""
    payload_bytes, hz, seconds = (int(argument) for argument in sys.argv[1:4])
    loop = Loop(payload_bytes)
    print("port", loop.listener.getsockname()[1], flush=True)
    next_s, ticks_left, began_s = time.monotonic(), -1, 0.0
    while True:
        for fd, _ in loop.poll.poll(max(0.0, next_s - time.monotonic())):
            if fd == loop.listener.fileno():
                loop.accept()
            elif fd:
                loop.read(fd)
            elif not os.read(0, 4096):
                return
            else:
                loop.pairs, ticks_left, began_s = 0, seconds * hz, sum(os.times()[:2])
        if time.monotonic() < next_s:
            continue
        next_s += 1 / hz
        loop.tick()
        ticks_left -= 1
        if ticks_left == 0:
            print("pairs", loop.pairs, "cpu_us", round((sum(os.times()[:2]) - began_s) * 1e6), flush=True)
            return


if __name__ == "__main__":
    main()
