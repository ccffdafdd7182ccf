#!/usr/bin/env python3
"""Tells who is in photographs, as figured knows them. Needs nothing but Python 3.9.

    who_is_this.py IMAGE...

The files are opened here and passed to the daemon, which needs no right to read them.
"""

import array
import json
import os
import socket
import sys


class Figured:
    """A connection to the daemon: one request at a time."""

    def __init__(self, path):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(path)
        self._lines = self._socket.makefile("rb")
        self._last_id = 0
        greeting = self._read()
        if "error" in greeting:  # all connections are taken
            raise RuntimeError(greeting["error"]["message"])
        self.hello = greeting["params"]
        if self.hello["Protocol"].split(".")[0] != "1":
            raise RuntimeError("the daemon speaks protocol " + self.hello["Protocol"])

    def _read(self):
        line = self._lines.readline()
        if not line:
            raise RuntimeError("the daemon has closed the connection")
        return json.loads(line)

    def call(self, method, parameters=None, files=()):
        """The result of a method; "fd:0" in its parameters is the first of `files`."""
        self._last_id += 1
        request = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        request["params"] = parameters or {}
        line = json.dumps(request).encode() + b"\n"
        if files:
            numbers = array.array("i", [file.fileno() for file in files])
            sent = self._socket.sendmsg(
                [line], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)]
            )
            line = line[sent:]
        self._socket.sendall(line)
        while True:
            answer = self._read()
            if "method" in answer:  # a notification, such as $/progress
                continue
            if answer["id"] not in (None, self._last_id):
                continue
            if "error" in answer:
                raise RuntimeError(answer["error"]["message"])
            return answer["result"]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    daemon = Figured(os.environ.get("FIGURED_SOCKET", "/run/figured/figured.sock"))
    for path in sys.argv[1:]:
        with open(path, "rb") as image:
            found = daemon.call("SearchImageFigureCluster", {"SourceURI": "fd:0"}, [image])
        names = []
        for person in found["Clusters"]:
            if person["Similarity"] < 0.5:
                names.append("somebody new")
            else:
                names.append(person.get("Name", "somebody without a name"))
        print(f"{path}: {', '.join(names) or 'nobody'}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError) as error:
        sys.exit(f"who_is_this: {error}")
