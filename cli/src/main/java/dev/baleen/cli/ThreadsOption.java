package dev.baleen.cli;

import dev.baleen.kernel.ComputePool;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `--threads`, the same for every command that computes.
final class ThreadsOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; without it, one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    int count() {
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads is " + threads + "; it has to be at least 1");
        }
        return threads;
    }

    ComputePool pool() {
        return new ComputePool(count());
    }
}
