package ruhu.app

import android.app.Application
import android.os.Build
import java.io.File
import java.security.KeyStore
import java.util.concurrent.ExecutorService
import java.util.concurrent.Executors
import ruhu.host.Events
import ruhu.host.Roots
import ruhu.host.WrappedKeys
import uniffi.ruhu_ffi.Fieldbook
import uniffi.ruhu_ffi.HostKind
import uniffi.ruhu_ffi.Setup

/** One book for the whole app: for the screens and for the sync that the system wakes it for. */
class RuhuApp : Application() {
    /** Whom the book tells. */
    val events = Events()

    /** Where the book is spoken to; the main thread never waits for it. Two: the screens are answered during a sync. */
    val worker: ExecutorService = Executors.newFixedThreadPool(2)

    /** The book. First asked for on [worker]: it reads the phone's certificates. */
    val book: Fieldbook by lazy {
        val version = packageManager.getPackageInfo(packageName, 0).versionName ?: "0"
        val setup = Setup(
            // Not in the phone's backups (see data_extraction_rules.xml), which another phone could be filled from.
            folder = File(noBackupFilesDir, "books").path,
            app = version,
            device = "Android ${Build.VERSION.RELEASE}, ${Build.MANUFACTURER} ${Build.MODEL}",
            host = HostKind.ANDROID,
            rootsPem = Roots.pem(KeyStore.getInstance("AndroidCAStore").apply { load(null) }),
        )
        Fieldbook(setup, WrappedKeys(HardwareKey()), readings(this), events)
    }
}
