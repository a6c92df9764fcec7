// Plain JVM: no Android in it, so that it is tested wherever there is a JDK (mobile/android/ci).
plugins { kotlin("jvm") }

kotlin { jvmToolchain(17) }

sourceSets.main { kotlin.srcDir(rootDir.resolve("../../target/bindings/kotlin")) }

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-core:1.10.2")
    // The app brings JNA's own build for Android.
    compileOnly("net.java.dev.jna:jna:5.17.0")
}
