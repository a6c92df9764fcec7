// Tells the stories one after the other, and at the end how many held.
package ruhu.bindings

import kotlin.system.exitProcess

private var passed = 0
private var failed = 0

/** One story; one that breaks does not keep the next from being told. */
fun story(title: String, tell: () -> Unit) {
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

fun same(found: Any?, expected: Any?) = check(found == expected) { "found $found, expected $expected" }

inline fun <reified T : Throwable> thrown(work: () -> Unit): T {
    try {
        work()
    } catch (why: Throwable) {
        if (why is T) return why
        throw IllegalStateException("another exception than ${T::class.simpleName}: $why", why)
    }
    throw IllegalStateException("${T::class.simpleName} was to be thrown")
}

fun main(only: Array<String>) {
    if ("contract" in only || only.isEmpty()) Contract(workers[0]).tell()
    if ("days" in only || only.isEmpty()) days()
    if ("calls" in only || only.isEmpty()) calls()
    println("$passed passed, $failed failed")
    exitProcess(if (failed == 0) 0 else 1)
}
