package dev.baleen.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Working memory of one thread, which grows to what its largest kernel needed and is used by every kernel anew.
///
/// Held by thread and not by kernels: then any thread may call any kernels, and two callers never meet in it.
final class Scratch {
    private static final ThreadLocal<Scratch> MINE = ThreadLocal.withInitial(Scratch::new);
    private static final long CHUNK_BYTES = 1 << 16;

    /// Uses of native memory within one kernel.
    enum Use {
        QUERIES,
        KEYS,
        VALUES,
        SCORES,
        SUMS,
        INPUTS,
        WEIGHTS,
        CHOICE
    }

    final Gemm gemm = new Gemm();
    /// Room for the numbers of two rows of weights.
    final byte[] numbers = new byte[UnpackedSums.BYTES];
    /// Room for the sixteen partial sums of one tile of outputs.
    final float[] sums = new float[Math.max(SixteenSums.TILE_FLOATS, 2 * SixteenSums.PARTS)];

    private final MemorySegment[] segments = new MemorySegment[Use.values().length];
    private float[] inputs = {};
    private float[] weights = {};
    private int[] integers = {};
    private float[] scales = {};
    private float[] parts = {};

    private Scratch() {
        for (int i = 0; i < segments.length; i++) {
            segments[i] = MemorySegment.NULL;
        }
    }

    /// The calling thread's own.
    static Scratch mine() {
        return MINE.get();
    }

    /// At least `floats` numbers of native memory, whatever they hold.
    MemorySegment floats(Use use, long floats) {
        MemorySegment segment = segments[use.ordinal()];
        if (segment.byteSize() < floats * Float.BYTES) {
            long bytes = Math.ceilDiv(floats * Float.BYTES, CHUNK_BYTES) * CHUNK_BYTES;
            segment = Arena.ofAuto().allocate(bytes, 64);
            segments[use.ordinal()] = segment;
        }
        return segment;
    }

    /// At least `floats` numbers for a product's inputs.
    float[] inputs(int floats) {
        if (inputs.length < floats) {
            inputs = new float[floats];
        }
        return inputs;
    }

    /// At least `floats` numbers for decoded weights or keys.
    float[] weights(int floats) {
        if (weights.length < floats) {
            weights = new float[floats];
        }
        return weights;
    }

    /// At least `count` integers.
    int[] integers(int count) {
        if (integers.length < count) {
            integers = new int[count];
        }
        return integers;
    }

    /// At least `floats` numbers for the scales of quantized rows.
    float[] scales(int floats) {
        if (scales.length < floats) {
            scales = new float[floats];
        }
        return scales;
    }

    /// At least `floats` numbers for the partial sums of many tiles.
    float[] parts(int floats) {
        if (parts.length < floats) {
            parts = new float[floats];
        }
        return parts;
    }
}
