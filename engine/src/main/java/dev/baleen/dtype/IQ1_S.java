package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 50 bytes for 256 numbers in eight groups of 32: `d` in half precision, the lower eight bits of a point of the grid
/// for every eight numbers (32 bytes), then 16 bits for each group: four times three upper bits of its points, a 3-bit
/// scale `s`, and a bit that says whether [#DELTA] is taken away or added. Each number is `d * (2 * s + 1)` times its
/// level, -1, 0 or 1, moved by the delta.
final class IQ1_S implements Blocks {
    static final float DELTA = 0.125f;

    private static final int UPPER = 2 + 32;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return UPPER + 8 * 2;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        for (int i = 0; i < 32; i++) {
            int packed = Fields.uint16(source, at + UPPER + i / 4 * 2);
            float scale = d * (2 * (packed >> 12 & 7) + 1);
            int point = Fields.uint8(source, at + 2 + i) | (packed >> i % 4 * 3 & 7) << 8;
            decodePoint(point, scale, packed < 0x8000 ? DELTA : -DELTA, target, index + i * 8);
        }
    }

    static void decodePoint(int point, float scale, float delta, float[] target, int index) {
        for (int j = 0; j < 8; j++) {
            target[index + j] = scale * (Table.GRID.value(point, j) + delta);
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq1.grid", 2048, 8, -1, 0, 1);
    }
}
