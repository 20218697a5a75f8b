package dev.baleen.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How fast a tokenizer is on one core, on text made by rule.
public final class TokenizerBenchmark {
    private static final int CHARACTERS = 4_000_000;

    /// Until the compiler has done its work, each pass is faster than the one before.
    private static final long WARM_NANOS = 2_000_000_000L;

    private TokenizerBenchmark() {}

    /// What was measured; bytes are those of the text in UTF-8.
    ///
    /// @param encodeNanos of the fastest pass
    /// @param decodeNanos of the fastest pass
    public record Measurement(long bytes, long tokens, long encodeNanos, long decodeNanos) {
        public double encodeMegabytesPerSecond() {
            return bytes * 1e3 / encodeNanos;
        }

        public double decodeMegabytesPerSecond() {
            return bytes * 1e3 / decodeNanos;
        }

        public double bytesPerToken() {
            return (double) bytes / tokens;
        }
    }

    /// Encodes and decodes English, warm, `repetitions` times each; the fastest pass counts.
    ///
    /// @throws IllegalStateException if the text does not come back
    public static Measurement english(Tokenizer tokenizer, int repetitions) {
        String text = EnglishText.of(CHARACTERS, 1);
        int[] ids = tokenizer.encode(text);
        if (!tokenizer.decode(ids).equals(text)) {
            throw new IllegalStateException("The text does not come back from its ids: this vocabulary lacks bytes");
        }
        long encode = fastest(() -> tokenizer.encode(text).length, repetitions, ids.length);
        long decode = fastest(() -> tokenizer.decode(ids).length(), repetitions, text.length());
        return new Measurement(text.getBytes(StandardCharsets.UTF_8).length, ids.length, encode, decode);
    }

    private interface Pass {
        int run();
    }

    private static long fastest(Pass pass, int repetitions, int expected) {
        for (long start = System.nanoTime(); System.nanoTime() - start < WARM_NANOS; ) {
            check(pass.run(), expected);
        }
        long[] nanos = new long[repetitions];
        for (int i = 0; i < repetitions; i++) {
            long start = System.nanoTime();
            check(pass.run(), expected);
            nanos[i] = System.nanoTime() - start;
        }
        return Arrays.stream(nanos).min().orElseThrow();
    }

    private static void check(int actual, int expected) {
        if (actual != expected) {
            throw new IllegalStateException("A pass gave %d instead of %d".formatted(actual, expected));
        }
    }
}
