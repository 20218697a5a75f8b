package dev.baleen.kernel;

import java.util.Optional;

/// Which kernels this machine runs: one lookup, and one warning where the fast ones cannot be had.
///
/// A new backend is one file that implements [Kernels] and one line here.
public final class Backends {
    private static final int BITS_MIN = 128;

    /// Why vectors cannot be used; empty if they can.
    private static final Optional<String> OBSTACLE = obstacle();

    private Backends() {}

    /// The fastest kernels there are, on the threads of `pool`. Their [Kernels#description] says which, and why.
    public static Kernels best(ComputePool pool) {
        return OBSTACLE.isEmpty() ? new VectorKernels(pool) : new ScalarKernels(OBSTACLE.get());
    }

    /// The fastest gradients there are; each instance belongs to one thread.
    public static GradientKernels bestGradients() {
        return OBSTACLE.isEmpty() ? new VectorGradientKernels() : new ScalarGradientKernels();
    }

    private static Optional<String> obstacle() {
        Optional<String> found = look();
        found.ifPresent(reason -> System.getLogger(Backends.class.getName())
                .log(System.Logger.Level.WARNING, "Computing in plain loops, many times slower: " + reason));
        return found;
    }

    private static Optional<String> look() {
        try {
            int bits = Vectors.FLOATS.vectorBitSize();
            return bits >= BITS_MIN
                    ? Optional.empty()
                    : Optional.of(("this JVM computes vectors of %d bits only;"
                                    + " use a 64-bit HotSpot JVM with its C2 compiler on, and leave -D%s unset")
                            .formatted(bits, Vectors.BITS_PROPERTY));
        } catch (NoClassDefFoundError missing) {
            return Optional.of("the module jdk.incubator.vector is not there;"
                    + " start java with --add-modules jdk.incubator.vector, as ./baleen does");
        }
    }
}
