// The contract of the port (mobile/web/src/port/contract.ts tells the same story to the browser's host): as the screens
// speak to it, in JSON, over the real library and a real hub.
package ruhu.bindings

import kotlinx.coroutines.runBlocking
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonNull
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import uniffi.ruhu_ffi.SyncStep

/** An argument of a call. */
private fun json(value: Any?): JsonElement =
    when (value) {
        null -> JsonNull
        is JsonElement -> value
        is Boolean -> JsonPrimitive(value)
        is Number -> JsonPrimitive(value)
        else -> JsonPrimitive(value.toString())
    }

private fun with(vararg parts: Pair<String, Any?>) = JsonObject(parts.associate { (name, value) -> name to json(value) })

private operator fun JsonElement.get(name: String): JsonElement = jsonObject.getValue(name)

private val JsonElement.text: String? get() = jsonPrimitive.contentOrNull

/** One phone from its first start to its last. */
class Contract(private val worker: String) {
    private var phone = Phone()
    private lateinit var saved: JsonElement
    private lateinit var withdrawn: JsonElement

    private fun said(call: String, vararg parts: Pair<String, Any?>): JsonObject =
        runBlocking { Json.parseToJsonElement(phone.book.call(with("call" to call, *parts).toString())).jsonObject }

    private fun call(call: String, vararg parts: Pair<String, Any?>): JsonElement {
        val said = said(call, *parts)
        return checkNotNull(said["answer"]) { "$call: $said" }
    }

    private fun trouble(call: String, vararg parts: Pair<String, Any?>): JsonElement {
        val trouble = checkNotNull(said(call, *parts)["trouble"]) { "$call was to be refused" }
        check(" / " in trouble["words"].text!!) { "Chinese, then English" }
        return trouble
    }

    private fun remedy(call: String, vararg parts: Pair<String, Any?>) = trouble(call, *parts)["remedy"].text

    private fun field(call: String, vararg parts: Pair<String, Any?>) =
        trouble(call, *parts)["problems"].jsonArray.first()["field"].text

    private fun ask(name: String, vararg parts: Pair<String, Any?>) = call("ask", "name" to name, "with" to with(*parts))

    private fun standing(call: String, vararg parts: Pair<String, Any?>) = call(call, *parts)["standing"].text

    /** The visit in progress to a door, or an empty form, filled in: nobody was at home. */
    private fun notHome(unit: JsonElement): JsonElement {
        val outcome = with("code" to "not-home", "note_left" to true)
        return JsonObject(ask("draft", "unit" to unit).jsonObject + ("outcome" to outcome))
    }

    fun tell() {
        story("a new phone asks for a passcode") {
            same(standing("host"), "new")
            same(remedy("ask", "name" to "state", "with" to with()), "try-later")
            same(field("create", "passcode" to "12345"), "passcode")
            same(standing("create", "passcode" to PASSCODE), "open")
            same(remedy("create", "passcode" to PASSCODE), "fix-form")
            same(ask("state")["who"], JsonNull)
        }
        story("a wrong passcode is a trouble and changes nothing") {
            same(standing("lock"), "locked")
            same(remedy("ask", "name" to "today", "with" to with()), "try-later")
            same(field("unlock", "passcode" to "000000"), "passcode")
            same(standing("host"), "locked")
            same(standing("unlock", "passcode" to PASSCODE), "open")
        }
        story("enrolling by the scanned code") {
            same(call("sync")["state"].text, "enrol-again")
            same(remedy("enrol", "code" to "no code", "hub_url" to null), "fix-form")
            same(remedy("enrol", "code" to "AAAA-BBBB", "hub_url" to hubUrl), "fix-form")
            same(remedy("enrol", "code" to "AAAA-BBBB", "hub_url" to "http://127.0.0.1:9"), "try-later")
            same(remedy("enrol", "code" to "A", "hub_url" to "http://hub.example"), "fix-form")
            call("enrol", "code" to codeFor(worker), "hub_url" to null)
            same(ask("state")["who"]["worker_name"].text, worker)
        }
        story("the first sync brings the grid") {
            val synced = call("sync")
            same(synced["state"].text, "done")
            check(synced["brought"].text!!.toInt() > 0)
            same(phone.watcher.syncs.last().state, SyncStep.DONE)
            check(phone.watcher.syncs.any { it.state == SyncStep.RUNNING })
            check(ask("today")["doors"].jsonArray.size > 20)
            val building = (ask("buildings") as JsonArray).first()
            val plan = ask("building", "estate" to building["estate"], "building" to building["building"])
            check(plan["stairs"].jsonArray.isNotEmpty())
            same(ask("messages")["lines"].jsonArray.size, 0)
            val nobodys = with("line" to "0193a000-0000-7000-8000-00000000dead", "words" to "不同意")
            same(remedy("ask", "name" to "reply_line", "with" to nobodys), "fix-form")
        }
        story("a visit is saved and has a receipt") {
            val (first, second) = ask("today")["doors"].jsonArray.take(2).map { it["unit"] }
            same(field("ask", "name" to "save", "with" to ask("draft", "unit" to first)), "outcome")
            saved = call("ask", "name" to "save", "with" to notHome(first))["record"]
            same(saved.text!!.length, 64)
            withdrawn = call("ask", "name" to "save", "with" to notHome(second))["record"]
            same((ask("receipts") as JsonArray).map { it["state"].text }, listOf("unsent", "unsent"))
            check(phone.watcher.changes >= 2)
        }
        story("everything is there after the app was started again") {
            phone.book.lock()
            phone.book.close()
            phone = Phone(phone.folder)
            same(standing("host"), "locked")
            call("unlock", "passcode" to PASSCODE)
            same((ask("receipts") as JsonArray).map { it["record"] }.toSet(), setOf(saved, withdrawn))
        }
        story("a withdrawal and the receipts of the hub") {
            ask("withdraw", "record" to withdrawn, "reason" to "wrong door")
            val nothing = with("record" to "00".repeat(32), "reason" to "")
            same(remedy("ask", "name" to "withdraw", "with" to nothing), "fix-form")
            same(ask("state")["outbox"]["unsent"].text, "3")
            val synced = call("sync")
            same(listOf("state", "accepted", "put_aside").map { synced[it].text }, listOf("done", "3", "0"))
            same((ask("receipts") as JsonArray).map { it["state"].text }.toSet(), setOf<String?>("accepted"))
        }
        story("a question that does not exist is a trouble") {
            same(remedy("ask", "name" to "rank_workers", "with" to with()), "call-support")
            same(remedy("fly"), "call-support")
            same(remedy("create"), "call-support")
            same(remedy("ask", "name" to "household", "with" to with("unit" to "household/none")), "fix-form")
        }
        story("another passcode and a forgotten one") {
            same(field("change_passcode", "old" to "000000", "next" to "654321"), "old")
            call("change_passcode", "old" to PASSCODE, "next" to "654321")
            call("lock")
            same(field("unlock", "passcode" to PASSCODE), "passcode")
            same(standing("begin_anew"), "new")
            same(standing("create", "passcode" to "another-one"), "open")
            same(ask("state")["who"], JsonNull)
            call("lock")
            same(standing("unlock", "passcode" to "654321"), "open")
            same(ask("state")["who"]["worker_name"].text, worker)
            same((ask("receipts") as JsonArray).size, 3)
        }
    }
}
