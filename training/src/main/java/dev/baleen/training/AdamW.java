package dev.baleen.training;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Adam with decoupled weight decay (arXiv 1711.05101, algorithm 2).
///
/// With gradient g, step t, rate η: `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`, `w = (1 − ηλ)w − η · (m / (1 − β₁ᵗ))
/// / (√(v / (1 − β₂ᵗ)) + ε)`; λ is 0 for norms ([ParameterRole#decays]).
///
/// @param weightDecay λ
public record AdamW(double beta1, double beta2, double epsilon, double weightDecay) implements Optimizer {
    /// Lane by lane, so the width of the vectors changes no bit.
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    public AdamW {
        if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0 && weightDecay >= 0)) {
            throw new IllegalArgumentException("No AdamW with betas %s and %s, epsilon %s, weight decay %s"
                    .formatted(beta1, beta2, epsilon, weightDecay));
        }
    }

    @Override
    public void update(Slot slot, Step step, Bench bench) {
        switch (slot.role()) {
            case HIDDEN_MATRIX, EMBEDDING, ROUTER, NORM -> adapt(slot, step);
            case SELECTION_BIAS, TABLE -> {}
        }
    }

    private void adapt(Slot slot, Step step) {
        float scale = (float) step.gradientScale();
        float keep1 = (float) beta1;
        float keep2 = (float) beta2;
        float take1 = (float) (1 - beta1);
        float take2 = (float) (1 - beta2);
        float rate = (float) (step.rate() / (1 - StrictMath.pow(beta1, step.step())));
        float correction = (float) (1 / StrictMath.sqrt(1 - StrictMath.pow(beta2, step.step())));
        float small = (float) epsilon;
        float shrink = (float) (1 - (slot.role().decays() ? step.rate() * weightDecay : 0));
        MemorySegment value = slot.value();
        MemorySegment first = slot.first();
        MemorySegment second = slot.second();
        for (long at = 0; at < value.byteSize(); at += LANES.vectorByteSize()) {
            FloatVector g = load(slot.gradient(), at).mul(scale);
            FloatVector m = load(first, at).mul(keep1).add(g.mul(take1));
            FloatVector v = load(second, at).mul(keep2).add(g.mul(g).mul(take2));
            FloatVector update = m.mul(rate).div(v.sqrt().mul(correction).add(small));
            load(value, at).mul(shrink).sub(update).intoMemorySegment(value, at, LITTLE_ENDIAN);
            m.intoMemorySegment(first, at, LITTLE_ENDIAN);
            v.intoMemorySegment(second, at, LITTLE_ENDIAN);
        }
    }

    private static FloatVector load(MemorySegment run, long at) {
        return FloatVector.fromMemorySegment(LANES, run, at, LITTLE_ENDIAN);
    }
}
