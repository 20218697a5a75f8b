package dev.baleen.model;

import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.Gating;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// DeepSeek-V4's mixture of experts (its report, §2.1): as [MixtureOfExperts], with numbers that are cut off before an
/// expert's product, and in the first layers with a table that gives each token its experts; the router then only
/// weighs them.
///
/// @param bias [E] added for the choice only; zeros where a table chooses
/// @param table [V, k] experts of each token, where tokens choose
/// @param shared the expert that every token visits: gate, up and down
record HashedExperts(
        GateRule rule,
        double limit,
        Tensor router,
        Tensor bias,
        Optional<Tensor> table,
        Tensor[] gate,
        Tensor[] up,
        Tensor[] down,
        Tensor[] shared) {
    static HashedExperts load(WeightSource weights, String prefix, DeepSeekV4Config config, boolean hashed) {
        int experts = config.routedExperts();
        long width = config.hiddenSize();
        long inner = config.moeIntermediateSize();
        long sharedInner = inner * config.sharedExperts();
        String common = prefix + ".shared_experts";
        return new HashedExperts(
                config.gate(),
                config.swiGluLimit(),
                weights.get(prefix + ".gate.weight", experts, width),
                hashed ? Tensor.ofFloats(new float[experts], experts) : weights.get(prefix + ".gate.bias", experts),
                hashed
                        ? Optional.of(weights.floats(
                                prefix + ".gate.tid2eid",
                                config.vocabularySize(),
                                config.gate().chosen()))
                        : Optional.empty(),
                weights.get(prefix + ".experts.", experts, ".w1.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".w3.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".w2.weight", width, inner),
                new Tensor[] {
                    weights.get(common + ".w1.weight", sharedInner, width),
                    weights.get(common + ".w3.weight", sharedInner, width),
                    weights.get(common + ".w2.weight", width, sharedInner)
                });
    }

    /// [T, D] from x[T, D] and the tokens of its rows.
    Tensor forward(Ops ops, Tensor x, int[] tokens, Span[] spans) {
        Tensor logits = ops.matmul(x, router);
        Gating gating = table.isPresent()
                ? ops.weigh(logits, ofTokens(table.get(), tokens), rule)
                : ops.gate(logits, bias, rule, spans);
        ExpertDispatch dispatch = ExpertDispatch.of(gating, gate.length);
        ops.expect(dispatch, gate);
        ops.expect(dispatch, up);
        ops.expect(dispatch, down);
        Tensor rows = ops.gatherRows(x, dispatch.tokens());
        Tensor inner =
                ops.swiGlu(ops.groupedMatmul(rows, dispatch, gate), ops.groupedMatmul(rows, dispatch, up), limit);
        Tensor routed = ops.combine(ops.groupedMatmul(inner, dispatch, down), dispatch, gating.weights());
        Tensor common = ops.swiGlu(ops.matmul(x, shared[0]), ops.matmul(x, shared[1]), limit);
        return ops.add(routed, ops.matmul(common, shared[2]));
    }

    private int[] ofTokens(Tensor experts, int[] tokens) {
        int chosen = rule.chosen();
        int[] choices = new int[tokens.length * chosen];
        for (int pair = 0; pair < choices.length; pair++) {
            int token = tokens[pair / chosen];
            choices[pair] = (int) experts.get((long) token * chosen + pair % chosen);
            if (choices[pair] < 0 || choices[pair] >= gate.length) {
                throw new IllegalArgumentException(
                        "The table of experts sends token %d to expert %d, but there are %d; take the file from its source again"
                                .formatted(token, choices[pair], gate.length));
            }
        }
        return choices;
    }
}
