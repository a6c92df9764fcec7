package ruhu.app

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.launch
import ruhu.host.SyncPlan
import uniffi.ruhu_ffi.PortException

/**
 * 后台同步 – by the system's scheduler, on any line. The book is only open while the app's process lives: a locked one
 * is left alone, and what was saved waits in it.
 */
class SyncJob : JobService() {
    private var running: Job? = null

    override fun onStartJob(parameters: JobParameters): Boolean {
        val app = application as RuhuApp
        running = CoroutineScope(app.worker.asCoroutineDispatcher()).launch {
            val next = try {
                val state = app.book.syncOnce(false)
                failures = 0
                SyncPlan.after(state, app.book.state().outbox.unsent, System.currentTimeMillis())
            } catch (why: PortException.TryLater) {
                SyncPlan.Never // locked: the screens sync once they are opened
            } catch (why: PortException) {
                failures += 1
                SyncPlan.afterFailure(failures)
            }
            jobFinished(parameters, false)
            if (next is SyncPlan.In) schedule(app, next.delayMs)
        }
        return true
    }

    /** The system takes the line or the time away: dropped at its next wait, and asked for again. */
    override fun onStopJob(parameters: JobParameters): Boolean {
        running?.cancel()
        return true
    }

    companion object {
        private const val ID = 1

        @Volatile
        private var failures = 0

        /** Asks the system for a sync, not sooner than so long from now. */
        fun schedule(context: Context, delayMs: Long) {
            val job = JobInfo.Builder(ID, ComponentName(context, SyncJob::class.java))
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .setMinimumLatency(delayMs)
                .build()
            context.getSystemService(JobScheduler::class.java).schedule(job)
        }
    }
}
