// What the stories share: a phone made of the bindings, and the hub it speaks to.
package ruhu.bindings

import java.io.File
import java.nio.file.Files
import java.util.concurrent.TimeUnit
import kotlin.experimental.xor
import kotlinx.coroutines.runBlocking
import uniffi.ruhu_ffi.BootReading
import uniffi.ruhu_ffi.ClockReading
import uniffi.ruhu_ffi.ClockReadings
import uniffi.ruhu_ffi.Fieldbook
import uniffi.ruhu_ffi.HostKind
import uniffi.ruhu_ffi.HostState
import uniffi.ruhu_ffi.KeyStore
import uniffi.ruhu_ffi.Observer
import uniffi.ruhu_ffi.Setup
import uniffi.ruhu_ffi.Standing
import uniffi.ruhu_ffi.SyncState
import uniffi.ruhu_ffi.SyncStep

const val PASSCODE = "三〇四室-0304"

// Told by the script that started the hub.
val hubUrl: String = System.getenv("RUHU_HUB_URL")
private val hubData: String = System.getenv("RUHU_HUB_DATA")
private val hubProgram: String = System.getenv("RUHU_BIN")
private val shiftMs: Long = System.getenv("RUHU_HUB_SHIFT_MS").toLong()

/** A key store of the test's own: turns the bits with a pad that lies in this process only. */
class Keys : KeyStore {
    var fails: Exception? = null

    override fun wrapKey(key: ByteArray): ByteArray {
        fails?.let { throw it }
        return ByteArray(key.size) { key[it] xor 0x5A }
    }

    override fun unwrapKey(wrapped: ByteArray) = wrapKey(wrapped)
}

/** The hub's day, at the real pace. */
class Clock : ClockReadings {
    var fails: Exception? = null

    override fun read(): ClockReading {
        fails?.let { throw it }
        val boot = BootReading((System.nanoTime() / 1_000_000).toULong(), "boot 1")
        return ClockReading(System.currentTimeMillis() + shiftMs, boot)
    }
}

/** Remembers what it was told. */
class Watcher : Observer {
    @Volatile var fails: Exception? = null
    @Volatile var changes = 0
    val syncs: MutableList<SyncState> = java.util.Collections.synchronizedList(mutableListOf())
    var book: Fieldbook? = null

    override fun changed() {
        changes += 1
        fails?.let { throw it }
        book?.state() // whoever is told may ask
    }

    override fun hostChanged(state: HostState) {
        fails?.let { throw it }
    }

    override fun syncChanged(state: SyncState) {
        syncs.add(state)
        fails?.let { throw it }
    }
}

/** One phone: its folder and what the host hands in. */
class Phone(val folder: File = Files.createTempDirectory("ruhu-phone-").toFile()) {
    val keys = Keys()
    val clock = Clock()
    val watcher = Watcher()
    val book = Fieldbook(Setup(folder.path, "0.1.0", "kotlin", HostKind.ANDROID, null), keys, clock, watcher)
}

/** Runs one command of the hub. */
fun hub(vararg args: String): List<String> {
    val process = ProcessBuilder(hubProgram, "--data", hubData, *args).start()
    val lines = process.inputStream.bufferedReader().readLines()
    check(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) {
        "ruhu ${args.first()}: ${process.errorStream.bufferedReader().readText()}"
    }
    return lines
}

/** Names of the community's workers, in order. */
val workers: List<String> by lazy { hub("worker", "list").filter { it.isNotBlank() }.map { it.substringBefore(' ') } }

/** A one-time code as the QR code holds it. */
fun codeFor(worker: String) = hub("enrol", worker, "--url", hubUrl).first { it.startsWith(hubUrl) }

/** A phone that has made its first load. */
fun enrolled(worker: String): Phone {
    val phone = Phone()
    check(phone.book.create(PASSCODE).standing == Standing.OPEN)
    runBlocking {
        phone.book.enrol(codeFor(worker), null)
        val synced = phone.book.syncOnce(true)
        check(synced.state == SyncStep.DONE) { "$synced" }
    }
    return phone
}
