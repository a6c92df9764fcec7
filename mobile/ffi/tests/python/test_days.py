"""Bad days: no line, killed by the system, exceptions of the host's own code, a sync that is given up half-way."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import unittest
from pathlib import Path

from ruhu import ruhu_ffi
from phone import PASSCODE, Phone, enrolled, hub, workers
from ruhu.ruhu_ffi import HostFault, PortError, Standing, SyncStep
from ruhu.ruhu_port import OutcomeForm, ReceiptState

HERE = Path(__file__).parent


def outcome(code, **more):
    form = OutcomeForm(code=code, note_left=False, do_not_ask_until=None, informant=None, left_on=None)
    for name, value in more.items():
        setattr(form, name, value)
    return form


def met(book, unit):
    """Somebody was met and nothing had changed: three taps."""
    household = book.open_household(unit)
    form = book.draft(unit)
    form.outcome = outcome("met")
    adults = [one.person for one in household.members if not one.child]
    form.met, form.nothing_changed = adults[:1], True
    return form


def killed_after(visits, folder):
    """The records that a worker's app said it had saved before it was killed."""
    command = [sys.executable, str(HERE / "worker_day.py"), folder]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        # To the end: whatever was said before the kill came through counts as well.
        for line in process.stdout:
            said.append(line.strip())
            if len(said) == visits:
                os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "the day ended before it was killed"
    return said


class Days(unittest.TestCase):
    """Each on a phone of its own."""

    def test_a_day_without_a_line_killed_in_between_and_nothing_is_lost(self):
        worker = workers()[1]
        phone = enrolled(worker)
        phone.book.lock()
        # Twice a process saves visit after visit and is killed while it does.
        saved = killed_after(15, phone.folder) + killed_after(10, phone.folder)
        self.assertGreaterEqual(len(saved), 25)

        again = Phone(phone.folder)
        self.assertEqual(again.book.unlock(PASSCODE).standing, Standing.OPEN)
        held = {line.record: line for line in again.book.receipts()}
        self.assertEqual([record for record in saved if record not in held], [], "said to be saved, and lost")
        for door in again.book.today(None, None).doors[:5]:
            if door.unit.startswith("household/"):
                again.book.save_visit(met(again.book, door.unit))
        unsent = again.book.state().outbox.unsent
        state = asyncio.run(again.book.sync_once(True))
        self.assertEqual((state.state, state.accepted, state.put_aside), (SyncStep.DONE, unsent, 0))
        receipts = again.book.receipts()
        self.assertEqual({line.state for line in receipts}, {ReceiptState.ACCEPTED})

        # Another phone of the same worker is told of every one of them by the hub.
        other = enrolled(worker)
        for line in receipts:
            if line.kind == "visit":
                history = other.book.household(line.unit).history
                self.assertIn(line.record, [one.record for one in history])

    def test_what_the_hosts_own_code_throws_comes_back_as_a_trouble(self):
        phone = Phone()
        phone.keys.fails = RuntimeError("张三 13800000000 is in this message")
        with self.assertRaises(PortError.CallSupport) as said:
            phone.book.create(PASSCODE)
        self.assertNotIn("张三", str(said.exception), "what the host's code says is not passed on")
        phone.keys.fails = HostFault.NotNow()
        with self.assertRaises(PortError.TryLater):
            phone.book.create(PASSCODE)
        phone.keys.fails = None
        phone.book.create(PASSCODE)

        phone.clock.fails = ValueError("no clock")
        for broken in (phone.book.state, phone.book.host, phone.book.lock, phone.book.receipts):
            with self.assertRaises(PortError.CallSupport):
                broken()
        with self.assertRaises(PortError.CallSupport):
            asyncio.run(phone.book.sync_once(True))
        phone.clock.fails = HostFault.NotNow()
        with self.assertRaises(PortError.TryLater):
            phone.book.state()
        phone.clock.fails = None
        self.assertIsNone(phone.book.state().who)

    def test_what_an_observer_throws_stops_nothing_that_has_happened(self):
        phone = enrolled(workers()[2])
        phone.watcher.fails = KeyError("the screen is gone")
        unit = next(door.unit for door in phone.book.today(None, None).doors)
        form = phone.book.draft(unit)
        form.outcome = outcome("not-home", note_left=True)
        record = phone.book.save_visit(form).record
        self.assertEqual(phone.book.observer_faults(), 1)
        self.assertIn(record, [line.record for line in phone.book.receipts()])
        self.assertEqual(asyncio.run(phone.book.sync_once(True)).state, SyncStep.DONE)
        self.assertEqual(phone.book.lock().standing, Standing.LOCKED)
        self.assertGreater(phone.book.observer_faults(), 3)

    def test_an_observer_may_ask_the_book_what_it_was_told_of(self):
        phone = enrolled(workers()[2])
        phone.watcher.book = phone.book
        unit = phone.book.today(None, None).doors[0].unit
        form = phone.book.draft(unit)
        form.outcome = outcome("not-home")
        phone.book.save_visit(form)
        phone.watcher.book = None
        self.assertEqual(phone.book.observer_faults(), 0)

    def test_a_sync_given_up_at_any_wait_loses_nothing_and_sends_nothing_twice(self):
        phone = enrolled(workers()[3])
        book = phone.book
        doors = [door.unit for door in book.today(None, None).doors]

        async def given_up_after(steps):
            task = asyncio.ensure_future(book.sync_once(True))
            for _ in range(steps):
                await asyncio.wait({task}, timeout=0.004)
                if task.done():
                    return True
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                pass
            return False

        records, finished, steps, given_up = [], 0, 0, 0
        while finished < 3 and steps < 200:
            form = book.draft(doors[len(records)])
            form.outcome = outcome("not-home")
            records.append(book.save_visit(form).record)
            ended = asyncio.run(given_up_after(steps))
            finished = finished + 1 if ended else 0
            given_up += not ended
            self.assertNotEqual(book.sync_state().state, SyncStep.RUNNING)
            steps += 1
        self.assertGreater(given_up, 0, "at least the one that was given up before its first wait")
        self.assertEqual(asyncio.run(book.sync_once(True)).state, SyncStep.DONE)
        receipts = book.receipts()
        self.assertEqual({line.state for line in receipts}, {ReceiptState.ACCEPTED})
        self.assertEqual(sorted(line.record for line in receipts), sorted(records))
        print(f"given up {given_up} times, {len(records)} records, all received once", file=sys.stderr)

    def test_threads_and_a_sync_at_once_get_their_answers(self):
        phone = enrolled(workers()[4])
        wrong = []

        def read():
            for _ in range(100):
                try:
                    phone.book.today(None, None)
                    phone.book.state()
                except Exception as why:  # noqa: BLE001 – whatever it is, it is wrong
                    wrong.append(why)

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()

        async def both():
            return await asyncio.gather(*(phone.book.sync_once(True) for _ in range(4)))

        states = {state.state for state in asyncio.run(both())}
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertLessEqual(states, {SyncStep.DONE, SyncStep.RUNNING})

    def test_nothing_can_be_read_from_the_files_while_locked(self):
        phone = enrolled(workers()[4])
        names = [name for door in phone.book.today(None, None).doors for name in door.names]
        unit = phone.book.today(None, None).doors[0].unit
        names += [member.name for member in phone.book.open_household(unit).members]
        self.assertGreater(len(names), 10)
        phone.book.lock()
        for kept in phone.files():
            self.assertNotIn(b"SQLite format 3", kept)
            for name in names:
                self.assertNotIn(name.encode(), kept)

    def test_a_revoked_phone_sends_what_it_has_and_is_erased(self):
        phone = enrolled(workers()[5])
        form = phone.book.draft(phone.book.today(None, None).doors[0].unit)
        form.outcome = outcome("not-home")
        phone.book.save_visit(form)
        hub("device", "revoke", phone.book.state().who.enrolment)
        self.assertEqual(asyncio.run(phone.book.sync_once(True)).state, SyncStep.ERASED)
        self.assertEqual(phone.book.host().standing, Standing.ERASED)
        self.assertEqual([path for path in Path(phone.folder).rglob("book.ruhu*")], [])
        with self.assertRaises(PortError):
            phone.book.unlock(PASSCODE)
        self.assertEqual(phone.book.create("a new start").standing, Standing.OPEN)
        self.assertIsNone(phone.book.state().who)


if __name__ == "__main__":
    unittest.main(verbosity=2)
