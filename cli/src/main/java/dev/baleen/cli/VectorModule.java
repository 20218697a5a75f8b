package dev.baleen.cli;

import jdk.internal.module.Modules;

/// Makes `jdk.incubator.vector` present in a JVM that was started without it.
///
/// The documented way, `--add-modules jdk.incubator.vector`, makes the JVM write `WARNING: Using incubator modules:
/// jdk.incubator.vector` to standard error at every start, with no option to turn it off; it would stand above each
/// answer of `baleen chat -p`. The JDK can also load one of its own modules later, as it does for its management agent,
/// and then says nothing. That call is internal to the JDK and known to work in JDK 25, so `./baleen` relies on it
/// there and adds the module the documented way on any later JDK.
final class VectorModule {
    private VectorModule() {}

    static void load() {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            Modules.loadModule("jdk.incubator.vector");
        }
    }
}
