"""The warm template is there before the first page asks for a kernel, and stays.

It retires when nobody has asked for half an hour; a server asks now and then, so that no page pays
for its start.
"""

import os
from typing import Any

from tornado.ioloop import IOLoop, PeriodicCallback

from ncc_kernel.paths import CHECKOUT
from ncc_kernel.warm.client import call

MINUTES_BETWEEN = 10


def keep_warm() -> PeriodicCallback:
    """Start the template now, aside, and look after it from now on."""
    loop = IOLoop.current()

    async def ask() -> None:
        await loop.run_in_executor(None, warm_up)

    loop.add_callback(ask)
    again = PeriodicCallback(ask, MINUTES_BETWEEN * 60_000)
    again.start()
    return again


def warm_up() -> None:
    """One fork that does nothing: a template is there now, or cannot be had on this machine."""
    environ = dict(os.environ)
    here = f"{__name__}:there"
    process = call(here, {}, environ=environ, cwd=CHECKOUT, cold=lambda _why: None)
    process.end(grace=90.0)


def there(channel: Any) -> bool:  # noqa: ARG001  # what the template hands to each call
    """Called in the fork."""
    return True
