// The host's logic on a plain JVM, over the real library.
package ruhu.host

import java.nio.file.Files
import java.security.KeyStore as Certificates
import java.security.ProviderException
import java.util.concurrent.Executors
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.TimeUnit
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import kotlin.system.exitProcess
import uniffi.ruhu_ffi.Fieldbook
import uniffi.ruhu_ffi.HostFault
import uniffi.ruhu_ffi.HostKind
import uniffi.ruhu_ffi.PortException
import uniffi.ruhu_ffi.Setup
import uniffi.ruhu_ffi.Standing
import uniffi.ruhu_ffi.SyncState
import uniffi.ruhu_ffi.SyncStep

private var passed = 0
private var failed = 0

private fun story(title: String, tell: () -> Unit) {
    try {
        tell()
        passed += 1
        println("ok      $title")
    } catch (why: Throwable) {
        failed += 1
        println("FAILED  $title: $why")
        why.stackTrace.filter { it.className.startsWith("ruhu.") }.take(4).forEach { println("          at $it") }
    }
}

private fun same(found: Any?, expected: Any?) = check(found == expected) { "found $found, expected $expected" }

private inline fun <reified T : Throwable> thrown(work: () -> Unit): T {
    try {
        work()
    } catch (why: Throwable) {
        return why as? T ?: throw IllegalStateException("another exception than ${T::class.simpleName}: $why", why)
    }
    throw IllegalStateException("${T::class.simpleName} was to be thrown")
}

/** As Android's Keystore, in memory. */
private class InMemory : WrappingKey {
    var key: SecretKey = made()
    var fails: Exception? = null

    fun reset() {
        key = made()
    }

    override fun get(): SecretKey = fails?.let { throw it } ?: key

    override fun fault(why: Exception) = if (why is ProviderException) HostFault.NotNow() else null

    private fun made() = KeyGenerator.getInstance("AES").apply { init(256) }.generateKey()
}

private class Host {
    val key = InMemory()
    val events = Events()
    private val folder = Files.createTempDirectory("ruhu-host-").toFile()
    var boots: Int? = 41

    fun book() = Fieldbook(
        Setup(folder.path, "0.1.0", "jvm", HostKind.ANDROID, null),
        WrappedKeys(key),
        Readings({ 1_783_500_000_000 }, { 5_000 }, { boots }),
        events,
    )
}

private fun keys() {
    story("a wrapped key comes back, and never looks alike twice") {
        val keys = WrappedKeys(InMemory())
        val plain = ByteArray(48) { it.toByte() }
        val (one, two) = keys.wrapKey(plain) to keys.wrapKey(plain)
        check(!one.contentEquals(two))
        check(keys.unwrapKey(one).contentEquals(plain) && keys.unwrapKey(two).contentEquals(plain))
    }
    story("damage and a key store that was reset are told as gone") {
        val key = InMemory()
        val keys = WrappedKeys(key)
        val wrapped = keys.wrapKey(ByteArray(48))
        for (nth in wrapped.indices) {
            val damaged = wrapped.copyOf().also { it[nth] = (it[nth] + 1).toByte() }
            thrown<HostFault> { keys.unwrapKey(damaged) }
        }
        for (length in wrapped.indices) thrown<HostFault> { keys.unwrapKey(wrapped.copyOf(length)) }
        key.reset()
        thrown<HostFault.Gone> { keys.unwrapKey(wrapped) }
    }
    story("a key store that is busy leaves the book for later, one that was reset calls for support") {
        val host = Host()
        host.book().use { book ->
            same(book.create("304304").standing, Standing.OPEN)
            book.lock()
            host.key.fails = ProviderException("busy")
            thrown<PortException.TryLater> { book.unlock("304304") }
            host.key.fails = IllegalStateException("no such thing")
            thrown<PortException.CallSupport> { book.unlock("304304") }
            host.key.fails = null
            same(book.unlock("304304").standing, Standing.OPEN)
            book.lock()
            host.key.reset()
            thrown<PortException.CallSupport> { book.unlock("304304") }
            same(book.beginAnew().standing, Standing.NEW)
        }
    }
}

private fun bridge() {
    story("calls of the screens are answered off the caller's thread, by their numbers") {
        val host = Host()
        val lines = LinkedBlockingQueue<Pair<String, Thread>>()
        val worker = Executors.newFixedThreadPool(2)
        fun next() = checkNotNull(lines.poll(20, TimeUnit.SECONDS)) { "no line came" }
        host.book().use { book ->
            val bridge = Bridge(book, worker) { lines.put(it to Thread.currentThread()) }
            bridge.call(7, """{"call":"host"}""")
            val (line, thread) = next()
            check(line.startsWith("""ruhuHost.answer(7,"{\"answer\":{\"standing\":\"new\"""")) { line }
            check(thread != Thread.currentThread())
            bridge.call(8, "no call at all")
            check("call-support" in next().first)

            host.events.bridge = bridge
            bridge.call(9, """{"call":"create","passcode":"304304"}""")
            val both = listOf(next().first, next().first).sorted()
            check(both[0].startsWith("ruhuHost.answer(9,") && "open" in both[0]) { both[0] }
            check(both[1].startsWith("""ruhuHost.event("host","{\"answer\":""") && "open" in both[1]) { both[1] }
            bridge.call(10, """{"call":"sync"}""")
            check(listOf(next().first, next().first).any { "enrol-again" in it && "answer(10," in it })

            host.events.bridge = null
            bridge.close()
            bridge.call(11, """{"call":"host"}""")
            worker.shutdown()
            check(worker.awaitTermination(20, TimeUnit.SECONDS))
            same(lines.size, 0)
        }
    }
    story("nothing in an answer can end the line of JavaScript it stands in") {
        same(Bridge.quoted("a\"b\\c"), "\"a\\\"b\\\\c\"")
        val hostile = Bridge.quoted("</script><!--\u2028\u2029\n\r\u0000&张三")
        check(hostile.none { it < ' ' || it in "<>&\u2028\u2029" } && "张三" in hostile) { hostile }
    }
}

private fun assets() {
    story("the screens come from the package and nothing else does") {
        val asked = mutableListOf<String>()
        val assets = Assets { path -> asked += path; if (path == "none.js") null else path.byteInputStream() }
        val page = assets.serve(Assets.START, "GET")
        same(page.status to page.mime, 200 to "text/html")
        check("default-src 'none'" in page.headers.getValue("Content-Security-Policy"))
        same(assets.serve("https://${Assets.HOST}/", "GET").body.reader().readText(), "index.html")
        same(assets.serve("https://${Assets.HOST}/assets/app-1.js?v=2#x", "GET").mime, "text/javascript")
        asked.clear()
        val host = Assets.HOST
        for (bad in listOf(
            "http://$host/index.html", "https://$host:8443/index.html", "https://example.org/index.html",
            "https://$host.example.org/index.html", "https://u@$host/index.html", "file:///etc/passwd",
            "https://$host/../secret.js", "https://$host/%2e%2e/secret.js", "https://$host/a//b.js",
            "https://$host/.hidden.js", "https://$host/a%00.js", "not a url", "",
        )) same(assets.serve(bad, "GET").status, 404)
        same(assets.serve(Assets.START, "POST").status, 404)
        same(asked, emptyList<String>())
        same(assets.serve("https://$host/none.js", "GET").status, 404)
        same(assets.serve("https://$host/book.ruhu", "GET").status, 404)
    }
}

private fun plans() {
    fun state(step: SyncStep, retryAt: String? = null) = SyncState(step, null, null, retryAt, 0u, 0u, 0u)
    val nowMs = 1_783_500_000_000
    story("the next sync is when the core says, and never in a hurry") {
        same(SyncPlan.after(state(SyncStep.DONE), 0u, nowMs), SyncPlan.In(SyncPlan.QUIET_MS))
        same(SyncPlan.after(state(SyncStep.DONE), 3u, nowMs), SyncPlan.In(60_000))
        val in10 = java.time.Instant.ofEpochMilli(nowMs + 600_000).toString()
        same(SyncPlan.after(state(SyncStep.WAITING, in10), 3u, nowMs), SyncPlan.In(600_000))
        same(SyncPlan.after(state(SyncStep.WAITING, "2026-01-01T00:00:00+00:00"), 3u, nowMs), SyncPlan.In(60_000))
        same(SyncPlan.after(state(SyncStep.WAITING, "2036-01-01T00:00:00+00:00"), 3u, nowMs), SyncPlan.In(SyncPlan.QUIET_MS))
        same(SyncPlan.after(state(SyncStep.WAITING, "soon"), 3u, nowMs), SyncPlan.In(60_000))
        for (step in listOf(SyncStep.ERASED, SyncStep.ENROL_AGAIN, SyncStep.UPDATE_APP)) {
            same(SyncPlan.after(state(step), 3u, nowMs), SyncPlan.Never)
        }
        same((1..8).map { SyncPlan.afterFailure(it) }.map { (it as SyncPlan.In).delayMs / 60_000 }, listOf(1L, 2, 4, 8, 16, 32, 60, 60))
        same(SyncPlan.afterFailure(Int.MAX_VALUE), SyncPlan.In(3_600_000))
    }
}

private fun phone() {
    story("a phone that does not count its boots has no boot clock") {
        same(Readings({ 7 }, { 9 }, { null }).read().boot, null)
        val boot = Readings({ 7 }, { -1 }, { 3 }).read().boot!!
        same(boot.elapsedMs to boot.bootId, 0uL to "android boot 3")
    }
    story("the authorities of the phone reach the core's own TLS") {
        val path = java.io.File(System.getProperty("java.home"), "lib/security/cacerts")
        val pem = Roots.pem(Certificates.getInstance(path, null as CharArray?))
        val count = Regex("-----BEGIN CERTIFICATE-----").findAll(pem).count()
        check(count > 20) { "$count authorities" }
        val setup = Setup(Files.createTempDirectory("ruhu-roots-").toString(), "0.1.0", "jvm", HostKind.ANDROID, pem)
        val host = Host()
        Fieldbook(setup, WrappedKeys(host.key), Readings({ 1_783_500_000_000 }, { 5 }, { null }), host.events).use { book ->
            book.create("304304")
            val said = kotlinx.coroutines.runBlocking { runCatching { book.enrol("AAAA", "https://127.0.0.1:9") } }
            check(said.exceptionOrNull() is PortException.TryLater) { "$said" }
        }
    }
}

fun main() {
    keys()
    bridge()
    assets()
    plans()
    phone()
    println("$passed passed, $failed failed")
    exitProcess(if (failed == 0) 0 else 1)
}
