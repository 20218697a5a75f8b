package dev.baleen.conversion;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// The same four-bit floats with a power of two for each 32 of them (OCP Microscaling Formats 1.0, §5), in the two ways
/// in which files lay them out. Only bits move; no number changes.
///
/// In Hugging Face's files two neighbours share a byte, the first of them its lower half, and the powers are a matrix
/// of their own. In GGUF the power comes first in a block of 17 bytes, and byte j holds numbers j and j + 16.
final class Mxfp4Rows {
    static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 17;

    private Mxfp4Rows() {}

    /// Whether a tensor's bits can be laid out as GGUF's MXFP4.
    static boolean fits(Tensor tensor) {
        Optional<BlockScales> scales = tensor.scales();
        return tensor.type() == DType.F4_E2M1
                && scales.isPresent()
                && scales.get().values().type() == DType.F8_E8M0
                && scales.get().rows() == 1
                && scales.get().columns() == BLOCK
                && tensor.columns() % BLOCK == 0;
    }

    /// Writes row `row` as GGUF's blocks.
    static void toBlocks(Tensor tensor, long row, MemorySegment target, long at) {
        MemorySegment pairs = tensor.data();
        BlockScales scales = tensor.scales().orElseThrow();
        int blocks = tensor.columns() / BLOCK;
        long firstPair = row * tensor.columns() / 2;
        long firstScale = (scales.firstRow() + row) * blocks;
        for (int block = 0; block < blocks; block++) {
            long to = at + (long) block * BLOCK_BYTES;
            target.set(JAVA_BYTE, to, scales.values().data().get(JAVA_BYTE, firstScale + block));
            for (int j = 0; j < BLOCK / 2; j++) {
                int low = nibble(pairs, firstPair + block * BLOCK / 2, j);
                int high = nibble(pairs, firstPair + block * BLOCK / 2, j + BLOCK / 2);
                target.set(JAVA_BYTE, to + 1 + j, (byte) (low | high << 4));
            }
        }
    }

    private static int nibble(MemorySegment pairs, long first, int index) {
        return pairs.get(JAVA_BYTE, first + index / 2) >>> index % 2 * 4 & 15;
    }

    /// The pairs of a row of GGUF's blocks.
    static void toPairs(MemorySegment blocks, long from, int columns, MemorySegment target, long at) {
        for (int i = 0; i < columns; i += 2) {
            long block = from + (long) (i / BLOCK) * BLOCK_BYTES + 1;
            int shift = i % BLOCK < BLOCK / 2 ? 0 : 4;
            int within = i % (BLOCK / 2);
            int low = blocks.get(JAVA_BYTE, block + within) >>> shift & 15;
            int high = blocks.get(JAVA_BYTE, block + within + 1) >>> shift & 15;
            target.set(JAVA_BYTE, at + i / 2, (byte) (low | high << 4));
        }
    }

    /// The powers of a row of GGUF's blocks.
    static void toScales(MemorySegment blocks, long from, int columns, MemorySegment target, long at) {
        for (int block = 0; block < columns / BLOCK; block++) {
            target.set(JAVA_BYTE, at + block, blocks.get(JAVA_BYTE, from + (long) block * BLOCK_BYTES));
        }
    }
}
