package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileGgufTest {
    private static final int F32 = 0;
    private static final int UINT32 = 4;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1L << 60, -1, Long.MAX_VALUE, 1_000})
    void refusesCountsThatTheFileCannotHold(long count) {
        String claimed = Long.toUnsignedString(count);
        refused(TestFiles.gguf(count, 0), claimed + " tensors");
        refused(TestFiles.gguf(0, count), claimed + " metadata keys");
        refused(key().uint32(ARRAY).uint32(UINT32).uint64(count), claimed + " entries");
        refused(key().uint32(ARRAY).uint32(STRING).uint64(count), claimed + " entries");
        refused(key().uint32(STRING).uint64(count), "claims " + claimed + " bytes");
        refused(TestFiles.gguf(0, 1).uint64(count).text("padding"), "claims " + claimed + " bytes");
        refused(TestFiles.gguf(1, 0).uint64(count).text("padding, padding"), "the name of a tensor claims");
    }

    @Test
    void refusesATextInAnArrayThatIsLongerThanTheFile() {
        refused(
                key().uint32(ARRAY).uint32(STRING).uint64(2).text("fine").uint64(1L << 40),
                "a text claims 1099511627776");
    }

    @Test
    void refusesArraysThatLieTooDeepInEachOther() {
        GgufEncoder encoder = key().uint32(ARRAY);
        for (int i = 0; i < 100_000; i++) {
            encoder.uint32(ARRAY).uint64(1);
        }
        refused(encoder, "deeper in each other than 4");
    }

    @Test
    void refusesUnknownTypes() {
        refused(key().uint32(13).uint64(0), "key \"k\"", "unknown value type 13");
        refused(key().uint32(ARRAY).uint32(77).uint64(0), "unknown value type 77");
        refused(tensor("t", 137, 0, 4).text(""), "tensor \"t\"", "unknown type 137");
        refused(tensor("t", -1, 0, 4).text(""), "unknown type 4294967295");
    }

    @Test
    void refusesOtherVersionsAndBigEndianFiles() {
        refused(start(1), "GGUF version 1", "versions 2 and 3");
        refused(start(4), "GGUF version 4");
        refused(start(3 << 24), "big-endian GGUF file of version 3", "little-endian");
    }

    @Test
    void refusesImpossibleShapes() {
        refused(tensor("t", F32, 0, 1L << 32, 1L << 32), "tensor \"t\"", "impossible shape [4294967296, 4294967296]");
        refused(tensor("t", F32, 0, 1L << 30, 1L << 30), "takes 4,611,686,018,427,387,904 bytes");
        refused(tensor("t", F32, 0, 1 << 30, 1 << 30, 1 << 30), "impossible shape");
        refused(tensor("t", F32, 0, -1), "impossible shape [-1]");
        refused(tensor("t", F32, 0, 4, 0), "axis of length 0");
        refused(tensor("t", 8, 0, 33), "whole blocks of 32");
        refused(TestFiles.gguf(1, 0).text("t").uint32(9).text("p".repeat(99)), "claims 9 axes");
        refused(TestFiles.gguf(1, 0).text("t").uint32(-1).text("p".repeat(99)), "claims 4294967295 axes");
    }

    @Test
    void refusesATensorWhoseBytesLieOutsideTheFile() {
        refused(tensor("t", F32, 0, 64), "the file ends at byte");
        refused(tensor("t", F32, 1L << 40, 4), "starts 1099511627776 bytes into the data");
        refused(tensor("t", F32, -32, 4), "starts 18446744073709551584 bytes into the data");
        refused(tensor("t", F32, Long.MAX_VALUE - 31, 4), "bytes into the data");
    }

    @Test
    void refusesAMisalignedOffset() {
        refused(tensor("t", F32, 4, 1).padTo(32).text("data"), "starts 4 bytes", "multiples of the alignment, 32");
    }

    @Test
    void refusesAnAlignmentThatIsNoPowerOfTwo() {
        for (int alignment : new int[] {0, 3, -1, 1 << 30}) {
            refused(
                    TestFiles.gguf(0, 1)
                            .text("general.alignment")
                            .uint32(UINT32)
                            .uint32(alignment),
                    "key general.alignment",
                    "power of two");
        }
        refused(TestFiles.gguf(0, 1).text("general.alignment").uint32(STRING).text("32"), "power of two");
    }

    @Test
    void refusesDuplicateNames() {
        refused(
                TestFiles.gguf(0, 2)
                        .text("k")
                        .uint32(UINT32)
                        .uint32(1)
                        .text("k")
                        .uint32(UINT32)
                        .uint32(2),
                "key \"k\" is given twice");
        GgufEncoder twice = TestFiles.gguf(2, 0);
        listed(twice, "same", F32, 0, 4);
        listed(twice, "same", F32, 32, 4);
        refused(twice.padTo(32).text("x".repeat(64)), "\"same\"", "listed twice");
    }

    @Test
    void refusesTensorsThatShareBytes() {
        GgufEncoder encoder = TestFiles.gguf(3, 0);
        listed(encoder, "long", F32, 0, 32);
        listed(encoder, "inside", F32, 32, 1);
        listed(encoder, "behind", F32, 96, 8);
        CheckpointException refusal = refused(encoder.padTo(32).text("x".repeat(256)), "overlaps tensor \"long\"");
        assertEquals(2, refusal.problems().size(), refusal.getMessage());
    }

    @Test
    void refusesNamesThatAreNotUtf8() {
        byte[] bytes = key().uint32(UINT32).uint32(1).toBytes();
        bytes[32] = (byte) 0xFF;
        TestFiles.refused(TestFiles.write(folder.resolve("bad.gguf"), bytes), "is not UTF-8");
    }

    @Test
    void anArrayOfTextsThatAreNotUtf8IsRefusedWhenItIsRead() {
        byte[] bytes = key().uint32(ARRAY).uint32(STRING).uint64(1).text("a").toBytes();
        bytes[bytes.length - 1] = (byte) 0xFF;
        try (Gguf gguf = Gguf.open(TestFiles.write(folder.resolve("bad.gguf"), bytes))) {
            String message = assertThrows(CheckpointException.class, () -> gguf.strings("k"))
                    .getMessage();
            assertTrue(message.contains("bad.gguf, key \"k\"") && message.contains("not UTF-8"), message);
        }
    }

    @Test
    void aHostileNameCannotReachTheTerminal() {
        CheckpointException refusal = refused(tensor("\u001b[2J\u202E" + "x".repeat(5_000), 137, 0, 4));
        assertTrue(refusal.getMessage().chars().noneMatch(Character::isISOControl), refusal.getMessage());
        assertTrue(refusal.getMessage().length() < 1_000);
    }

    @Test
    void tellsAllProblemsTogetherAndStopsCountingOutLoud() {
        GgufEncoder encoder = TestFiles.gguf(500, 0);
        for (int i = 0; i < 500; i++) {
            listed(encoder, "t" + i, 137, 0, 4);
        }
        CheckpointException refusal = refused(encoder, "\"t0\"", "\"t49\"", "450 more problems");
        assertEquals(51, refusal.problems().size());
    }

    @Test
    void everyTruncationIsRefusedOrHarmless() throws IOException {
        Path whole = folder.resolve("whole.gguf");
        Gguf.write(whole, TestFiles.everyMetadataType(), TestFiles.someTensors());
        byte[] bytes = Files.readAllBytes(whole);
        long dataEnd;
        try (Gguf gguf = Gguf.open(whole)) {
            TensorEntry last = gguf.entries().lastEntry().getValue();
            dataEnd = last.offset() + last.bytes();
        }
        for (int length = 0; length < dataEnd; length++) {
            TestFiles.refused(TestFiles.write(folder.resolve("cut.gguf"), Arrays.copyOf(bytes, length)));
        }
    }

    /// A file with one key named `k`, up to its type.
    private static GgufEncoder key() {
        return TestFiles.gguf(0, 1).text("k");
    }

    private static GgufEncoder start(int version) {
        return new GgufEncoder()
                .uint32(GgufHeader.MAGIC)
                .uint32(version)
                .uint64(0)
                .uint64(0);
    }

    /// A file with one tensor and no data.
    private static GgufEncoder tensor(String name, int type, long offset, long... innermostFirst) {
        GgufEncoder encoder = TestFiles.gguf(1, 0);
        listed(encoder, name, type, offset, innermostFirst);
        return encoder;
    }

    private static void listed(GgufEncoder encoder, String name, int type, long offset, long... innermostFirst) {
        encoder.text(name).uint32(innermostFirst.length);
        for (long length : innermostFirst) {
            encoder.uint64(length);
        }
        encoder.uint32(type).uint64(offset);
    }

    private CheckpointException refused(GgufEncoder encoder, String... parts) {
        return TestFiles.refused(TestFiles.write(folder.resolve("hostile.gguf"), encoder.toBytes()), parts);
    }
}
