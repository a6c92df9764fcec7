plugins {
    id("com.android.application")
    kotlin("android")
}

android {
    namespace = "ruhu.app"
    compileSdk = 34
    defaultConfig {
        applicationId = "ruhu.app"
        minSdk = 26
        targetSdk = 34
        versionCode = 1
        versionName = "0.1.0"
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    // The screens, as `npm run build` left them; the library, as cargo-ndk left it.
    sourceSets["main"].assets.srcDir(layout.buildDirectory.dir("screens"))
    sourceSets["main"].jniLibs.srcDir(rootDir.resolve("../../target/jniLibs"))
    buildTypes["release"].isMinifyEnabled = false
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
}

kotlin { jvmToolchain(17) }

val screens by tasks.registering(Copy::class) {
    from(rootDir.resolve("../web/dist"))
    into(layout.buildDirectory.dir("screens/web"))
}
tasks.named("preBuild") { dependsOn(screens) }

dependencies {
    implementation(project(":hostlogic"))
    implementation("net.java.dev.jna:jna:5.17.0@aar")
}
