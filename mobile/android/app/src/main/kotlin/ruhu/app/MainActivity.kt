package ruhu.app

import android.annotation.SuppressLint
import android.app.Activity
import android.os.Bundle
import android.print.PrintAttributes
import android.print.PrintManager
import android.view.WindowManager
import android.webkit.CookieManager
import android.webkit.JavascriptInterface
import android.webkit.PermissionRequest
import android.webkit.WebChromeClient
import android.webkit.WebResourceRequest
import android.webkit.WebResourceResponse
import android.webkit.WebSettings
import android.webkit.WebView
import android.webkit.WebViewClient
import java.io.IOException
import ruhu.host.Assets
import ruhu.host.Bridge

/** The one window: the screens in a WebView, from this package and from nowhere else. */
class MainActivity : Activity() {
    private val app get() = application as RuhuApp
    private val assets by lazy { Assets(::packed) }
    private lateinit var web: WebView
    private var bridge: Bridge? = null

    override fun onCreate(state: Bundle?) {
        super.onCreate(state)
        // Names and numbers: no screenshot, no picture in the list of apps.
        window.addFlags(WindowManager.LayoutParams.FLAG_SECURE)
        web = WebView(this)
        setContentView(web)
        strict(web)
        app.worker.execute {
            val bridge = Bridge(app.book, app.worker) { line -> runOnUiThread { run(line) } }
            runOnUiThread { begin(bridge) }
        }
    }

    private fun begin(made: Bridge) {
        if (isDestroyed) return made.close()
        bridge = made
        app.events.bridge = made
        web.addJavascriptInterface(Port(made), "ruhuPort")
        web.loadUrl(Assets.START)
    }

    private fun run(line: String) {
        if (!isDestroyed) web.evaluateJavascript(line, null)
    }

    @SuppressLint("SetJavaScriptEnabled")
    private fun strict(web: WebView) {
        with(web.settings) {
            javaScriptEnabled = true
            allowFileAccess = false
            allowContentAccess = false
            domStorageEnabled = false
            databaseEnabled = false
            blockNetworkLoads = true
            setGeolocationEnabled(false)
            setSupportMultipleWindows(false)
            javaScriptCanOpenWindowsAutomatically = false
            mixedContentMode = WebSettings.MIXED_CONTENT_NEVER_ALLOW
            cacheMode = WebSettings.LOAD_NO_CACHE
            saveFormData = false
        }
        CookieManager.getInstance().setAcceptCookie(false)
        web.webViewClient = Inside()
        web.webChromeClient = Chrome()
    }

    private fun packed(path: String) =
        try {
            getAssets().open("web/$path")
        } catch (why: IOException) {
            null
        }

    /** Answers every request itself, and goes nowhere. */
    private inner class Inside : WebViewClient() {
        override fun shouldInterceptRequest(view: WebView, request: WebResourceRequest): WebResourceResponse {
            val served = assets.serve(request.url.toString(), request.method)
            val text = served.mime.startsWith("text/") || served.mime.endsWith("json")
            val encoding = if (text) "utf-8" else null
            return WebResourceResponse(served.mime, encoding, served.status, served.reason, served.headers, served.body)
        }

        override fun shouldOverrideUrlLoading(view: WebView, request: WebResourceRequest) =
            Assets.pathOf(request.url.toString()) == null
    }

    /** The camera for the code of enrolling, where the person let the app have it; nothing else. */
    private inner class Chrome : WebChromeClient() {
        override fun onPermissionRequest(request: PermissionRequest) {
            val video = arrayOf(PermissionRequest.RESOURCE_VIDEO_CAPTURE)
            val allowed = checkSelfPermission(android.Manifest.permission.CAMERA) == android.content.pm.PackageManager.PERMISSION_GRANTED
            if (request.resources.contentEquals(video) && allowed) return request.grant(video)
            if (!allowed) requestPermissions(arrayOf(android.Manifest.permission.CAMERA), 1)
            request.deny()
        }
    }

    /** What the screens see of this app. */
    private inner class Port(private val bridge: Bridge) {
        @JavascriptInterface
        fun call(id: Int, call: String) = bridge.call(id, call)

        @JavascriptInterface
        fun print(title: String) = runOnUiThread {
            val adapter = web.createPrintDocumentAdapter(title)
            getSystemService(PrintManager::class.java).print(title, adapter, PrintAttributes.Builder().build())
        }
    }

    @Deprecated("the way back for every Android from 8 on")
    override fun onBackPressed() {
        // The screens know where back leads; they answer false at the first one.
        web.evaluateJavascript("Boolean(window.ruhuBack && window.ruhuBack())") { went ->
            if (went != "true") moveTaskToBack(true)
        }
    }

    override fun onStop() {
        super.onStop()
        SyncJob.schedule(this, 0)
    }

    override fun onDestroy() {
        app.events.bridge = null
        bridge?.close()
        web.destroy()
        super.onDestroy()
    }
}
