package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class WeightRowsTest {
    private static final long[] SEEDS = {1, 2, 3};

    @TestFactory
    Stream<DynamicTest> decodesEveryWeightToTheBitsThatItsFormatSpecifies() {
        return WeightRows.FAST.values().stream()
                .map(rows -> DynamicTest.dynamicTest("" + rows.type(), () -> {
                    for (long seed : SEEDS) {
                        Tensor w = new KernelCases.Source(seed).blocks(rows.type(), 3, columns(rows.type()));
                        float[] decoded = new float[w.columns() + 2];
                        for (int r = 0; r < w.rows(); r++) {
                            Arrays.fill(decoded, 7);
                            rows.decode(Memory.address(w) + r * w.rowBytes(), decoded, 1, w.columns());
                            float[] specified = new float[w.columns()];
                            w.decodeRow(r, specified, 0);
                            assertArrayEquals(
                                    bits(specified),
                                    bits(Arrays.copyOfRange(decoded, 1, 1 + specified.length)),
                                    "seed %d, row %d".formatted(seed, r));
                            assertEquals(7, decoded[0], "before the row");
                            assertEquals(7, decoded[decoded.length - 1], "behind the row");
                        }
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> multipliesToTheSameBitsInRegistersAsFromMemory() {
        return WeightRows.FAST.values().stream()
                .map(rows -> DynamicTest.dynamicTest("" + rows.type(), () -> {
                    for (long seed : SEEDS) {
                        KernelCases.Source source = new KernelCases.Source(seed);
                        Tensor w = source.blocks(rows.type(), 2, columns(rows.type()));
                        int padded = SixteenSums.padded(w.columns());
                        float[] x = Arrays.copyOf(source.floats(w.columns()).toFloats(), padded);
                        float[] sums = new float[2 * SixteenSums.PARTS];
                        long first = Memory.address(w);
                        rows.products(first, first + w.rowBytes(), w.columns(), x, 0, sums);
                        for (int r = 0; r < 2; r++) {
                            float[] row = new float[padded];
                            w.decodeRow(r, row, 0);
                            float[] parts = new float[SixteenSums.PARTS];
                            for (int i = 0; i < padded; i++) {
                                int part = i % SixteenSums.PARTS;
                                parts[part] = Math.fma(row[i], x[i], parts[part]);
                            }
                            int from = r * SixteenSums.PARTS;
                            assertArrayEquals(
                                    bits(parts),
                                    bits(Arrays.copyOfRange(sums, from, from + SixteenSums.PARTS)),
                                    "seed %d, row %d".formatted(seed, r));
                        }
                    }
                }));
    }

    @Test
    void decodesEveryPatternOfTheSmallFloats() {
        for (DType type : new DType[] {DType.F8_E4M3, DType.F16, DType.BF16}) {
            int count = 1 << type.blockBytes() * Byte.SIZE;
            MemorySegment memory = Arena.ofAuto().allocate(type.bytes(count), 64);
            for (int i = 0; i < count; i++) {
                if (type.blockBytes() == 1) {
                    memory.set(ValueLayout.JAVA_BYTE, i, (byte) i);
                } else {
                    memory.set(ValueLayout.JAVA_SHORT, i * 2L, (short) i);
                }
            }
            float[] specified = new float[count];
            type.format().decode(memory, 0, specified, 0, count);
            float[] decoded = new float[count];
            WeightRows.of(type).decode(memory.address(), decoded, 0, count);
            assertArrayEquals(numbers(specified), numbers(decoded), type.name());
        }
    }

    /// Columns of whole blocks, some more than are decoded at once, and no multiple of sixteen where blocks allow
    /// it.
    private static int columns(DType type) {
        return KernelCases.whole(type, DecodedSums.COLUMNS + 299);
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    /// All NaNs alike: which of them a conversion makes is the processor's business.
    private static int[] numbers(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToIntBits(values[i]);
        }
        return bits;
    }
}
