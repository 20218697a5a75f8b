package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files with random damage either open or are refused; nothing else may happen, and nothing may take long or much.
class MutationTest {
    private static final int MUTATIONS = 2_000;
    private static final long NANOS_MAX = 2_000_000_000L;
    private static final long[] EVIL = {
        0,
        1,
        -1,
        7,
        31,
        255,
        65_536,
        1L << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 60,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    @TempDir
    private Path folder;

    @Test
    void damagedGgufFilesOpenOrAreRefused() throws IOException {
        Path whole = folder.resolve("whole");
        Gguf.write(whole, TestFiles.everyMetadataType(), TestFiles.someTensors());
        mutate(Files.readAllBytes(whole), 0x6761);
    }

    @Test
    void damagedSafetensorsFilesOpenOrAreRefused() throws IOException {
        SequencedMap<String, Tensor> tensors = TestFiles.someTensors();
        tensors.remove("blocks");
        Path whole = folder.resolve("whole");
        Safetensors.write(whole, tensors, Map.of("format", "pt"));
        mutate(Files.readAllBytes(whole), 0x7361);
    }

    @Test
    void damagedIndexesAndConfigsOpenOrAreRefused() throws IOException {
        TestFiles.writeShards(folder);
        for (String name : new String[] {"config.json", ShardIndex.FILE_NAME}) {
            byte[] whole = Files.readAllBytes(folder.resolve(name));
            for (int seed = 0; seed < 300; seed++) {
                TestFiles.write(folder.resolve(name), damaged(whole, new SplittableRandom(seed)));
                openAndRead(folder, name + " with seed " + seed);
            }
            TestFiles.write(folder.resolve(name), whole);
        }
    }

    private void mutate(byte[] whole, long salt) {
        Path file = folder.resolve("mutated");
        int opened = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            long seed = salt << 32 | i;
            TestFiles.write(file, damaged(whole, new SplittableRandom(seed)));
            opened += openAndRead(file, "seed 0x%x".formatted(seed)) ? 1 : 0;
        }
        // Damage to numbers and free texts is no damage to the format; all or nothing would mean that nothing is
        // tested.
        assertTrue(
                opened > MUTATIONS / 100 && opened < MUTATIONS * 9 / 10,
                "%d of %d opened".formatted(opened, MUTATIONS));
    }

    private static boolean openAndRead(Path path, String label) {
        long allocatedBefore = TestFiles.allocatedBytes();
        long start = System.nanoTime();
        boolean opened = false;
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            opened = true;
            readAll(checkpoint);
        } catch (CheckpointException e) {
            if (e.problems().isEmpty() || e.getMessage().length() > 100_000) {
                fail(label + " gives a poor message: " + e.getMessage());
            }
        } catch (RuntimeException | Error e) {
            fail(label, e);
        }
        long allocated = TestFiles.allocatedBytes() - allocatedBefore;
        assertTrue(allocated < TestFiles.ALLOCATION_MAX, label + " allocates " + allocated + " bytes");
        assertTrue(System.nanoTime() - start < NANOS_MAX, label + " takes too long");
        return opened;
    }

    private static void readAll(Checkpoint checkpoint) {
        checkpoint.tensors().values().forEach(tensor -> {
            int rows = tensor.rows();
            if (tensor.elements() > 0 && rows > 0) {
                tensor.toFloats();
            }
        });
        if (checkpoint instanceof Gguf gguf) {
            for (GgufValue value : gguf.metadata().values()) {
                if (value instanceof GgufValue.Many many) {
                    many.values();
                }
            }
        }
    }

    /// One to four wounds: bytes flipped or set, numbers made evil, pieces cut out, doubled, or the end cut off.
    private static byte[] damaged(byte[] whole, SplittableRandom random) {
        byte[] bytes = whole.clone();
        int wounds = random.nextInt(1, 5);
        for (int i = 0; i < wounds && bytes.length > 16; i++) {
            int at = random.nextInt(bytes.length - 8);
            int length = random.nextInt(1, Math.min(64, bytes.length - at));
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> longAt(bytes, at, EVIL[random.nextInt(EVIL.length)]);
                case 3 ->
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int)
                            EVIL[random.nextInt(EVIL.length)]);
                case 4 -> bytes = without(bytes, at, length);
                case 5 -> bytes = doubled(bytes, at, length);
                case 6 -> bytes = Arrays.copyOf(bytes, random.nextInt(16, bytes.length));
                default -> throw new AssertionError();
            }
        }
        return bytes;
    }

    private static void longAt(byte[] bytes, int at, long value) {
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    }

    private static byte[] without(byte[] bytes, int at, int length) {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - length);
        System.arraycopy(bytes, at + length, shorter, at, bytes.length - at - length);
        return shorter;
    }

    private static byte[] doubled(byte[] bytes, int at, int length) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + length);
        System.arraycopy(bytes, at, longer, at + length, bytes.length - at);
        return longer;
    }
}
