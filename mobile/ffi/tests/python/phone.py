"""What the stories share: a phone made of the bindings, and the hub it speaks to."""

import asyncio
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from ruhu import ruhu_ffi
from ruhu.ruhu_ffi import (
    BootReading,
    ClockReading,
    ClockReadings,
    Fieldbook,
    HostKind,
    KeyStore,
    Observer,
    Setup,
)

PASSCODE = "三〇四室-0304"

# Told by the script that started the hub.
HUB_URL = os.environ["RUHU_HUB_URL"]
HUB_DATA = os.environ["RUHU_HUB_DATA"]
RUHU = os.environ["RUHU_BIN"]
SHIFT_MS = int(os.environ["RUHU_HUB_SHIFT_MS"])


class Keys(KeyStore):
    """A key store of the test's own: turns the bits with a pad that lies in this process only."""

    def __init__(self):
        self.fails = None

    def wrap_key(self, key):
        if self.fails:
            raise self.fails
        return bytes(byte ^ 0x5A for byte in key)

    def unwrap_key(self, wrapped):
        return self.wrap_key(wrapped)


class Clock(ClockReadings):
    """The hub's day, at the real pace."""

    def __init__(self, boot="boot 1"):
        self.fails = None
        self.boot = boot

    def read(self):
        if self.fails:
            raise self.fails
        wall_ms = time.time_ns() // 1_000_000 + SHIFT_MS
        elapsed_ms = time.monotonic_ns() // 1_000_000
        return ClockReading(wall_ms=wall_ms, boot=BootReading(elapsed_ms=elapsed_ms, boot_id=self.boot))


class Watcher(Observer):
    """Remembers what it was told."""

    def __init__(self):
        self.fails = None
        self.changes = 0
        self.hosts = []
        self.syncs = []
        self.book = None

    def changed(self):
        self.changes += 1
        if self.fails:
            raise self.fails
        if self.book:
            self.book.state()  # whoever is told may ask

    def host_changed(self, state):
        self.hosts.append(state.standing)
        if self.fails:
            raise self.fails

    def sync_changed(self, state):
        self.syncs.append(state)
        if self.fails:
            raise self.fails


class Phone:
    """One phone: its folder and what the host hands in."""

    def __init__(self, folder=None):
        self.folder = folder or tempfile.mkdtemp(prefix="ruhu-phone-")
        self.keys, self.clock, self.watcher = Keys(), Clock(), Watcher()
        setup = Setup(
            folder=str(self.folder), app="0.1.0", device="python", host=HostKind.ANDROID, roots_pem=None
        )
        self.book = Fieldbook(setup, self.keys, self.clock, self.watcher)

    def files(self):
        return [path.read_bytes() for path in Path(self.folder).rglob("*") if path.is_file()]


def hub(*args):
    """Runs one command of the hub."""
    done = subprocess.run([RUHU, "--data", HUB_DATA, *args], capture_output=True, text=True, check=True)
    return done.stdout


def workers():
    """Names of the community's workers, in order."""
    return [line.split()[0] for line in hub("worker", "list").splitlines() if line.strip()]


def code_for(worker):
    """A one-time code as the QR code holds it."""
    lines = hub("enrol", worker, "--url", HUB_URL).splitlines()
    return next(line for line in lines if line.startswith(HUB_URL))


def enrolled(worker):
    """A phone that has made its first load."""
    phone = Phone()
    phone.book.create(PASSCODE)

    async def begin():
        await phone.book.enrol(code_for(worker), None)
        return await phone.book.sync_once(True)

    state = asyncio.run(begin())
    assert state.state == ruhu_ffi.SyncStep.DONE, state
    return phone


def not_home(book, unit):
    """The visit in progress to a door, or an empty form, filled in: nobody was at home."""
    form = json.loads(book.ask("draft", json.dumps({"unit": unit})))
    return form | {"outcome": {"code": "not-home", "note_left": True}}
