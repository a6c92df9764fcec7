// Bad days: no line, killed by the system, exceptions of the host's own code, a sync that is given up half-way.
package ruhu.bindings

import java.io.File
import kotlin.concurrent.thread
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import uniffi.ruhu_ffi.HostFault
import uniffi.ruhu_ffi.PortException
import uniffi.ruhu_ffi.Standing
import uniffi.ruhu_ffi.SyncStep
import uniffi.ruhu_port.OutcomeForm
import uniffi.ruhu_port.ReceiptState
import uniffi.ruhu_port.VisitForm

fun VisitForm.notHome() = copy(outcome = OutcomeForm("not-home", true, null, null, null))

/** A worker's app as a process of its own: saves visit after visit and says so, until somebody kills it. */
object WorkerDay {
    @JvmStatic
    fun main(args: Array<String>) {
        val book = Phone(File(args[0])).book
        book.unlock(PASSCODE)
        for (door in book.today(null, null).doors.filter { it.tried.isEmpty() }) {
            println(book.saveVisit(book.draft(door.unit).notHome()).record)
            System.out.flush()
        }
    }
}

private fun killedAfter(visits: Int, folder: File): List<String> {
    val java = File(System.getProperty("java.home"), "bin/java").path
    val library = "-Djna.library.path=" + System.getProperty("jna.library.path")
    val command = listOf(java, library, "-cp", System.getProperty("java.class.path"), "ruhu.bindings.WorkerDay", folder.path)
    val process = ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start()
    val said = mutableListOf<String>()
    process.inputStream.bufferedReader().useLines { lines ->
        for (line in lines) {
            said += line.trim()
            // SIGKILL; what it said before it came through counts as well. (Process.destroyForcibly would close the pipe.)
            if (said.size == visits) process.toHandle().destroyForcibly()
        }
    }
    process.waitFor()
    check(said.size >= visits) { "the day ended before it was killed" }
    return said
}

fun days() {
    story("a day without a line, killed in between, and nothing is lost") {
        val phone = enrolled(workers[1])
        phone.book.lock()
        val saved = killedAfter(15, phone.folder) + killedAfter(10, phone.folder)
        val again = Phone(phone.folder).book
        same(again.unlock(PASSCODE).standing, Standing.OPEN)
        val held = again.receipts().map { it.record }.toSet()
        same(saved.filter { it !in held }, emptyList<String>())
        val unsent = again.state().outbox.unsent
        val synced = runBlocking { again.syncOnce(true) }
        same(synced.state, SyncStep.DONE)
        same(synced.accepted to synced.putAside, unsent to 0u)
        // Another phone of the same worker is told of every one of them by the hub.
        val other = enrolled(workers[1]).book
        for (line in again.receipts()) {
            same(line.state, ReceiptState.ACCEPTED)
            check(other.household(line.unit!!).history.any { it.record == line.record })
        }
    }
    story("what the host's own code throws comes back as a trouble") {
        val phone = Phone()
        phone.keys.fails = IllegalStateException("张三 13800000000 is in this message")
        val said = thrown<PortException.CallSupport> { phone.book.create(PASSCODE) }
        check("张三" !in said.message && "张三" !in said.words)
        phone.keys.fails = HostFault.NotNow()
        thrown<PortException.TryLater> { phone.book.create(PASSCODE) }
        phone.keys.fails = null
        phone.book.create(PASSCODE)
        phone.clock.fails = RuntimeException("no clock")
        thrown<PortException.CallSupport> { phone.book.state() }
        thrown<PortException.CallSupport> { phone.book.lock() }
        thrown<PortException.CallSupport> { runBlocking { phone.book.syncOnce(true) } }
        phone.clock.fails = HostFault.NotNow()
        thrown<PortException.TryLater> { phone.book.state() }
        phone.clock.fails = null
        same(phone.book.state().who, null)
    }
    story("what an observer throws stops nothing that has happened, and it may ask the book") {
        val phone = enrolled(workers[2])
        phone.watcher.fails = RuntimeException("the screen is gone")
        val unit = phone.book.today(null, null).doors.first().unit
        val record = phone.book.saveVisit(phone.book.draft(unit).notHome()).record
        same(phone.book.observerFaults(), 1u)
        check(phone.book.receipts().any { it.record == record })
        phone.watcher.fails = null
        phone.watcher.book = phone.book
        phone.book.keepDraft(phone.book.draft(unit))
        same(phone.book.observerFaults(), 1u)
        phone.watcher.book = null
    }
    story("a sync given up at any wait loses nothing and sends nothing twice") {
        val book = enrolled(workers[3]).book
        val doors = book.today(null, null).doors.map { it.unit }
        val records = mutableListOf<String>()
        var givenUp = 0
        for (waitMs in 0L..24L) {
            records += book.saveVisit(book.draft(doors[records.size]).notHome()).record
            runBlocking {
                val job = launch(Dispatchers.IO) {
                    try {
                        book.syncOnce(true)
                    } catch (why: CancellationException) {
                        givenUp += 1
                        throw why
                    }
                }
                delay(waitMs)
                job.cancelAndJoin()
            }
            check(book.syncState().state != SyncStep.RUNNING)
        }
        same(runBlocking { book.syncOnce(true) }.state, SyncStep.DONE)
        same(book.receipts().map { it.record }.sorted(), records.sorted())
        same(book.receipts().map { it.state }.toSet(), setOf(ReceiptState.ACCEPTED))
        println("  given up $givenUp times, ${records.size} records, all received once")
    }
    story("threads and several syncs at once get their answers") {
        val book = enrolled(workers[4]).book
        val wrong = java.util.concurrent.ConcurrentLinkedQueue<Throwable>()
        val readers = List(4) {
            thread {
                repeat(100) {
                    runCatching { book.today(null, null).doors.size + book.state().today.length }.onFailure(wrong::add)
                }
            }
        }
        val states = runBlocking(Dispatchers.IO) { List(4) { async { book.syncOnce(true) } }.awaitAll() }
        readers.forEach { it.join() }
        same(wrong.toList(), emptyList<Throwable>())
        check(states.all { it.state == SyncStep.DONE || it.state == SyncStep.RUNNING }) { "$states" }
    }
    story("a revoked phone sends what it has and is erased") {
        val phone = enrolled(workers[5])
        phone.book.saveVisit(phone.book.draft(phone.book.today(null, null).doors.first().unit).notHome())
        hub("device", "revoke", phone.book.state().who!!.enrolment)
        same(runBlocking { phone.book.syncOnce(true) }.state, SyncStep.ERASED)
        same(phone.book.host().standing, Standing.ERASED)
        check(phone.folder.walk().none { it.name.startsWith("book.ruhu") })
        thrown<PortException> { phone.book.unlock(PASSCODE) }
        same(phone.book.create("a new start").standing, Standing.OPEN)
    }
}
