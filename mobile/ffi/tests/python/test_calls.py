"""Ten thousand calls: how fast, and nothing left behind."""

import asyncio
import gc
import json
import os
import sys
import time
import unittest

from phone import enrolled, workers
from ruhu.ruhu_ffi import PortError

CALLS = 10_000
# What the allocator may keep of it; a leak of 1 KiB a call would be 10 MiB.
GROWTH_KIB = 4 * 1024


def rss_kib():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024


class Calls(unittest.TestCase):
    """One phone, asked again and again."""

    def test_ten_thousand_calls_leave_nothing_behind(self):
        book = enrolled(workers()[0]).book
        unit = book.today(None, None).doors[0].unit
        with_ = json.dumps({"unit": unit})

        async def given_up():
            task = asyncio.ensure_future(book.call('{"call":"sync"}'))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        def once(nth):
            kind = nth % 20
            if kind == 0:
                book.household(unit)
            elif kind == 1:
                book.keep_draft(book.draft(unit))
            elif kind < 8:
                book.state()
            elif kind < 14:
                json.loads(book.ask("draft", with_))
            else:
                with self.assertRaises(PortError):
                    book.ask("no such question", "{}")

        async def asynchronous(count):
            for _ in range(count):
                await book.call('{"call":"host"}')
            for _ in range(count // 50):
                await given_up()

        # Caches fill, the allocator settles.
        for nth in range(2000):
            once(nth)
        asyncio.run(asynchronous(400))
        gc.collect()
        before = rss_kib()
        began = time.monotonic()
        for nth in range(CALLS):
            once(nth)
        calls_s = CALLS / (time.monotonic() - began)
        asyncio.run(asynchronous(2000))
        gc.collect()
        after = rss_kib()
        print(
            json.dumps({"calls": CALLS, "calls_per_s": round(calls_s), "rss_kib": [before, after]}),
            file=sys.stderr,
        )
        self.assertLess(after - before, GROWTH_KIB)


if __name__ == "__main__":
    unittest.main(verbosity=2)
