package ruhu.host

import java.security.KeyStore
import java.security.cert.X509Certificate
import java.util.Base64

/**
 * 受信根证书 – the authorities the phone believes, as PEM: the core's TLS cannot ask Android for them itself. Those a
 * county installed on the phones are among them.
 */
object Roots {
    /** Of a key store: `AndroidCAStore` in the app. */
    fun pem(store: KeyStore): String = buildString {
        val lines = Base64.getMimeEncoder(64, byteArrayOf('\n'.code.toByte()))
        for (alias in store.aliases().toList().sorted()) {
            val certificate = store.getCertificate(alias) as? X509Certificate ?: continue
            append("-----BEGIN CERTIFICATE-----\n")
            append(lines.encodeToString(certificate.encoded))
            append("\n-----END CERTIFICATE-----\n")
        }
    }
}
