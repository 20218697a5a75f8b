package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 74 bytes for 256 numbers in sixteen groups of sixteen: `d` in half precision, two bytes for every eight numbers
/// (nine bits of a point of the grid, then seven signs, [Grid#evenSigns]), then 4-bit scales `s`, two to a byte, the
/// low half first. Each number is `d * (s + 1/2) / 4` times its level.
final class IQ2_XS implements Blocks {
    private static final int SCALES = 2 + 64;

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
            int packed = Fields.uint16(source, at + 2 + 2 * i);
            grid.decode(packed & 511, scale, Grid.evenSigns(packed >> 9), target, index + i * 8);
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq2xs.grid", 512, 8, 8, 25, 43);
    }
}
