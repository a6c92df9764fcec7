package ruhu.host

import java.time.DateTimeException
import java.time.OffsetDateTime
import uniffi.ruhu_ffi.SyncState
import uniffi.ruhu_ffi.SyncStep

/** When the system is to wake the app for a sync. */
sealed interface SyncPlan {
    /** Not sooner than so many milliseconds from now, and only with a line. */
    data class In(val delayMs: Long) : SyncPlan

    /** A person has to do something first. */
    data object Never : SyncPlan

    companion object {
        private const val MINUTE_MS = 60_000L

        /** A quiet phone still asks: what changed at the hub, and for the lease. */
        const val QUIET_MS = 6 * 60 * MINUTE_MS

        /** After a failure the core says when; where it does not, or when the app itself failed. */
        private const val FIRST_MS = MINUTE_MS
        private const val LONGEST_MS = 60 * MINUTE_MS

        /** After a sync. */
        fun after(state: SyncState, unsent: UInt, nowMs: Long): SyncPlan =
            when (state.state) {
                SyncStep.ENROL_AGAIN, SyncStep.UPDATE_APP, SyncStep.ERASED -> Never
                SyncStep.WAITING -> In(untilMs(state.retryAt, nowMs).coerceIn(FIRST_MS, QUIET_MS))
                SyncStep.DONE, SyncStep.IDLE, SyncStep.RUNNING -> In(if (unsent > 0u) FIRST_MS else QUIET_MS)
            }

        /** After an exception; [failures] of them in a row, this one counted. */
        fun afterFailure(failures: Int): SyncPlan {
            val doublings = (failures - 1).coerceIn(0, 10)
            return In((FIRST_MS shl doublings).coerceAtMost(LONGEST_MS))
        }

        private fun untilMs(retryAt: String?, nowMs: Long): Long =
            try {
                retryAt?.let { OffsetDateTime.parse(it).toInstant().toEpochMilli() - nowMs } ?: FIRST_MS
            } catch (why: DateTimeException) {
                FIRST_MS
            }
    }
}
