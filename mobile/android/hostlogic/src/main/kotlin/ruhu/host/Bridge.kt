package ruhu.host

import java.util.concurrent.Executor
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import uniffi.ruhu_ffi.Fieldbook
import uniffi.ruhu_ffi.HostState
import uniffi.ruhu_ffi.Observer
import uniffi.ruhu_ffi.SyncState

/**
 * 桥 – passes the screens' calls to the book off the main thread, and answers and events back as one line of JavaScript
 * each. It reads neither: both are the core's own JSON.
 *
 * [script] is called from a thread of [worker]; the app hands the line to the WebView on its own.
 */
class Bridge(private val book: Fieldbook, worker: Executor, private val script: (String) -> Unit) {
    private val scope = CoroutineScope(worker.asCoroutineDispatcher())

    /** A call of the screens, answered by `ruhuHost.answer(id, json)`. */
    fun call(id: Int, call: String) {
        scope.launch { script("ruhuHost.answer($id,${quoted(book.call(call))})") }
    }

    /** Something happened; told as `ruhuHost.event(name, json)`, with what `ask` brings by then. */
    fun event(name: String, ask: String?) {
        scope.launch {
            val told = ask?.let { book.call(it) } ?: "{\"answer\":null}"
            script("ruhuHost.event(${quoted(name)},${quoted(told)})")
        }
    }

    /** The screens are gone: what is under way is given up, and loses nothing. */
    fun close() = scope.cancel()

    companion object {
        /** Text as a literal of JavaScript that nothing in it can end. */
        fun quoted(text: String): String = buildString(text.length + 2) {
            append('"')
            for (sign in text) {
                when (sign) {
                    '"', '\\' -> append('\\').append(sign)
                    // `</script>`, `<!--`, and the two line ends that are none in JSON.
                    '<', '>', '&', '\u2028', '\u2029' -> append("\\u%04x".format(sign.code))
                    else -> if (sign < ' ') append("\\u%04x".format(sign.code)) else append(sign)
                }
            }
            append('"')
        }
    }
}

/** 观察者 – tells whichever bridge is there; none while the screens are closed. */
class Events : Observer {
    @Volatile
    var bridge: Bridge? = null

    override fun changed() {
        bridge?.event("changed", null)
    }

    override fun hostChanged(state: HostState) {
        bridge?.event("host", "{\"call\":\"host\"}")
    }

    override fun syncChanged(state: SyncState) {
        bridge?.event("sync", "{\"call\":\"sync_state\"}")
    }
}
