package dev.baleen.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.baleen.dtype.DType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BlockScalesTest {
    private final Tensor ones = ones(5, 6);
    /// Blocks of 2 × 4: three down, two across.
    private final BlockScales scales = new BlockScales(Tensor.ofFloats(new float[] {1, 2, 3, 4, 5, 6}, 3, 2), 2, 4, 0);

    @Test
    void everyNumberIsMultipliedByTheScaleOfItsBlock() {
        float[] expected = {
            1, 1, 1, 1, 2, 2, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 3, 3, 3, 3, 4, 4, 5, 5, 5, 5, 6, 6,
        };
        Tensor scaled = ones.scaled(scales);
        assertArrayEquals(expected, scaled.toFloats());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], scaled.get(i));
        }
    }

    @Test
    void aSliceKeepsItsRowsScalesThoughItBeginsInsideABlock() {
        Tensor scaled = ones.scaled(scales);
        float[] all = scaled.toFloats();
        assertArrayEquals(Arrays.copyOfRange(all, 18, 30), scaled.slice(3, 5).toFloats());
        assertArrayEquals(
                Arrays.copyOfRange(all, 24, 30), scaled.slice(3, 5).slice(1, 2).toFloats());
    }

    @Test
    void refusesScalesThatDoNotCoverTheMatrix() {
        assertThrows(IllegalArgumentException.class, () -> ones(7, 6).scaled(scales));
        assertThrows(IllegalArgumentException.class, () -> ones(5, 9).scaled(scales));
        assertThrows(IllegalArgumentException.class, () -> ones.scaled(scales).scaled(scales));
    }

    private static Tensor ones(int rows, int columns) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F8_E4M3, rows, columns);
        float[] values = new float[rows * columns];
        Arrays.fill(values, 1);
        tensor.setFloats(values);
        return tensor;
    }
}
