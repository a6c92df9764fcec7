package ruhu.host

import java.io.InputStream
import java.net.URI
import java.net.URISyntaxException

/** A file of the screens, as the WebView is given it. */
class Served(val status: Int, val reason: String, val mime: String, val headers: Map<String, String>, val body: InputStream)

/**
 * 打包文件 – the screens from the app's own package, under a name that no network knows. Everything else is refused: the
 * WebView never opens a connection, and never sees a file that was not packed.
 */
class Assets(private val open: (path: String) -> InputStream?) {
    /** What answers a request of the WebView; there always is something. */
    fun serve(url: String, method: String): Served {
        val path = if (method == "GET") pathOf(url) else null
        val body = path?.let(open) ?: return refused()
        val mime = MIMES[path.substringAfterLast('.', "")] ?: return refused()
        return Served(200, "OK", mime, HEADERS, body)
    }

    private fun refused() = Served(404, "Not Found", "text/plain", HEADERS, ByteArray(0).inputStream())

    companion object {
        /** Reserved for examples and never resolved (RFC 6761); it is https to the WebView, so the screens are a secure page. */
        const val HOST = "app.ruhu.invalid"

        /** The first page. */
        const val START = "https://$HOST/index.html"

        private val HEADERS = mapOf(
            "Content-Security-Policy" to
                "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
                "font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; " +
                "form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options" to "nosniff",
            "Referrer-Policy" to "no-referrer",
            "Cache-Control" to "no-store",
        )

        private val MIMES = mapOf(
            "html" to "text/html",
            "js" to "text/javascript",
            "css" to "text/css",
            "json" to "application/json",
            "webmanifest" to "application/manifest+json",
            "svg" to "image/svg+xml",
            "png" to "image/png",
            "ico" to "image/x-icon",
            "woff2" to "font/woff2",
            "wasm" to "application/wasm",
        )

        /** `https://app.ruhu.invalid/a/b.js` → `a/b.js`; null for anything that is not ours or tries to climb. */
        fun pathOf(url: String): String? {
            val uri = try {
                URI(url)
            } catch (why: URISyntaxException) {
                return null
            }
            if (uri.scheme != "https" || uri.host != HOST || uri.port != -1 || uri.userInfo != null) return null
            val path = uri.path.removePrefix("/").ifEmpty { "index.html" }
            val plain = path.all { it.isLetterOrDigit() && it.code < 128 || it in "-_./" }
            return path.takeIf { plain && it.split('/').none { part -> part.isEmpty() || part.startsWith(".") } }
        }
    }
}
