"""A client that is stopped from outside: `python -m bench.reliability.stopped_client URL TOKEN_FILE`."""

from __future__ import annotations

import asyncio
import sys

from servermanager import connect

from .pastime import Pastime


async def main(url: str, token_file: str) -> None:
    """Begin, wait to be stopped and told to go on, and print how long that took."""
    async with connect(url, token_file=token_file) as session, Pastime(session) as pastime:
        print("under way", flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
        print(await pastime.goes_on(), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:3]))
