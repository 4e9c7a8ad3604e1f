"""A pooler in transaction mode, as small as can be: one server session, many clients.

Speaks just enough of the protocol to stand where PgBouncer would: it answers the start-up message
itself, with a process number of its own, and lends the one server session for a transaction.
"""

from __future__ import annotations

import socket
import struct
import threading
from pathlib import Path

AUTHENTICATION_OK = b"R" + struct.pack("!ii", 8, 0)
READY_IDLE = b"Z" + struct.pack("!i", 5) + b"I"


class Pooler:
    """Listens on a socket folder of its own until closed."""

    def __init__(self, server: Path, folder: Path, *, user: str, database: str) -> None:
        self._server = _session(server, user, database)
        self._free = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / ".s.PGSQL.5432"))
        self._listener.listen()
        self._clients = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._clients += 1
            threading.Thread(target=self._serve, args=(client, self._clients), daemon=True).start()

    def _serve(self, client: socket.socket, number: int) -> None:
        try:
            _start_up(client)
            key = b"K" + struct.pack("!iii", 12, 90_000 + number, 1)
            version = b"server_version\x00" + b"18.4\x00"
            status = b"S" + struct.pack("!i", len(version) + 4) + version
            encoding = b"client_encoding\x00UTF8\x00"
            status += b"S" + struct.pack("!i", len(encoding) + 4) + encoding
            client.sendall(AUTHENTICATION_OK + status + key + READY_IDLE)
            while True:
                self._transaction(client)
        except (OSError, EOFError):
            client.close()

    def _transaction(self, client: socket.socket) -> None:
        """Lend the server session until it is idle again."""
        message = _message(client)
        if message[:1] == b"X":
            raise EOFError
        with self._free:
            while True:
                self._server.sendall(message)
                # a request ends with Query or Sync; before that the server may stay silent
                while message[:1] not in {b"Q", b"S"}:
                    message = _message(client)
                    self._server.sendall(message)
                while True:
                    answer = _message(self._server)
                    client.sendall(answer)
                    if answer[:1] == b"Z":
                        break
                if answer == READY_IDLE:
                    return
                message = _message(client)


def _start_up(client: socket.socket) -> None:
    while True:
        length = struct.unpack("!i", _exactly(client, 4))[0]
        body = _exactly(client, length - 4)
        # encryption is offered first, and declined
        if struct.unpack("!i", body[:4])[0] not in {80877103, 80877104}:
            return
        client.sendall(b"N")


def _session(server: Path, user: str, database: str) -> socket.socket:
    opened = socket.socket(socket.AF_UNIX)
    opened.connect(str(server / ".s.PGSQL.5432"))
    words = f"user\0{user}\0database\0{database}\0\0".encode()
    opened.sendall(struct.pack("!ii", len(words) + 8, 196608) + words)
    while _message(opened)[:1] != b"Z":
        pass
    return opened


def _message(source: socket.socket) -> bytes:
    head = _exactly(source, 5)
    return head + _exactly(source, struct.unpack("!i", head[1:])[0] - 4)


def _exactly(source: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = source.recv(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data
