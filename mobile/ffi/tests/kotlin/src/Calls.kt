// Ten thousand calls: how fast, and nothing left behind.
package ruhu.bindings

import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import uniffi.ruhu_ffi.PortException

private const val CALLS = 10_000

/** What the virtual machine (whose heap is bounded) and the allocator may keep; a leak of 2 KiB a call would be 20 MiB. */
private const val GROWTH_KIB = 16 * 1024

private fun rssKib(): Long {
    repeat(3) { System.gc() }
    return File("/proc/self/statm").readText().split(' ')[1].toLong() * 4
}

fun calls() {
    story("ten thousand calls leave nothing behind") {
        val book = enrolled(workers[0]).book
        val unit = book.today(null, null).doors.first().unit
        fun once(nth: Int) {
            when (nth % 20) {
                0 -> book.household(unit)
                1 -> book.keepDraft(book.draft(unit))
                in 2..7 -> book.state()
                in 8..13 -> book.ask("draft", "{\"unit\":\"$unit\"}")
                else -> thrown<PortException> { book.ask("no such question", "{}") }
            }
        }
        suspend fun asynchronous(count: Int) {
            repeat(count) { book.call("{\"call\":\"host\"}") }
            repeat(count / 50) {
                runBlocking { launch(Dispatchers.IO) { book.syncOnce(true) }.cancelAndJoin() }
            }
        }
        // Caches fill, the compiler has compiled, the allocator settles.
        repeat(2) {
            repeat(CALLS, ::once)
            runBlocking { asynchronous(2000) }
            println("  settling: ${rssKib()} KiB")
        }
        val before = rssKib()
        val began = System.nanoTime()
        repeat(CALLS, ::once)
        val callsPerS = CALLS * 1_000_000_000L / (System.nanoTime() - began)
        runBlocking { asynchronous(2000) }
        val after = rssKib()
        println("  {\"calls\": $CALLS, \"calls_per_s\": $callsPerS, \"rss_kib\": [$before, $after]}")
        check(after - before < GROWTH_KIB) { "grew by ${after - before} KiB" }
    }
}
