package ruhu.host

import uniffi.ruhu_ffi.BootReading
import uniffi.ruhu_ffi.ClockReading
import uniffi.ruhu_ffi.ClockReadings

/**
 * 时钟读数 – the wall clock, the time since boot (sleep included), and the count of boots. A phone that does not count
 * its boots has no boot clock that could be told from the next boot's.
 */
class Readings(
    private val wallMs: () -> Long,
    private val elapsedMs: () -> Long,
    private val bootCount: () -> Int?,
) : ClockReadings {
    override fun read(): ClockReading {
        val boot = bootCount()?.let { BootReading(elapsedMs().coerceAtLeast(0).toULong(), "android boot $it") }
        return ClockReading(wallMs(), boot)
    }
}
