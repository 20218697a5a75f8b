package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 110 bytes for 256 numbers in eight groups of 32: `d` in half precision; for every four numbers the lower eight bits
/// of a point of the grid (64 bytes) and its ninth bit (8 bytes, lowest bit first); the signs (32 bytes); then 4-bit
/// scales `s`, two to a byte, the low half first. Each number is `d * (2 * s + 1)` times its level.
final class IQ3_S implements Blocks {
    private static final int NINTHS = 2 + 64;
    private static final int SIGNS = NINTHS + 8;
    private static final int SCALES = SIGNS + 32;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALES + 4;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        Grid grid = Table.GRID;
        float d = Fields.half(source, at);
        for (int i = 0; i < 64; i++) {
            int s = Fields.uint8(source, at + SCALES + i / 16) >> i / 8 % 2 * 4 & 15;
            int ninth = Fields.uint8(source, at + NINTHS + i / 8) >> i % 8 & 1;
            int point = Fields.uint8(source, at + 2 + i) | ninth << 8;
            int signs = Fields.uint8(source, at + SIGNS + i / 2) >> i % 2 * 4;
            grid.decode(point, d * (2 * s + 1), signs, target, index + i * 4);
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq3s.grid", 512, 4, 1, 3, 5, 7, 9, 11, 13, 15);
    }
}
