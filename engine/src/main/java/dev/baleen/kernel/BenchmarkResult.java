package dev.baleen.kernel;

/// What one measurement found.
///
/// @param group what is measured together, such as `1 token × weights from memory`
/// @param name within the group, such as `Q4_K`
/// @param unit what is counted
/// @param perSecond how many of it, in the fastest of several runs
/// @param bound how many at most, by the bound that this kernel has; 0 where this is itself a bound
/// @param seconds of one call
public record BenchmarkResult(String group, String name, Unit unit, double perSecond, double bound, double seconds) {
    /// What is counted.
    public enum Unit {
        BYTES("GB/s", 1e9),
        OPERATIONS("GFLOP/s", 1e9),
        CALLS("calls/µs", 1e6);

        private final String name;
        private final double size;

        Unit(String name, double size) {
            this.name = name;
            this.size = size;
        }
    }

    /// How many a second, in [#unitName].
    public double value() {
        return perSecond / unit.size;
    }

    /// Such as `GB/s`.
    public String unitName() {
        return unit.name;
    }

    /// Whether this says what the machine allows, and not what a kernel does.
    public boolean isBound() {
        return bound == 0;
    }

    /// The part of the bound that was reached; 1 for a bound.
    public double fraction() {
        return isBound() ? 1 : perSecond / bound;
    }
}
