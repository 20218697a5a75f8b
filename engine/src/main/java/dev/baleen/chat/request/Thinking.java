package dev.baleen.chat.request;

import dev.baleen.chat.Effort;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Whether and how long to think, from a switch and an effort, of which a request may have either.
record Thinking(boolean on, Effort effort) {
    private static final BigInteger BUDGET_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    /// `none` is no effort at all.
    private static final Map<String, Optional<Effort>> EFFORTS = new LinkedHashMap<>();

    private static final Map<String, Boolean> SWITCHES = new LinkedHashMap<>();

    static {
        EFFORTS.put("none", Optional.empty());
        EFFORTS.put("minimal", Optional.of(Effort.LOW));
        EFFORTS.put("low", Optional.of(Effort.LOW));
        EFFORTS.put("medium", Optional.of(Effort.HIGH));
        EFFORTS.put("high", Optional.of(Effort.HIGH));
        EFFORTS.put("xhigh", Optional.of(Effort.XHIGH));
        EFFORTS.put("ultra", Optional.of(Effort.MAX));
        EFFORTS.put("max", Optional.of(Effort.MAX));
        SWITCHES.put("adaptive", true);
        SWITCHES.put("enabled", true);
        SWITCHES.put("disabled", false);
    }

    /// `thinking: {type, budget_tokens}`; the budget is checked and ignored.
    static Optional<Boolean> findSwitch(Fields fields) {
        return fields.findObject("thinking").map(thinking -> {
            thinking.findCount("budget_tokens", BUDGET_MAX);
            return thinking.choice("type", SWITCHES);
        });
    }

    /// Empty where the request has none.
    static Optional<Optional<Effort>> findEffort(Fields fields, String name) {
        return fields.findChoice(name, EFFORTS);
    }

    static Thinking of(Optional<Boolean> given, Optional<Optional<Effort>> effort, boolean byDefault) {
        boolean on = given.orElse(effort.map(Optional::isPresent).orElse(byDefault));
        return new Thinking(on, effort.flatMap(degree -> degree).orElse(Effort.HIGH));
    }
}
