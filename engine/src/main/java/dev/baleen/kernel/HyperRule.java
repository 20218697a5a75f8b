package dev.baleen.kernel;

/// How the weights of manifold-constrained hyper-connections (DeepSeek-V4; arXiv 2512.24880) come from a row of mixing
/// logits: first N to take the layer's input from N streams, then N to give its output to them, then N · N to mix them.
///
/// With l the logits times the part's scale plus its base, and ε `epsilon`:
/// - in: sigmoid(l) + ε; out: 2 · sigmoid(l);
/// - mix: the softmax of each row, plus ε, then made doubly stochastic by Sinkhorn and Knopp's method: columns are
///   divided by their sum + ε, and `iterations` − 1 times rows and then columns again.
///
/// `mix[i, j]` is what stream j gets of stream i.
///
/// @param streams N
/// @param iterations 0 where there is only the first part, as at the end of a model
public record HyperRule(int streams, int iterations, double epsilon) {
    private static final int STREAMS_MAX = 64;
    private static final int ITERATIONS_MAX = 1000;

    public HyperRule {
        if (streams < 1 || streams > STREAMS_MAX || iterations < 0 || iterations > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "No hyper-connection of %,d streams with %,d iterations: up to %d and %,d"
                            .formatted(streams, iterations, STREAMS_MAX, ITERATIONS_MAX));
        }
    }

    /// Only the first part.
    public HyperRule in() {
        return new HyperRule(streams, 0, epsilon);
    }

    /// Numbers of a row.
    public int width() {
        return iterations == 0 ? streams : (2 + streams) * streams;
    }

    /// Scales: one for each part.
    public int parts() {
        return iterations == 0 ? 1 : 3;
    }

    /// The part that column `i` belongs to.
    int part(int i) {
        return Math.min(2, i / streams);
    }
}
