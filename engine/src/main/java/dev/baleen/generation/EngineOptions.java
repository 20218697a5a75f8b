package dev.baleen.generation;

import dev.baleen.dtype.DType;

/// The limits of an engine. Whatever is 0 is chosen by [MemoryPlan] to fit the model and the machine.
///
/// @param contextTokensMax the most tokens of one sequence, prompt and answer; 0 for what the model was made for, or
///     less where the cache could not hold it
/// @param cacheBytesMax the most memory of the key-value cache; 0 for what the sequences need,
///     up to 4 GiB
/// @param cacheType how the cache is written: F32, F16, BF16 or F64
/// @param batchTokensMax the most tokens that one step computes; at least `sequencesMax`
/// @param sequencesMax the most sequences that are computed at once
/// @param queueMax the most requests that wait for their first step
/// @param memoryBytesMax the most memory that cache and workspace may take together; 0 for three quarters of the
///     machine's
public record EngineOptions(
        int contextTokensMax,
        long cacheBytesMax,
        DType cacheType,
        int batchTokensMax,
        int sequencesMax,
        int queueMax,
        long memoryBytesMax) {
    public EngineOptions {
        check(contextTokensMax >= 0, "contextTokensMax", contextTokensMax, "at least 1, or 0 for the model's own");
        check(cacheBytesMax >= 0, "cacheBytesMax", cacheBytesMax, "at least 1, or 0 to choose");
        check(cacheType.isPlain(), "cacheType", cacheType, "F32, F16, BF16 or F64");
        check(sequencesMax >= 1, "sequencesMax", sequencesMax, "at least 1");
        check(
                batchTokensMax >= sequencesMax,
                "batchTokensMax",
                batchTokensMax,
                "at least sequencesMax, which is " + sequencesMax);
        check(queueMax >= 1, "queueMax", queueMax, "at least 1");
        check(memoryBytesMax >= 0, "memoryBytesMax", memoryBytesMax, "at least 1, or 0 to choose");
    }

    /// Eight sequences at once, up to 256 tokens a step, 64 requests waiting, a cache in single precision.
    public static EngineOptions defaults() {
        return new EngineOptions(0, 0, DType.F32, 256, 8, 64, 0);
    }

    public EngineOptions withContextTokensMax(int value) {
        return new EngineOptions(
                value, cacheBytesMax, cacheType, batchTokensMax, sequencesMax, queueMax, memoryBytesMax);
    }

    public EngineOptions withCacheBytesMax(long value) {
        return new EngineOptions(
                contextTokensMax, value, cacheType, batchTokensMax, sequencesMax, queueMax, memoryBytesMax);
    }

    public EngineOptions withCacheType(DType value) {
        return new EngineOptions(
                contextTokensMax, cacheBytesMax, value, batchTokensMax, sequencesMax, queueMax, memoryBytesMax);
    }

    public EngineOptions withBatchTokensMax(int value) {
        return new EngineOptions(
                contextTokensMax, cacheBytesMax, cacheType, value, sequencesMax, queueMax, memoryBytesMax);
    }

    public EngineOptions withSequencesMax(int value) {
        return new EngineOptions(
                contextTokensMax, cacheBytesMax, cacheType, batchTokensMax, value, queueMax, memoryBytesMax);
    }

    public EngineOptions withQueueMax(int value) {
        return new EngineOptions(
                contextTokensMax, cacheBytesMax, cacheType, batchTokensMax, sequencesMax, value, memoryBytesMax);
    }

    public EngineOptions withMemoryBytesMax(long value) {
        return new EngineOptions(
                contextTokensMax, cacheBytesMax, cacheType, batchTokensMax, sequencesMax, queueMax, value);
    }

    private static void check(boolean right, String option, Object value, String range) {
        if (!right) {
            throw new IllegalArgumentException("%s is %s; it has to be %s".formatted(option, value, range));
        }
    }
}
