package dev.baleen.kernel;

import dev.baleen.kernel.RotaryEmbedding.Pairing;

/// The sines and cosines that a step's rows turn by: made once a step, used by every layer.
///
/// @param cosines for row `t` and pair `i`, at index `t * pairs + i`
/// @param sines likewise
/// @param pairs pairs of columns that turn
/// @param pairing which columns make a pair
public record Rotation(double[] cosines, double[] sines, int pairs, Pairing pairing) {
    /// The same angles for pairs that lie otherwise.
    public Rotation paired(Pairing other) {
        return new Rotation(cosines, sines, pairs, other);
    }

    /// The rotation that undoes this one, where the magnitude is 1; also the one that gradients go back through.
    public Rotation transposed() {
        double[] negated = new double[sines.length];
        for (int i = 0; i < sines.length; i++) {
            negated[i] = -sines[i];
        }
        return new Rotation(cosines, negated, pairs, pairing);
    }
}
