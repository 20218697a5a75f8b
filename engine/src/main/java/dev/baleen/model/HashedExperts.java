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
/// @param table V·k experts, token by token, where tokens choose
/// @param shared the expert that every token visits: gate, up and down
record HashedExperts(
        GateRule rule,
        double limit,
        Tensor router,
        Tensor bias,
        Optional<int[]> table,
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
                hashed ? Optional.of(table(weights, prefix + ".gate.tid2eid", config)) : Optional.empty(),
                weights.get(prefix + ".experts.", experts, ".w1.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".w3.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".w2.weight", width, inner),
                new Tensor[] {
                    weights.get(common + ".w1.weight", sharedInner, width),
                    weights.get(common + ".w3.weight", sharedInner, width),
                    weights.get(common + ".w2.weight", width, sharedInner)
                });
    }

    private static int[] table(WeightSource weights, String name, DeepSeekV4Config config) {
        Tensor stored =
                weights.floats(name, config.vocabularySize(), config.gate().chosen());
        int[] table = new int[Math.toIntExact(stored.elements())];
        for (int i = 0; i < table.length; i++) {
            table[i] = (int) stored.get(i);
            if (table[i] < 0 || table[i] >= config.routedExperts()) {
                throw new IllegalArgumentException("%s sends token %d to expert %d, but the model has %d; %s"
                        .formatted(
                                name,
                                i / config.gate().chosen(),
                                table[i],
                                config.routedExperts(),
                                "the file is broken, take it from its source again"));
            }
        }
        return table;
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

    private int[] ofTokens(int[] experts, int[] tokens) {
        int chosen = rule.chosen();
        int[] choices = new int[tokens.length * chosen];
        for (int t = 0; t < tokens.length; t++) {
            System.arraycopy(experts, tokens[t] * chosen, choices, t * chosen, chosen);
        }
        return choices;
    }
}
