package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 66 bytes for 256 numbers in eight groups of 32: `d` in half precision, then eight bytes for each group.
///
/// A group's first four bytes are points of the grid, eight numbers each; the following 32 bits are four times seven
/// signs ([Grid#evenSigns]) and, highest, a 4-bit scale `s`. Each number is `d * (s + 1/2) / 4` times its level.
final class IQ2_XXS implements Blocks {
    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return 2 + 8 * 8;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        Grid grid = Table.GRID;
        float d = Fields.half(source, at);
        for (int group = 0; group < 8; group++) {
            long points = at + 2 + group * 8;
            int signs = Fields.int32(source, points + 4);
            float scale = d * (0.5f + (signs >>> 28)) * 0.25f;
            for (int i = 0; i < 4; i++) {
                int point = Fields.uint8(source, points + i);
                grid.decode(point, scale, Grid.evenSigns(signs >>> 7 * i & 127), target, index + group * 32 + i * 8);
            }
        }
    }

    /// Read when the first block is.
    private static final class Table {
        static final Grid GRID = Grid.read("iq2xxs.grid", 256, 8, 8, 25, 43);
    }
}
