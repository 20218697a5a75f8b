package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 82 bytes for 256 numbers in sixteen groups of sixteen: `d` in half precision; for every eight numbers the lower
/// eight bits of a point of the grid (32 bytes), then their signs (32 bytes), then the point's upper two bits (8 bytes,
/// lowest bits first); then 4-bit scales `s`, two to a byte. Each number is `d * (s + 1/2) / 4` times its level.
final class IQ2_S implements Blocks {
    private static final int SIGNS = 2 + 32;
    private static final int UPPER = SIGNS + 32;
    private static final int SCALES = UPPER + 8;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALES + 8;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        Grid grid = Table.GRID;
        float d = Fields.half(source, at);
        for (int i = 0; i < 32; i++) {
            int s = Fields.uint8(source, at + SCALES + i / 4) >> i / 2 % 2 * 4 & 15;
            float scale = d * (0.5f + s) * 0.25f;
            int upper = Fields.uint8(source, at + UPPER + i / 4) >> i % 4 * 2 & 3;
            int point = Fields.uint8(source, at + 2 + i) | upper << 8;
            grid.decode(point, scale, Fields.uint8(source, at + SIGNS + i), target, index + i * 8);
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq2s.grid", 1024, 8, 8, 25, 43);
    }
}
