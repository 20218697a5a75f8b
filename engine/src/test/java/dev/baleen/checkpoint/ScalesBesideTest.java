package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalesBesideTest {
    /// 1 and -2 as eight-bit floats.
    private static final byte ONE = 0x38;

    private static final byte MINUS_TWO = (byte) 0xC0;

    @TempDir
    private Path folder;

    @Test
    void eightBitFloatsAreMultipliedByTheScaleOfTheirBlock() {
        write(
                "[2, 2]",
                "\"w.weight\": {\"dtype\": \"F8_E4M3\", \"shape\": [3, 3], \"data_offsets\": [0, 9]}, "
                        + "\"w.weight_scale_inv\": {\"dtype\": \"F32\", \"shape\": [2, 2], \"data_offsets\": [9, 25]}",
                bytes(25)
                        .put(new byte[] {ONE, ONE, ONE, ONE, MINUS_TWO, ONE, ONE, ONE, MINUS_TWO})
                        .putFloat(2)
                        .putFloat(3)
                        .putFloat(5)
                        .putFloat(7));
        assertArrayEquals(new float[] {2, 2, 3, 2, -4, 3, 5, 5, -14}, read(3, 3));
        assertEquals(List.of(), unused(3, 3));
    }

    @Test
    void scalesOfAnyPlainTypeCount() {
        for (String type : List.of("BF16", "F8_E8M0", "U8")) {
            int size = type.equals("BF16") ? 2 : 1;
            ByteBuffer data = bytes(2 + size).put(ONE).put(MINUS_TWO);
            // 4 as BF16 and as an exponent alone.
            data.put(size == 2 ? new byte[] {(byte) 0x80, 0x40} : new byte[] {(byte) 129});
            write(
                    "[128, 128]",
                    "\"w.weight\": {\"dtype\": \"F8_E4M3\", \"shape\": [1, 2], \"data_offsets\": [0, 2]}, "
                            + "\"w.scale\": {\"dtype\": \"%s\", \"shape\": [1, 1], \"data_offsets\": [2, %d]}"
                                    .formatted(type, 2 + size),
                    data);
            assertArrayEquals(new float[] {4, -8}, read(1, 2), type);
        }
    }

    @Test
    void fourBitFloatsLieTwoToAByteTheEarlierInTheLowHalf() {
        for (String type : List.of("I8", "U8", "F4")) {
            ByteBuffer data = bytes(34);
            for (int i = 0; i < 32; i++) {
                // 1 and -6.
                data.put((byte) 0xF2);
            }
            data.put((byte) 128).put((byte) 126);
            int listed = type.equals("F4") ? 64 : 32;
            write(
                    "[128, 128]",
                    "\"w.weight\": {\"dtype\": \"%s\", \"shape\": [1, %d], \"data_offsets\": [0, 32]}, "
                                    .formatted(type, listed)
                            + "\"w.scale\": {\"dtype\": \"F8_E8M0\", \"shape\": [1, 2], \"data_offsets\": [32, 34]}",
                    data);
            float[] expected = new float[64];
            for (int i = 0; i < 64; i++) {
                expected[i] = (i % 2 == 0 ? 1 : -6) * (i < 32 ? 2 : 0.5f);
            }
            assertArrayEquals(expected, read(1, 64), type);
        }
    }

    @Test
    void eightBitFloatsWithoutScalesAreWhatTheySayWhereNoneAreExpected() {
        TestFiles.write(folder.resolve("config.json"), "{}");
        weights(
                "\"w.weight\": {\"dtype\": \"F8_E4M3\", \"shape\": [1, 2], \"data_offsets\": [0, 2]}",
                bytes(2).put(ONE).put(MINUS_TWO));
        assertArrayEquals(new float[] {1, -2}, read(1, 2));
    }

    @Test
    void missingAndMisshapenScalesAreToldWithTheRest() {
        write(
                "[128, 128]",
                "\"w.weight\": {\"dtype\": \"F8_E4M3\", \"shape\": [1, 2], \"data_offsets\": [0, 2]}, "
                        + "\"v.weight\": {\"dtype\": \"F8_E4M3\", \"shape\": [1, 2], \"data_offsets\": [2, 4]}, "
                        + "\"v.weight_scale_inv\": {\"dtype\": \"F32\", \"shape\": [2, 1], \"data_offsets\": [4, 12]}",
                bytes(12));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Weights weights = Weights.of(checkpoint);
            weights.get("w.weight", 1, 2);
            weights.get("v.weight", 1, 2);
            weights.get("absent", 1);
            CheckpointException told = assertThrows(CheckpointException.class, weights::finish);
            assertEquals(3, told.problems().size(), told.getMessage());
            for (String part : List.of(
                    "\"w.weight\", byte",
                    "has no scales, neither as \"w.weight_scale_inv\" nor as \"w.scale\"",
                    "tensor \"v.weight_scale_inv\", byte",
                    "is F32 [2, 1] instead of [1, 1] plain numbers, one for each 128 × 128 of [1, 2]",
                    "tensor \"absent\": missing")) {
                assertTrue(told.getMessage().contains(part), () -> part + " in " + told.getMessage());
            }
        }
    }

    @Test
    void anotherWayOfQuantizingIsRefusedByItsName() {
        TestFiles.write(folder.resolve("config.json"), "{\"quantization_config\": {\"quant_method\": \"awq\"}}");
        weights("\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}", bytes(4));
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            CheckpointException told = assertThrows(CheckpointException.class, () -> Weights.of(checkpoint));
            assertTrue(told.getMessage().contains("\"quantization_config.quant_method\": is 'awq'"), told.getMessage());
        }
    }

    private float[] read(long rows, long columns) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Weights weights = Weights.of(checkpoint);
            Tensor tensor = weights.get("w.weight", rows, columns);
            weights.finish();
            assertTrue(tensor.type() == DType.F8_E4M3 || tensor.type() == DType.F4_E2M1, tensor.toString());
            return tensor.toFloats();
        }
    }

    private List<String> unused(long rows, long columns) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Weights weights = Weights.of(checkpoint);
            weights.get("w.weight", rows, columns);
            return weights.unused();
        }
    }

    private void write(String block, String tensors, ByteBuffer data) {
        TestFiles.write(
                folder.resolve("config.json"),
                "{\"quantization_config\": {\"quant_method\": \"fp8\", \"weight_block_size\": %s}}".formatted(block));
        weights(tensors, data);
    }

    private void weights(String tensors, ByteBuffer data) {
        TestFiles.write(folder.resolve("model.safetensors"), TestFiles.safetensors("{" + tensors + "}", data.array()));
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }
}
