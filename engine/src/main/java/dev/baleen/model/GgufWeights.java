package dev.baleen.model;

import dev.baleen.checkpoint.Weights;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Weights under GGUF's names: experts are taken from their stacks, and parts from what a converter was told to fuse
/// (`--fuse-qkv`, `--fuse-gate-up-exps`). Norms and biases come in single precision.
record GgufWeights(Weights weights) implements WeightSource {
    /// A tensor with several weights in it, one below another.
    ///
    /// @param part of `parts`, counted from above
    private record Fused(String name, int part, int parts) {
        static Optional<Fused> of(String name) {
            return fused(name, ".attn_q.", ".attn_qkv.", 0, 3)
                    .or(() -> fused(name, ".attn_k.", ".attn_qkv.", 1, 3))
                    .or(() -> fused(name, ".attn_v.", ".attn_qkv.", 2, 3))
                    .or(() -> fused(name, ".ffn_gate_exps.", ".ffn_gate_up_exps.", 0, 2))
                    .or(() -> fused(name, ".ffn_up_exps.", ".ffn_gate_up_exps.", 1, 2));
        }

        private static Optional<Fused> fused(String name, String own, String joint, int part, int parts) {
            return name.contains(own)
                    ? Optional.of(new Fused(name.replace(own, joint), part, parts))
                    : Optional.empty();
        }
    }

    @Override
    public boolean has(String name) {
        String stored = GgufNames.of(name).name();
        return weights.has(stored) || fused(stored).isPresent();
    }

    @Override
    public Tensor get(String name, long... shape) {
        GgufNames stored = GgufNames.of(name);
        Optional<Fused> fused = fused(stored.name());
        if (stored.entry().isPresent()) {
            return fused.map(joint -> expertPart(joint, stored.entry().getAsInt(), shape))
                    .orElseGet(() -> expert(stored.name(), stored.entry().getAsInt(), shape[0], shape[1]));
        }
        return fused.map(joint -> part(joint, shape)).orElseGet(() -> whole(stored.name(), shape));
    }

    @Override
    public Tensor floats(String name, long... shape) {
        return weights.getFloats(GgufNames.of(name).name(), shape);
    }

    private Optional<Fused> fused(String stored) {
        return weights.has(stored) ? Optional.empty() : Fused.of(stored).filter(joint -> weights.has(joint.name()));
    }

    /// Some converters wrote a stack of matrices, such as `attn_k_b`, as one matrix.
    private Tensor whole(String name, long... shape) {
        if (shape.length == 3 && axes(name) == 2) {
            return weights.get(name, Math.multiplyExact(shape[0], shape[1]), shape[2])
                    .reshape(shape);
        }
        return shape.length == 1 ? weights.getFloats(name, shape) : weights.get(name, shape);
    }

    private Tensor expert(String name, int entry, long rows, long columns) {
        return weights.get(name, stacked(name, entry), rows, columns).entry(entry);
    }

    private Tensor expertPart(Fused joint, int entry, long... shape) {
        Tensor both = expert(joint.name(), entry, joint.parts() * shape[0], shape[1]);
        return both.slice(joint.part() * shape[0], (joint.part() + 1) * shape[0]);
    }

    /// Queries lie above keys and values, of which there are as many.
    private Tensor part(Fused joint, long... shape) {
        long own = shape[0];
        long listed = weights.shapeOf(joint.name()).map(s -> s.axis(0)).orElse(0L);
        long first = joint.part() == 0 ? 0 : listed - (joint.parts() - joint.part()) * own;
        // Where it does not fit, asking for what would fit tells so.
        long rows = first >= 0 && first + own <= listed ? listed : joint.parts() * own;
        long from = rows == listed ? first : 0;
        Tensor whole =
                shape.length == 1 ? weights.getFloats(joint.name(), rows) : weights.get(joint.name(), rows, shape[1]);
        return whole.slice(from, from + own);
    }

    /// Experts in a stack; where it has too few, as many as would do, so that the lack is told.
    private long stacked(String name, int entry) {
        long experts = weights.shapeOf(name).map(s -> s.axis(0)).orElse(0L);
        return Math.max(experts, entry + 1L);
    }

    private int axes(String name) {
        return weights.shapeOf(name).map(Shape::axes).orElse(0);
    }
}
