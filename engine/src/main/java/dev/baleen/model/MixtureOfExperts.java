package dev.baleen.model;

import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.Gating;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// DeepSeekMoE (arXiv 2401.06066, §3; DeepSeek-V3, arXiv 2412.19437, eq. 12–16): each token goes to a few of many small
/// experts, and to a shared one.
///
/// Tokens are gathered by expert, each expert is one matrix product over its rows, and the rows are summed back.
///
/// @param router [E, D]
/// @param bias [E] added for the choice only; zeros where the model has none
/// @param gate E weights [F, D]
/// @param up E weights [F, D]
/// @param down E weights [D, F]
/// @param shared the experts that every token visits, as one layer of their joint width, where there are any
record MixtureOfExperts(
        Tensor router,
        Tensor bias,
        GateRule rule,
        Tensor[] gate,
        Tensor[] up,
        Tensor[] down,
        Optional<FeedForward> shared)
        implements Mlp {
    /// @param inner width of one expert
    /// @param experts how many there are to choose from, beside `sharedExperts` for every token
    static MixtureOfExperts load(
            WeightSource weights,
            String prefix,
            long width,
            long inner,
            int experts,
            int sharedExperts,
            GateRule rule) {
        String biasName = prefix + ".gate.e_score_correction_bias";
        Tensor bias =
                weights.has(biasName) ? weights.get(biasName, experts) : Tensor.ofFloats(new float[experts], experts);
        return new MixtureOfExperts(
                weights.get(prefix + ".gate.weight", experts, width),
                bias,
                rule,
                weights.get(prefix + ".experts.", experts, ".gate_proj.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".up_proj.weight", inner, width),
                weights.get(prefix + ".experts.", experts, ".down_proj.weight", width, inner),
                sharedExperts == 0
                        ? Optional.empty()
                        : Optional.of(
                                FeedForward.load(weights, prefix + ".shared_experts", width, sharedExperts * inner)));
    }

    @Override
    public Tensor forward(Ops ops, Tensor x, Span[] spans) {
        Gating gating = ops.gate(ops.matmul(x, router), bias, rule, spans);
        ExpertDispatch dispatch = ExpertDispatch.of(gating, gate.length);
        ops.expect(dispatch, gate);
        ops.expect(dispatch, up);
        ops.expect(dispatch, down);
        Tensor rows = ops.gatherRows(x, dispatch.tokens());
        Tensor inner = ops.swiGlu(ops.groupedMatmul(rows, dispatch, gate), ops.groupedMatmul(rows, dispatch, up));
        Tensor routed = ops.combine(ops.groupedMatmul(inner, dispatch, down), dispatch, gating.weights());
        return shared.isPresent() ? ops.add(routed, shared.get().forward(ops, x)) : routed;
    }
}
