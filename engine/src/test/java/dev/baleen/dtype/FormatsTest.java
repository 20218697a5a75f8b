package dev.baleen.dtype;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Each format against its definition, over every pattern where there are few enough, and against reference decodings.
class FormatsTest {
    private static final int PATTERNS = 1 << 16;

    @Test
    void everyHalfIsSignTimesFractionTimesPowerOfTwo() {
        float[] decoded = decode(DType.F16, allPatterns(), PATTERNS);
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            int bits = pattern;
            double sign = bits < 0x8000 ? 1 : -1;
            int exponent = bits >> 10 & 31;
            int fraction = bits & 1023;
            double expected;
            if (exponent == 31) {
                expected = fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
            } else if (exponent == 0) {
                expected = sign * fraction * 0x1p-24;
            } else {
                expected = sign * (1024 + fraction) * Math.scalb(1.0, exponent - 25);
            }
            assertEquals(expected, (double) decoded[bits], () -> "pattern " + Integer.toHexString(bits));
        }
    }

    @Test
    void everyBrainFloatIsTheUpperHalfOfASingle() {
        float[] decoded = decode(DType.BF16, allPatterns(), PATTERNS);
        for (int pattern = 0; pattern < PATTERNS; pattern++) {
            int bits = pattern;
            assertEquals(
                    bits << 16, Float.floatToRawIntBits(decoded[bits]), () -> "pattern " + Integer.toHexString(bits));
        }
    }

    @Test
    void everySixteenBitNumberComesBackFromItsSingle() {
        for (DType type : List.of(DType.F16, DType.BF16)) {
            MemorySegment patterns = allPatterns();
            float[] decoded = decode(type, patterns, PATTERNS);
            MemorySegment encoded = encode(type, decoded);
            for (int pattern = 0; pattern < PATTERNS; pattern++) {
                int bits = pattern;
                if (!Float.isNaN(decoded[bits])) {
                    assertEquals(shortAt(patterns, bits), shortAt(encoded, bits), () -> type + " " + bits);
                }
            }
        }
    }

    @Test
    void sixteenBitsRoundToTheNearestAndTiesToEven() {
        for (DType type : List.of(DType.F16, DType.BF16)) {
            // Neighbours in the order of their patterns are neighbours in value; the sixteenth bit is the sign.
            int largest = type == DType.F16 ? 0x7BFF : 0x7F7F;
            float[] decoded = decode(type, allPatterns(), PATTERNS);
            float[] between = new float[3 * largest];
            for (int bits = 0; bits < largest; bits++) {
                float middle = (float) (((double) decoded[bits] + decoded[bits + 1]) / 2);
                between[3 * bits] = Math.nextDown(middle);
                between[3 * bits + 1] = middle;
                between[3 * bits + 2] = Math.nextUp(middle);
            }
            MemorySegment encoded = encode(type, between);
            for (int pattern = 0; pattern < largest; pattern++) {
                int bits = pattern;
                assertEquals(bits, shortAt(encoded, 3 * bits), () -> type + " below the middle after " + bits);
                assertEquals(bits + (bits & 1), shortAt(encoded, 3 * bits + 1), () -> type + " in the middle, " + bits);
                assertEquals(bits + 1, shortAt(encoded, 3 * bits + 2), () -> type + " above the middle after " + bits);
            }
        }
    }

    @Test
    void numbersTooLargeForSixteenBitsBecomeInfiniteAndNanStaysNan() {
        for (DType type : List.of(DType.F16, DType.BF16)) {
            float[] values = {
                Float.MAX_VALUE, -Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN, Float.intBitsToFloat(0x7F800001)
            };
            float[] back = decode(type, encode(type, values), values.length);
            assertEquals(Float.POSITIVE_INFINITY, back[0], type.name());
            assertEquals(Float.NEGATIVE_INFINITY, back[1], type.name());
            assertEquals(Float.POSITIVE_INFINITY, back[2], type.name());
            assertTrue(Float.isNaN(back[3]), type.name());
            assertTrue(Float.isNaN(back[4]), type + ": a signalling NaN, whose upper half alone would be infinity");
        }
    }

    @Test
    void aQ8BlockIsItsScaleTimesItsBytes() {
        MemorySegment block = Arena.ofAuto().allocate(34);
        block.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, Float.floatToFloat16(0.125f));
        for (int i = 0; i < 32; i++) {
            block.set(ValueLayout.JAVA_BYTE, 2 + i, (byte) (8 * i - 128));
        }
        float[] decoded = decode(DType.Q8_0, block, 32);
        for (int i = 0; i < 32; i++) {
            assertEquals(i - 16f, decoded[i]);
        }
    }

    @Test
    void encodingQ8KeepsTheLargestAndRoundsTheOthersHalfAwayFromZero() {
        float[] values = new float[32];
        values[0] = -127;
        values[1] = 2.5f;
        values[2] = -2.5f;
        values[3] = 2.49f;
        float[] back = decode(DType.Q8_0, encode(DType.Q8_0, values), 32);
        assertArrayEquals(new float[] {-127, 3, -3, 2, 0}, new float[] {back[0], back[1], back[2], back[3], back[4]});
        assertArrayEquals(new float[32], decode(DType.Q8_0, encode(DType.Q8_0, new float[32]), 32));
    }

    @Test
    void encodingQ8IsWithinHalfAStepOfEveryNumber() {
        long seed = 11;
        Random random = new Random(seed);
        float[] values = new float[32 * 1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(2, i / 32 % 16 - 1));
        }
        float[] back = decode(DType.Q8_0, encode(DType.Q8_0, values), values.length);
        for (int block = 0; block < values.length; block += 32) {
            float largest = 0;
            for (int i = block; i < block + 32; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            // Half a step, and 127 steps of a scale that is rounded to eleven bits (not fewer: none is subnormal here).
            double allowed = largest / 127 * 0.5001 + largest * 0x1p-11;
            for (int i = block; i < block + 32; i++) {
                assertEquals(values[i], back[i], allowed, "seed %d, number %d".formatted(seed, i));
            }
        }
    }

    @Test
    void singlesAndDoublesComeBackAsTheyWere() {
        float[] values = {0, -0.0f, 1, Float.MIN_VALUE, Float.MAX_VALUE, Float.NEGATIVE_INFINITY, Float.NaN};
        for (DType type : List.of(DType.F32, DType.F64)) {
            assertArrayEquals(values, decode(type, encode(type, values), values.length), type.name());
        }
    }

    @Test
    void smallFloatsMeanWhatTheirSpecificationSaysAndComeBack() {
        MemorySegment bytes = Arena.ofAuto().allocate(256);
        for (int bits = 0; bits < 256; bits++) {
            bytes.set(ValueLayout.JAVA_BYTE, bits, (byte) bits);
        }
        float[] e4m3 = decode(DType.F8_E4M3, bytes, 256);
        assertEquals(448, e4m3[0x7E]);
        assertEquals(0x1p-9f, e4m3[0x01]);
        assertEquals(0x1p-6f, e4m3[0x08]);
        assertEquals(-1, e4m3[0xB8]);
        assertTrue(Float.isNaN(e4m3[0x7F]) && Float.isNaN(e4m3[0xFF]));
        float[] e8m0 = decode(DType.F8_E8M0, bytes, 256);
        assertEquals(1, e8m0[127]);
        assertEquals(0x1p-127f, e8m0[0]);
        assertEquals(0x1p127f, e8m0[254]);
        float[] e2m1 = decode(DType.F4_E2M1, bytes, 512);
        assertEquals(1.5f, e2m1[2 * 0x63]);
        assertEquals(4, e2m1[2 * 0x63 + 1]);
        assertArrayEquals(e4m3, decode(DType.F8_E4M3, encode(DType.F8_E4M3, e4m3), 256));
        assertArrayEquals(e8m0, decode(DType.F8_E8M0, encode(DType.F8_E8M0, e8m0), 256));
        assertArrayEquals(e2m1, decode(DType.F4_E2M1, encode(DType.F4_E2M1, e2m1), 512));
    }

    @Test
    void smallFloatsRoundToTheNearest() {
        float[] values = new float[4096];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.scalb(new Random(i).nextGaussian(), i % 24 - 14);
        }
        for (DType type : List.of(DType.F8_E4M3, DType.F4_E2M1)) {
            MemorySegment all = Arena.ofAuto().allocate(256);
            for (int bits = 0; bits < 256; bits++) {
                all.set(ValueLayout.JAVA_BYTE, bits, (byte) bits);
            }
            float[] levels = decode(type, all, 256 * type.blockElements());
            float[] back = decode(type, encode(type, values), values.length);
            for (int i = 0; i < values.length; i++) {
                float nearest = Float.MAX_VALUE;
                for (float level : levels) {
                    nearest = Math.abs(level - values[i]) < nearest ? Math.abs(level - values[i]) : nearest;
                }
                assertEquals(nearest, Math.abs(back[i] - values[i]), type + " " + values[i]);
            }
        }
    }

    @Test
    void decodesWhatTheReferenceDecodes() throws IOException {
        Path folder = Goldens.path("quant");
        Set<DType> seen = EnumSet.noneOf(DType.class);
        for (JsonNode entry :
                new ObjectMapper().readTree(folder.resolve("index.json").toFile())) {
            DType.ofGgml(entry.get("ggml_id").asInt()).ifPresent(type -> {
                String name = entry.get("type").asText();
                assertEquals(entry.get("block_elements").asInt(), type.blockElements(), name);
                assertEquals(entry.get("block_bytes").asInt(), type.blockBytes(), name);
                float[] expected = floats(folder.resolve(name + ".f32"));
                float[] decoded = decode(type, segment(folder.resolve(name + ".blocks")), expected.length);
                assertArrayEquals(expected, decoded, name);
                seen.add(type);
            });
        }
        Set<DType> inGguf = EnumSet.allOf(DType.class);
        inGguf.removeIf(type -> type.ggmlId() < 0 || type == DType.F64);
        assertEquals(inGguf, seen, "types without reference data");
    }

    @Test
    void idsAndNamesAreFoundAndUnknownOnesAreNot() {
        List<Integer> ids = new ArrayList<>();
        for (DType type : DType.values()) {
            if (type.ggmlId() >= 0) {
                assertEquals(type, DType.ofGgml(type.ggmlId()).orElseThrow());
                assertFalse(ids.contains(type.ggmlId()), type.name());
                ids.add(type.ggmlId());
            }
            if (!type.safetensorsName().isEmpty()) {
                assertEquals(type, DType.ofSafetensors(type.safetensorsName()).orElseThrow());
            }
        }
        assertTrue(DType.ofGgml(9999).isEmpty());
        assertTrue(DType.ofGgml(-1).isEmpty());
        assertTrue(DType.ofSafetensors("").isEmpty());
    }

    @Test
    void refusesRowsThatDoNotFillWholeBlocks() {
        IllegalArgumentException problem = assertThrows(IllegalArgumentException.class, () -> DType.Q8_0.bytes(33));
        assertTrue(
                problem.getMessage().startsWith("33 elements do not fill whole blocks of Q8_0"), problem.getMessage());
        assertThrows(ArithmeticException.class, () -> DType.F64.bytes(Long.MAX_VALUE / 4));
    }

    private static MemorySegment allPatterns() {
        MemorySegment patterns = Arena.ofAuto().allocate(2L * PATTERNS);
        for (int bits = 0; bits < PATTERNS; bits++) {
            patterns.set(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 2L * bits, (short) bits);
        }
        return patterns;
    }

    private static int shortAt(MemorySegment segment, int index) {
        return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 2L * index) & 0xFFFF;
    }

    private static float[] decode(DType type, MemorySegment source, int count) {
        float[] target = new float[count + 2];
        type.format().decode(source, 0, target, 1, count);
        return java.util.Arrays.copyOfRange(target, 1, count + 1);
    }

    private static MemorySegment encode(DType type, float[] values) {
        MemorySegment target = Arena.ofAuto().allocate(type.bytes(values.length));
        type.format().encode(values, 0, values.length, target, 0);
        return target;
    }

    private static float[] floats(Path path) {
        ByteBuffer bytes = segment(path).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    private static MemorySegment segment(Path path) {
        try {
            byte[] bytes = Files.readAllBytes(path);
            MemorySegment segment = Arena.ofAuto().allocate(bytes.length, 8);
            MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return segment;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
