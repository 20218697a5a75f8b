package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 98 bytes for 256 numbers in eight groups of 32: `d` in half precision, a byte for every four numbers (a point of the
/// grid), then 32 bits for each group: four times seven signs ([Grid#evenSigns]) and, highest, a 4-bit scale `s`. Each
/// number is `d * (s + 1/2) / 2` times its level.
final class IQ3_XXS implements Blocks {
    private static final int SIGNS = 2 + 64;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SIGNS + 8 * 4;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        Grid grid = Table.GRID;
        float d = Fields.half(source, at);
        for (int i = 0; i < 64; i++) {
            int packed = Fields.int32(source, at + SIGNS + i / 8 * 4);
            float scale = d * (0.5f + (packed >>> 28)) * 0.5f;
            int signs = Grid.evenSigns(packed >>> i / 2 % 4 * 7 & 127) >> i % 2 * 4;
            grid.decode(Fields.uint8(source, at + 2 + i), scale, signs, target, index + i * 4);
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq3xxs.grid", 256, 4, 4, 12, 20, 28, 36, 44, 52, 62);
    }
}
