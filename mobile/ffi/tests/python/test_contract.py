"""The contract of the port (mobile/web/src/port/contract.ts tells the same story to the browser's host): as the screens
speak to it, in JSON, over the real library and a real hub."""

import asyncio
import json
import unittest

from ruhu import ruhu_ffi
from phone import HUB_URL, PASSCODE, Phone, code_for, not_home, workers


class Contract(unittest.TestCase):
    """One phone from its first start to its last."""

    @classmethod
    def setUpClass(cls):
        cls.worker = workers()[0]
        cls.phone = Phone()

    def call(self, call, **with_):
        """The answer."""
        said = json.loads(asyncio.run(self.phone.book.call(json.dumps({"call": call, **with_}))))
        self.assertIn("answer", said, said)
        return said["answer"]

    def trouble(self, call, **with_):
        """The trouble."""
        said = json.loads(asyncio.run(self.phone.book.call(json.dumps({"call": call, **with_}))))
        self.assertIn("trouble", said, "this was to be refused")
        trouble = said["trouble"]
        self.assertIn(" / ", trouble["words"], "Chinese, then English")
        return trouble

    def ask(self, name, **with_):
        return self.call("ask", name=name, **{"with": with_})

    def reopened(self):
        """The app is started again."""
        self.phone.book.lock()
        again = Phone(self.phone.folder)
        again.clock = self.phone.clock
        self.phone = type(self).phone = again

    def test_1_a_new_phone_asks_for_a_passcode(self):
        self.assertEqual(self.call("host")["standing"], "new")
        self.assertEqual(self.trouble("ask", name="state", **{"with": {}})["remedy"], "try-later")
        short = self.trouble("create", passcode="12345")
        self.assertEqual((short["remedy"], short["problems"][0]["field"]), ("fix-form", "passcode"))
        self.assertEqual(self.call("create", passcode=PASSCODE)["standing"], "open")
        self.assertEqual(self.trouble("create", passcode=PASSCODE)["remedy"], "fix-form")
        state = self.ask("state")
        self.assertEqual((state["who"], state["app"]), (None, "0.1.0"))

    def test_2_a_wrong_passcode_is_a_trouble_and_changes_nothing(self):
        self.assertEqual(self.call("lock")["standing"], "locked")
        self.assertEqual(self.trouble("ask", name="today", **{"with": {}})["remedy"], "try-later")
        wrong = self.trouble("unlock", passcode="000000")
        self.assertEqual((wrong["remedy"], wrong["problems"][0]["field"]), ("fix-form", "passcode"))
        self.assertEqual(self.call("host")["standing"], "locked")
        self.assertEqual(self.call("unlock", passcode=PASSCODE)["standing"], "open")

    def test_3_enrolling_by_the_scanned_code(self):
        self.assertEqual(self.call("sync")["state"], "enrol-again")
        self.assertEqual(self.trouble("enrol", code="no code", hub_url=None)["remedy"], "fix-form")
        self.assertEqual(self.trouble("enrol", code="AAAA-BBBB", hub_url=HUB_URL)["remedy"], "fix-form")
        gone = self.trouble("enrol", code="AAAA-BBBB", hub_url="http://127.0.0.1:9")
        self.assertEqual(gone["remedy"], "try-later")
        self.assertEqual(self.trouble("enrol", code="A", hub_url="http://hub.example")["remedy"], "fix-form")
        self.call("enrol", code=code_for(self.worker), hub_url=None)
        self.assertEqual(self.ask("state")["who"]["worker_name"], self.worker)

    def test_4_the_first_sync_brings_the_grid(self):
        synced = self.call("sync")
        self.assertEqual(synced["state"], "done")
        self.assertGreater(synced["brought"], 0)
        steps = [state.state for state in self.phone.watcher.syncs]
        self.assertIn(ruhu_ffi.SyncStep.RUNNING, steps)
        self.assertEqual(steps[-1], ruhu_ffi.SyncStep.DONE)
        today = self.ask("today")
        self.assertGreater(len(today["doors"]), 20)
        buildings = self.ask("buildings")
        plan = self.ask("building", estate=buildings[0]["estate"], building=buildings[0]["building"])
        self.assertGreater(len(plan["stairs"]), 0)
        self.assertEqual(self.ask("messages"), {"revisits": [], "findings": [], "lines": [], "waiting": 0})
        nobodys = {"line": "0193a000-0000-7000-8000-00000000dead", "words": "不同意"}
        self.assertEqual(self.trouble("ask", name="reply_line", **{"with": nobodys})["remedy"], "fix-form")

    def test_5_a_visit_is_saved_and_has_a_receipt(self):
        first, second = self.ask("today")["doors"][:2]
        form = self.ask("draft", unit=first["unit"])
        refused = self.trouble("ask", name="save", **{"with": form})
        self.assertEqual((refused["remedy"], refused["problems"][0]["field"]), ("fix-form", "outcome"))
        saved = self.ask("save", **not_home(self.phone.book, first["unit"]))
        self.assertEqual(len(saved["record"]), 64)
        type(self).saved = saved["record"]
        type(self).withdrawn = self.ask("save", **not_home(self.phone.book, second["unit"]))["record"]
        self.assertEqual([line["state"] for line in self.ask("receipts")], ["unsent"] * 2)
        self.assertGreaterEqual(self.phone.watcher.changes, 2)

    def test_6_everything_is_there_after_the_app_was_started_again(self):
        self.reopened()
        self.assertEqual(self.call("host")["standing"], "locked")
        self.call("unlock", passcode=PASSCODE)
        records = {line["record"] for line in self.ask("receipts")}
        self.assertEqual(records, {self.saved, self.withdrawn})

    def test_7_a_withdrawal_and_the_receipts_of_the_hub(self):
        self.ask("withdraw", record=self.withdrawn, reason="wrong door")
        nothing = {"record": "00" * 32, "reason": ""}
        self.assertEqual(self.trouble("ask", name="withdraw", **{"with": nothing})["remedy"], "fix-form")
        self.assertEqual(self.ask("state")["outbox"]["unsent"], 3)
        synced = self.call("sync")
        self.assertEqual((synced["state"], synced["accepted"], synced["put_aside"]), ("done", 3, 0))
        self.assertEqual({line["state"] for line in self.ask("receipts")}, {"accepted"})

    def test_8_a_question_that_does_not_exist_is_a_trouble(self):
        for strange in [
            {"call": "ask", "name": "rank_workers", "with": {}},
            {"call": "fly"},
            {"call": "ask", "name": "household", "with": {"unit": "household/none"}},
            {"call": "create"},
        ]:
            said = json.loads(asyncio.run(self.phone.book.call(json.dumps(strange))))
            self.assertIn(said["trouble"]["remedy"], ("call-support", "fix-form"), strange)
        said = json.loads(asyncio.run(self.phone.book.call("no JSON at all")))
        self.assertEqual(said["trouble"]["remedy"], "call-support")

    def test_9_another_passcode_and_a_forgotten_one(self):
        wrong = self.trouble("change_passcode", old="000000", next="654321")
        self.assertEqual(wrong["problems"][0]["field"], "old")
        self.call("change_passcode", old=PASSCODE, next="654321")
        self.call("lock")
        self.trouble("unlock", passcode=PASSCODE)
        self.assertEqual(self.call("begin_anew")["standing"], "new")
        self.assertEqual(self.call("create", passcode="another-one")["standing"], "open")
        self.assertIsNone(self.ask("state")["who"])
        self.call("lock")
        self.assertEqual(self.call("unlock", passcode="654321")["standing"], "open")
        self.assertEqual(self.ask("state")["who"]["worker_name"], self.worker)
        self.assertEqual(len(self.ask("receipts")), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
