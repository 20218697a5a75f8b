package dev.baleen.dtype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What is written in blocks comes back as near as the format allows, whatever the numbers are.
class EncodersTest {
    private static final int COLUMNS = 2048;
    private static final int ROWS = 40;

    /// The first eight bytes of SHA-256 of the blocks that llama.cpp (`ggml_quantize_chunk`, v0.5.0) makes of
    /// [#reference].
    private static final Map<DType, String> REFERENCE_DIGESTS = Map.of(
            DType.Q4_0, "d4ee292adfc3df6c",
            DType.Q4_1, "d99620579a3d71a4",
            DType.Q5_0, "2123f9148ae2a859",
            DType.Q5_1, "871e262847c24256",
            DType.Q8_0, "f8528492fd6d2e4c");

    /// The relative root mean square error of llama.cpp's blocks for the same numbers.
    private static final Map<DType, Double> REFERENCE_ERRORS = Map.of(
            DType.Q2_K, 0.296874,
            DType.Q3_K, 0.151091,
            DType.Q4_K, 0.071593,
            DType.Q5_K, 0.036137,
            DType.Q6_K, 0.017809);

    /// The same, each square times its column's importance, which both encoders were given: [#importance].
    private static final Map<DType, Double> REFERENCE_ERRORS_BY_IMPORTANCE = Map.of(
            DType.Q4_0, 0.064698,
            DType.Q4_1, 0.046391,
            DType.Q5_0, 0.031887,
            DType.Q5_1, 0.022627,
            DType.Q2_K, 0.161991,
            DType.Q3_K, 0.104910,
            DType.Q4_K, 0.047729,
            DType.Q5_K, 0.025754,
            DType.Q6_K, 0.012839);

    @Test
    void formatsWithoutAnythingToChooseHaveTheBytesOfTheReferenceEncoder() {
        float[] values = reference();
        REFERENCE_DIGESTS.forEach((type, digest) -> assertEquals(digest, sha256(encode(type, values)), type.name()));
    }

    @Test
    void formatsThatSearchForScalesAreAsNearAsTheReferenceEncoder() {
        float[] values = reference();
        float[] alike = new float[COLUMNS];
        Arrays.fill(alike, 1);
        REFERENCE_ERRORS.forEach((type, error) -> {
            double actual = error(values, decode(type, encode(type, values)), alike);
            assertTrue(actual <= error * 1.02, "%s: %f instead of %f".formatted(type, actual, error));
            assertTrue(actual > error * 0.5, "%s: %f is too good to be true".formatted(type, actual));
        });
    }

    @Test
    void withImportanceTheErrorOfImportantColumnsIsAsLowAsTheReferenceEncoders() {
        float[] values = reference();
        float[] importance = importance();
        REFERENCE_ERRORS_BY_IMPORTANCE.forEach((type, error) -> {
            double heeding = error(values, decode(type, encode(type, values, importance)), importance);
            double heedless = error(values, decode(type, encode(type, values)), importance);
            assertTrue(heeding <= error * 1.02, "%s: %f instead of %f".formatted(type, heeding, error));
            assertTrue(heeding < heedless, "%s: %f, and %f without importance".formatted(type, heeding, heedless));
        });
    }

    @TestFactory
    Stream<DynamicTest> zerosComeBackAsZeros() {
        return each(type -> assertArrayEquals(new float[COLUMNS], magnitudes(type, new float[COLUMNS])));
    }

    @TestFactory
    Stream<DynamicTest> numbersTooSmallForAnyScaleComeBackAsSmallOnes() {
        return each(type -> {
            for (float size : new float[] {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-30f, 1e-12f, 1e-8f}) {
                float[] values = gaussian(1, size);
                float largest = 0;
                for (float value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                for (float value : magnitudes(type, values)) {
                    assertTrue(value <= 2 * largest, "%s for numbers up to %s".formatted(value, largest));
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> aPowerOfTwoMoreIsAPowerOfTwoMoreAfterwards() {
        return each(type -> {
            float[] values = gaussian(2, 1);
            float[] back = decode(type, encode(type, values));
            float[] larger = values.clone();
            for (int i = 0; i < larger.length; i++) {
                larger[i] *= 64;
                back[i] *= 64;
            }
            assertArrayEquals(back, decode(type, encode(type, larger)));
        });
    }

    @TestFactory
    Stream<DynamicTest> aBlockOfOneNumberKeepsIt() {
        return each(type -> {
            for (float number : new float[] {1, -1, 0.37f, -123.4f, 9000}) {
                float[] values = new float[COLUMNS];
                Arrays.fill(values, number);
                for (float value : decode(type, encode(type, values))) {
                    // Half precision for the scale and six bits for its multiple, or five and five of an extreme.
                    assertEquals(number, value, Math.abs(number) * 0.01, type.name());
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> anOutlierIsKeptAndLeavesOtherBlocksAlone() {
        return each(type -> {
            float[] values = gaussian(3, 1);
            float[] before = decode(type, encode(type, values));
            values[300] = -500;
            float[] after = decode(type, encode(type, values));
            assertEquals(-500, after[300], 500 * 0.2, type.name());
            int block = type.blockElements();
            for (int i = 0; i < values.length; i++) {
                if (i / block != 300 / block) {
                    assertEquals(before[i], after[i]);
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> noNumberIsOffByMoreThanAStepOfItsBlock() {
        Map<DType, Integer> stepsOfRange = Map.of(
                DType.Q4_0,
                15,
                DType.Q4_1,
                15,
                DType.Q5_0,
                31,
                DType.Q5_1,
                31,
                DType.Q8_0,
                254,
                DType.Q2_K,
                3,
                DType.Q3_K,
                7,
                DType.Q4_K,
                15,
                DType.Q5_K,
                31,
                DType.Q6_K,
                63);
        return each(type -> {
            for (float[] values : List.of(gaussian(4, 0.02f), sparse(5), skewed(6))) {
                float[] back = decode(type, encode(type, values));
                int block = type.blockElements();
                for (int from = 0; from < values.length; from += block) {
                    float largest = 0;
                    for (int i = from; i < from + block; i++) {
                        largest = Math.max(largest, Math.abs(values[i]));
                    }
                    double step = 2 * largest / stepsOfRange.get(type);
                    for (int i = from; i < from + block; i++) {
                        assertEquals(values[i], back[i], step, "number " + i);
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> refusesWhatNoScaleCanHold() {
        return each(type -> {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -3e38f}) {
                float[] values = gaussian(7, 1);
                values[700] = bad;
                for (Runnable attempt :
                        List.<Runnable>of(() -> encode(type, values), () -> encode(type, values, new float[COLUMNS]))) {
                    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, attempt::run);
                    assertTrue(refused.getMessage().startsWith("Number 700 of 2048 is " + bad), refused.getMessage());
                }
            }
            // Within the range of some formats, but not with a scale in half precision of this one.
            float[] large = gaussian(8, 1);
            large[0] = 0x1p27f;
            if (type != DType.Q3_K && type != DType.Q6_K) {
                IllegalArgumentException refused =
                        assertThrows(IllegalArgumentException.class, () -> encode(type, large));
                assertTrue(refused.getMessage().contains("half precision ends at 65,504"), refused.getMessage());
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> columnsOfAnyImportanceAreWritten() {
        return each(type -> {
            float[] values = gaussian(9, 1);
            float[] importance = new float[COLUMNS];
            float[] plain = decode(type, encode(type, values));
            assertTrue(error(values, decode(type, encode(type, values, importance)), ones()) < 0.5, "none at all");
            importance[5] = 1e30f;
            float[] back = decode(type, encode(type, values, importance));
            double allowed = Math.max(Math.abs(values[5] - plain[5]), 0.01);
            assertEquals(values[5], back[5], allowed, "the only one that counts");
            Arrays.fill(importance, 1e-30f);
            assertTrue(error(values, decode(type, encode(type, values, importance)), ones()) < 0.5, "tiny ones");
        });
    }

    @Test
    void formatsThatAreOnlyReadSaySo() {
        assertFalse(DType.IQ2_XS.canEncode());
        UnsupportedOperationException refused =
                assertThrows(UnsupportedOperationException.class, () -> encode(DType.IQ2_XS, new float[COLUMNS]));
        assertTrue(refused.getMessage().startsWith("IQ2_XS is only read"), refused.getMessage());
    }

    private static Stream<DynamicTest> each(Consumer<DType> test) {
        return Stream.of(DType.values())
                .filter(type -> type.canEncode() && type.blockElements() >= 32)
                .map(type -> DynamicTest.dynamicTest(type.name(), () -> test.accept(type)));
    }

    /// Weights as networks have them: normally distributed, seed 5.
    private static float[] reference() {
        Random random = new Random(5);
        float[] values = new float[ROWS * COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.02);
        }
        return values;
    }

    /// From one hundredth to a hundred and more, seed 6.
    private static float[] importance() {
        Random random = new Random(6);
        float[] importance = new float[COLUMNS];
        for (int i = 0; i < importance.length; i++) {
            importance[i] = (float) StrictMath.exp(2 * random.nextGaussian());
        }
        return importance;
    }

    private static float[] ones() {
        float[] ones = new float[COLUMNS];
        Arrays.fill(ones, 1);
        return ones;
    }

    private static float[] gaussian(long seed, float size) {
        Random random = new Random(seed);
        float[] values = new float[COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * size);
        }
        return values;
    }

    private static float[] sparse(long seed) {
        Random random = new Random(seed);
        float[] values = new float[COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(8) == 0 ? (float) random.nextGaussian() : 0;
        }
        return values;
    }

    /// Nearly all of one sign.
    private static float[] skewed(long seed) {
        Random random = new Random(seed);
        float[] values = new float[COLUMNS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (3 - random.nextDouble() * 3.5);
        }
        return values;
    }

    /// Relative root mean square error.
    private static double error(float[] expected, float[] actual, float[] weights) {
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = (double) expected[i] - actual[i];
            errors += weights[i % weights.length] * error * error;
            squares += weights[i % weights.length] * (double) expected[i] * expected[i];
        }
        return Math.sqrt(errors / squares);
    }

    private static float[] magnitudes(DType type, float[] values) {
        float[] back = decode(type, encode(type, values));
        for (int i = 0; i < back.length; i++) {
            back[i] = Math.abs(back[i]);
        }
        return back;
    }

    private static MemorySegment encode(DType type, float[] values) {
        MemorySegment target = dirty(type.bytes(values.length));
        type.format().encode(values, 0, values.length, target, 0);
        return target;
    }

    private static MemorySegment encode(DType type, float[] values, float[] importance) {
        MemorySegment target = dirty(type.bytes(values.length));
        for (int row = 0; row < values.length / COLUMNS; row++) {
            type.format().encode(values, row * COLUMNS, COLUMNS, importance, 0, target, row * type.bytes(COLUMNS));
        }
        return target;
    }

    /// Memory that was used before: an encoder has to write every bit.
    private static MemorySegment dirty(long bytes) {
        return Arena.ofAuto().allocate(bytes).fill((byte) 0xA5);
    }

    private static float[] decode(DType type, MemorySegment source) {
        float[] target = new float[Math.toIntExact(source.byteSize() / type.blockBytes() * type.blockElements())];
        type.format().decode(source, 0, target, 0, target.length);
        return target;
    }

    /// The first eight bytes.
    private static String sha256(MemorySegment segment) {
        try {
            byte[] bytes = segment.toArray(ValueLayout.JAVA_BYTE);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
