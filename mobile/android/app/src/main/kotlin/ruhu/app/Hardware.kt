package ruhu.app

import android.content.Context
import android.os.SystemClock
import android.provider.Settings
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.security.keystore.UserNotAuthenticatedException
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import ruhu.host.Readings
import ruhu.host.WrappingKey
import uniffi.ruhu_ffi.HostFault

/** The wrapping key in Android's Keystore: in hardware where the phone has any, and never out of it. */
class HardwareKey : WrappingKey {
    override fun get(): SecretKey {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        return store.getKey(ALIAS, null) as? SecretKey ?: made()
    }

    private fun made(): SecretKey {
        val spec = KeyGenParameterSpec.Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(256)
            .build()
        return KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE).apply { init(spec) }.generateKey()
    }

    override fun fault(why: Exception): HostFault? =
        when (why) {
            is KeyPermanentlyInvalidatedException -> HostFault.Gone()
            is UserNotAuthenticatedException -> HostFault.NotNow()
            // The Keystore's daemon is busy or starting.
            is ProviderException -> HostFault.NotNow()
            else -> null
        }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "ruhu file key"
    }
}

/** The phone's clocks. */
fun readings(context: Context) = Readings(
    System::currentTimeMillis,
    SystemClock::elapsedRealtime,
) {
    // 0 stands for a phone that does not count.
    Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, 0).takeIf { it > 0 }
}
