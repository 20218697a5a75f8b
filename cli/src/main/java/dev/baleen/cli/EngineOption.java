package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.dtype.DType;
import dev.baleen.generation.EngineOptions;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// How a model is run: threads and limits, the same for every command that runs one.
final class EngineOption {
    @Option(
            names = {"-t", "--threads"},
            paramLabel = "N",
            description = "Threads that compute; without it, one per processor.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "TOKENS",
            description = "The most tokens of a conversation; without it, what the model was made for, if it fits.")
    private int contextTokensMax;

    @Option(
            names = {"-np", "--parallel"},
            paramLabel = "N",
            description = "Answers that are computed at once (default: ${DEFAULT-VALUE}).")
    private int parallel = EngineOptions.defaults().sequencesMax();

    @Option(
            names = {"-b", "--batch-size"},
            paramLabel = "TOKENS",
            description = "Tokens that one step computes at most (default: ${DEFAULT-VALUE}).")
    private int batchTokensMax = EngineOptions.defaults().batchTokensMax();

    @Option(
            names = "--max-queue",
            paramLabel = "N",
            description = "Requests that may wait; more are refused (default: ${DEFAULT-VALUE}).")
    private int queueMax = EngineOptions.defaults().queueMax();

    @Option(
            names = "--cache-type",
            paramLabel = "TYPE",
            description = "How the key-value cache is written: F32, F16 or BF16 (default: ${DEFAULT-VALUE}).")
    private DType cacheType = DType.F32;

    ComputePool pool() {
        return new ComputePool(threads);
    }

    EngineOptions options() {
        return new EngineOptions(contextTokensMax, 0, cacheType, batchTokensMax, parallel, queueMax, 0);
    }

    /// Opens the model; `pool` has to outlive it.
    ChatModel open(Path path, ComputePool pool) {
        Kernels kernels = Backends.best(pool);
        return ChatModel.open(path, kernels, options());
    }
}
