package dev.baleen.chat.request;

import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.request.ConvertedRequest.Sampling;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What DeepSeek's service takes of the parameters of sampling, and how it checks them.
final class SamplingRules {
    static final int LOGPROBS_MAX = 255;
    static final BigInteger TOKENS_MAX = BigInteger.TWO.pow(32).subtract(BigInteger.ONE);
    static final BigInteger SEED_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private static final int STOP_MAX = 16;
    private static final int TOP_LOGPROBS_MAX = 20;
    private static final int SEED_BITS = 63;

    private SamplingRules() {}

    static void checkTemperature(Optional<Float> temperature) {
        check(temperature, "temperature", temperature.orElse(0f) >= 0 && temperature.orElse(0f) <= 2, "[0, 2]");
    }

    static void checkTopP(Optional<Float> topP) {
        check(topP, "top_p", topP.orElse(1f) > 0 && topP.orElse(1f) <= 1, "(0, 1.0]");
    }

    static void checkPenalty(Optional<Float> penalty, String name) {
        check(penalty, name, penalty.orElse(0f) >= -2 && penalty.orElse(0f) <= 2, "[-2, 2]");
    }

    private static void check(Optional<Float> value, String name, boolean good, String range) {
        if (value.isPresent() && !good) {
            throw new RequestException("Invalid %s value, the valid range of %s is %s".formatted(name, name, range));
        }
    }

    static void checkTopLogprobs(OptionalInt top) {
        if (top.orElse(0) > TOP_LOGPROBS_MAX) {
            throw new RequestException("Invalid top_logprobs value, the valid range of top_logprobs is [0, %d]."
                    .formatted(TOP_LOGPROBS_MAX));
        }
    }

    static OptionalInt checkTokensMax(Optional<BigInteger> tokens, int max) {
        if (tokens.isEmpty()) {
            return OptionalInt.empty();
        }
        if (tokens.get().signum() == 0 || tokens.get().compareTo(BigInteger.valueOf(max)) > 0) {
            throw new RequestException(
                    "Invalid max_tokens value, the valid range of max_tokens is [1, %d]".formatted(max));
        }
        return OptionalInt.of(tokens.get().intValueExact());
    }

    static OptionalLong checkSeed(Optional<BigInteger> seed) {
        if (seed.isPresent() && seed.get().bitLength() > SEED_BITS) {
            throw new RequestException("Invalid seed value, the valid range of seed is [0, 2^63)");
        }
        return seed.map(value -> OptionalLong.of(value.longValueExact())).orElse(OptionalLong.empty());
    }

    /// @param isArray whether several were asked for, for the message
    static void checkStop(List<String> stop, boolean isArray) {
        if (stop.size() > STOP_MAX) {
            throw new RequestException("Stop string array too long: " + stop.size());
        }
        int empty = stop.indexOf("");
        if (empty >= 0) {
            throw new RequestException(
                    "Invalid '%s': empty string. Expected a string with minimum length 1, but got an empty string instead."
                            .formatted(isArray ? "stop[" + empty + "]" : "stop"));
        }
    }

    /// With thinking the temperature is 1, whatever was asked for. What top-p is depends on the version too.
    static Sampling sampling(
            Version version,
            boolean thinking,
            boolean offersTools,
            Optional<Float> temperature,
            Optional<Float> topP,
            boolean logprobs,
            OptionalInt topLogprobs,
            OptionalLong seed) {
        float top = switch (version) {
            case V4 -> thinking ? offersTools ? 0.95f : 1 : topP.orElse(1f);
            case V4_1 -> thinking ? Math.max(0.95f, topP.orElse(1f)) : 1;
        };
        return new Sampling(thinking ? 1 : temperature.orElse(1f), top, logprobs, topLogprobs, seed);
    }
}
