package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.dtype.DType;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How a model is run: threads, limits and chat template, the same for every command that talks to one.
final class EngineOption {
    /// What the engine calls the options in its messages, and what they are called here.
    private static final Map<String, String> NAMES = Map.of(
            "contextTokensMax", "--ctx-size",
            "batchTokensMax", "--batch-size",
            "sequencesMax", "--parallel",
            "queueMax", "--max-queue",
            "cacheType", "--cache-type",
            "cacheBytesMax", "--cache-memory",
            "memoryBytesMax", "--memory");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private ThreadsOption threads;

    @Option(
            names = "--chat-template-file",
            paramLabel = "FILE",
            description = "A chat template in Jinja to be used instead of the model's own.")
    private Optional<Path> chatTemplate = Optional.empty();

    @Option(
            names = {"-c", "--ctx-size"},
            paramLabel = "TOKENS",
            description = "The most tokens of a conversation; without it, what the model was made for, if it fits.")
    private int contextTokensMax;

    @Option(
            names = {"-b", "--batch-size"},
            paramLabel = "TOKENS",
            description = "The most tokens that one step computes (default: ${DEFAULT-VALUE}).")
    private int batchTokensMax = EngineOptions.defaults().batchTokensMax();

    @Option(
            names = "--cache-type",
            paramLabel = "TYPE",
            description = "How the key-value cache is written: F32, F16 or BF16 (default: ${DEFAULT-VALUE}).")
    private DType cacheType = EngineOptions.defaults().cacheType();

    @Option(
            names = "--cache-memory",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "The most memory of the key-value cache, such as 512m or 4g; without it, what is needed,"
                    + " up to a quarter of the machine's.")
    private long cacheBytesMax;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "The most memory of cache and results together; without it, three quarters of the machine's.")
    private long memoryBytesMax;

    ComputePool pool() {
        return threads.pool();
    }

    /// Opens the model; `pool` has to outlive it.
    ///
    /// @param parallel the most answers that are computed at once
    /// @param queueMax the most questions that wait
    /// @param planned is told what memory is about to be taken
    ChatModel open(Path path, ComputePool pool, int parallel, int queueMax, Consumer<MemoryPlan> planned) {
        try {
            EngineOptions options = new EngineOptions(
                    contextTokensMax, cacheBytesMax, cacheType, batchTokensMax, parallel, queueMax, memoryBytesMax);
            return ChatModel.open(path, chatTemplate, Backends.best(pool), options, planned);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            String told = message;
            for (Map.Entry<String, String> name : NAMES.entrySet()) {
                told = told.replace(name.getKey(), name.getValue());
            }
            throw told.equals(message) ? e : new ParameterException(spec.commandLine(), told, e);
        }
    }
}
