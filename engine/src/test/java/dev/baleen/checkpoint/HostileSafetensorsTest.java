package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileSafetensorsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 33, 100_000_001, 1L << 60, -1, Long.MAX_VALUE})
    void refusesAHeaderLengthThatLies(long length) {
        byte[] bytes = TestFiles.safetensors("{" + " ".repeat(30) + "}", new byte[0]);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        TestFiles.refused(
                TestFiles.write(folder.resolve("x.safetensors"), bytes),
                "byte 0: claims a header of %s bytes in a file of 40".formatted(Long.toUnsignedString(length)));
    }

    @Test
    void refusesWhatIsNoJson() {
        refused("{ ", 0, "not valid JSON");
        refused("{\"a\":}", 0, "not valid JSON");
        refused("{\"a\":{\"dtype\":\"F32\"", 0, "not valid JSON");
        refused("{} {}", 0, "goes on after its end");
        refused("{\"\uD800\":1}", 0, "lacks a usable dtype");
        refused("[]", 0, "does not begin with {");
    }

    @Test
    void refusesJsonBombs() {
        refused("{\"a\":" + "[".repeat(1_000_000), 0, "not valid JSON", "nesting depth");
        refused("{\"a\":" + "{\"b\":".repeat(1_000_000), 0, "not valid JSON");
        refused("{\"" + "a".repeat(1_000_000) + "\":1}", 0, "not valid JSON");
        refused("{\"a\":" + "9".repeat(1_000_000) + "}", 0, "not valid JSON");
        refused(
                "{\"a\":" + tensor("F32", "[" + "1,".repeat(1_000_000) + "1]", "[0,4]") + "}",
                4,
                "lacks a usable shape");
    }

    @Test
    void refusesDuplicateNames() {
        refused("{\"a\":%1$s,\"a\":%1$s}".formatted(tensor("F32", "[1]", "[0,4]")), 4, "Duplicate field");
        refused("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, "Duplicate field");
    }

    @Test
    void refusesEntriesThatLackSomething() {
        refused("{\"a\":7}", 0, "tensor \"a\"", "lacks a usable dtype");
        refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "lacks a usable data_offsets");
        refused(one("F32", "[1.0]", "[0,4]"), 4, "lacks a usable shape");
        refused(one("F32", "[\"1\"]", "[0,4]"), 4, "lacks a usable shape");
        refused(one("F32", "[99999999999999999999]", "[0,4]"), 4, "lacks a usable shape");
        refused(one("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, "lacks a usable shape");
        refused(one("F32", "[1]", "[0,4,8]"), 4, "lacks a usable data_offsets");
        refused(one("F32", "[1]", "[0,[4]]"), 4, "lacks a usable data_offsets");
        refused("{\"__metadata__\":{\"k\":{}}}", 0, "\"k\" is no text");
        refused("{\"__metadata__\":[]}", 0, "is no JSON object");
        refused(one("F33", "[1]", "[0,4]"), 4, "unknown dtype \"F33\"");
    }

    @Test
    void refusesOffsetsThatLie() {
        refused(one("F32", "[2]", "[0,8]"), 4, "claims bytes 0 to 8 of 4 bytes of data");
        refused(one("F32", "[1]", "[4,0]"), 4, "claims bytes 4 to 0");
        refused(one("F32", "[1]", "[-4,0]"), 4, "claims bytes -4 to 0");
        refused(one("F32", "[1]", "[9223372036854775803,9223372036854775807]"), 4, "claims bytes");
        refused(one("F32", "[2]", "[0,4]"), 4, "takes 8 bytes, but data_offsets give it 4");
        refused(one("F32", "[-1]", "[0,4]"), 4, "impossible shape [-1]");
        refused(one("F32", "[4294967296,4294967296,4294967296]", "[0,4]"), 4, "impossible shape");
        refused(one("F32", "[0,4294967296]", "[0,0]"), 0, "impossible shape");
        refused(one("F4", "[3]", "[0,2]"), 2, "shape [3], whose rows do not fill whole blocks of 2 numbers, as F4");
    }

    @Test
    void refusesHolesAndOverlaps() {
        refused(two("[0,4]", "[8,12]"), 12, "4 bytes up to byte");
        refused(two("[4,8]", "[8,12]"), 12, "4 bytes up to byte");
        refused(two("[0,4]", "[4,8]"), 12, "belong to no tensor");
        refused("{}", 1, "belong to no tensor");
        refused(two("[0,4]", "[0,4]"), 4, "overlaps tensor");
        refused(two("[0,4]", "[2,6]"), 6, "\"b\"", "overlaps tensor \"a\"");
    }

    @Test
    void tellsTheProblemsOfAllTensorsTogether() {
        CheckpointException refusal = refused(
                "{\"a\":%s,\"b\":%s,\"c\":7}".formatted(tensor("F33", "[1]", "[0,4]"), tensor("F32", "[1]", "[0,99]")),
                4);
        assertEquals(3, refusal.problems().size(), refusal.getMessage());
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        SequencedMap<String, Tensor> tensors = TestFiles.someTensors();
        tensors.remove("blocks");
        Path whole = folder.resolve("whole.safetensors");
        Safetensors.write(whole, tensors, Map.of("format", "pt"));
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            TestFiles.refused(TestFiles.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, length)));
        }
    }

    private static String tensor(String type, String shape, String range) {
        return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}".formatted(type, shape, range);
    }

    private static String one(String type, String shape, String range) {
        return "{\"a\":" + tensor(type, shape, range) + "}";
    }

    private static String two(String rangeA, String rangeB) {
        return "{\"a\":%s,\"b\":%s}".formatted(tensor("F32", "[1]", rangeA), tensor("F32", "[1]", rangeB));
    }

    private CheckpointException refused(String header, int dataBytes, String... parts) {
        byte[] bytes = TestFiles.safetensors(header, new byte[dataBytes]);
        return TestFiles.refused(TestFiles.write(folder.resolve("hostile.safetensors"), bytes), parts);
    }
}
