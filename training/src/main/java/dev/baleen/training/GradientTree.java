package dev.baleen.training;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Sums the micro-batches' gradients in a fixed binary tree over their index: the same bits whoever computed which.
///
/// Round by round, run `i` takes in run `i + 1`, then `i + 2`, `i + 4`, …: with five, ((0+1)+(2+3))+4.
final class GradientTree {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
    /// So much of every run fits the nearest caches together.
    private static final long BLOCK_BYTES = 4096;

    private GradientTree() {}

    /// Adds all runs into the first; the others are spoiled. Runs are as long as each other, whole vectors of 64
    /// bytes.
    static void sum(List<MemorySegment> runs) {
        long bytes = runs.getFirst().byteSize();
        for (long from = 0; from < bytes; from += BLOCK_BYTES) {
            long to = Math.min(bytes, from + BLOCK_BYTES);
            for (int stride = 1; stride < runs.size(); stride *= 2) {
                for (int i = 0; i + stride < runs.size(); i += 2 * stride) {
                    add(runs.get(i), runs.get(i + stride), from, to);
                }
            }
        }
    }

    /// The sum of squares, in double precision and in a fixed order.
    static double squaredNorm(MemorySegment run) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        long count = run.byteSize() / Float.BYTES;
        long i = 0;
        for (; i + 3 < count; i += 4) {
            s0 += square(run, i);
            s1 += square(run, i + 1);
            s2 += square(run, i + 2);
            s3 += square(run, i + 3);
        }
        for (; i < count; i++) {
            s0 += square(run, i);
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static void add(MemorySegment target, MemorySegment source, long from, long to) {
        for (long at = from; at < to; at += LANES.vectorByteSize()) {
            FloatVector.fromMemorySegment(LANES, target, at, LITTLE_ENDIAN)
                    .add(FloatVector.fromMemorySegment(LANES, source, at, LITTLE_ENDIAN))
                    .intoMemorySegment(target, at, LITTLE_ENDIAN);
        }
    }

    private static double square(MemorySegment run, long index) {
        double value = run.getAtIndex(JAVA_FLOAT, index);
        return value * value;
    }
}
