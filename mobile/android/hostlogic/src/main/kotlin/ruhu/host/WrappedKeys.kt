package ruhu.host

import java.security.GeneralSecurityException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import uniffi.ruhu_ffi.HostFault
import uniffi.ruhu_ffi.KeyStore

/** Where the wrapping key comes from: Android's Keystore in the app, a key in memory in the tests. */
interface WrappingKey {
    /** The key; made when there is none. Never leaves the hardware where the phone has any. */
    fun get(): SecretKey

    /** What an exception of this key's provider means; null for one that is not known. */
    fun fault(why: Exception): HostFault?
}

/**
 * 密钥包裹 – AES-256-GCM. The nonce is the provider's own: Keystore refuses one of ours. What is kept is
 * `version, length of the nonce, nonce, sealed`.
 */
class WrappedKeys(private val key: WrappingKey) : KeyStore {
    override fun wrapKey(key: ByteArray): ByteArray = answered {
        val cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, this@WrappedKeys.key.get()) }
        byteArrayOf(VERSION, cipher.iv.size.toByte()) + cipher.iv + cipher.doFinal(key)
    }

    override fun unwrapKey(wrapped: ByteArray): ByteArray = answered {
        val nonceEnd = HEAD + (wrapped.getOrNull(1)?.toInt() ?: 0)
        if (wrapped.firstOrNull() != VERSION || nonceEnd !in HEAD + 1 until wrapped.size) throw HostFault.Gone()
        val nonce = GCMParameterSpec(TAG_BITS, wrapped, HEAD, nonceEnd - HEAD)
        val cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.DECRYPT_MODE, key.get(), nonce) }
        cipher.doFinal(wrapped, nonceEnd, wrapped.size - nonceEnd)
    }

    /** Every exception as one the core knows; its message stays here. */
    private inline fun answered(work: () -> ByteArray): ByteArray =
        try {
            work()
        } catch (why: HostFault) {
            throw why
        } catch (why: AEADBadTagException) {
            // Another key than the one it was wrapped with: the Keystore was reset.
            throw HostFault.Gone()
        } catch (why: GeneralSecurityException) {
            throw key.fault(why) ?: HostFault.Unforeseen()
        } catch (why: RuntimeException) {
            // Keystore's own daemon answers by these.
            throw key.fault(why) ?: HostFault.Unforeseen()
        }

    private companion object {
        const val CIPHER = "AES/GCM/NoPadding"
        const val VERSION: Byte = 1
        const val HEAD = 2
        const val TAG_BITS = 128
    }
}
