"""The cold way: a process started from nothing answers one call, as a fork of the template would."""

import os
import socket
import sys

from ncc_kernel.warm.child import answer
from ncc_kernel.warm.wire import Channel


def main() -> None:
    """Answer the call that comes over the descriptor named on the command line."""
    channel = Channel(socket.socket(fileno=int(sys.argv[1])))
    request = channel.receive()
    code = answer(request, channel) if request is not None else 1
    os._exit(code)


if __name__ == "__main__":
    main()
