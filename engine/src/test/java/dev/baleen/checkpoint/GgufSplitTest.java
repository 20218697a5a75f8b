package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models in several GGUF files, whole and with every kind of part that does not belong.
class GgufSplitTest {
    @TempDir
    private Path folder;

    @Test
    void anyPartOpensAllOfThem() throws IOException {
        writeParts(folder);
        for (int i = 0; i < 3; i++) {
            assertWhole(folder.resolve(part(i)));
        }
    }

    @Test
    void aFolderWithOneSplitModelIsThatModel() throws IOException {
        Path below = Files.createDirectory(folder.resolve("m-Q4_K_M"));
        writeParts(below);
        assertWhole(below);
        assertWhole(folder);
        Gguf.write(below.resolve("other.gguf"), TestFiles.everyMetadataType(), new LinkedHashMap<>());
        TestFiles.refused(below, "holds 2 models in 4 GGUF files", "give the path of one");
    }

    @Test
    void aFolderWithASettingsFileBesideItIsThatModelToo() throws IOException {
        writeParts(folder);
        TestFiles.write(folder.resolve("config.json"), "{\"model_type\": \"deepseek_v3\"}");
        assertWhole(folder);
    }

    @Test
    void partsMayBeLinksAsInADownloadCache() throws IOException {
        Path blobs = Files.createDirectory(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve("0123"));
        writeParts(blobs);
        for (int i = 0; i < 3; i++) {
            Files.move(blobs.resolve(part(i)), blobs.resolve("blob" + i));
            Files.createSymbolicLink(snapshot.resolve(part(i)), Path.of("../../blobs/blob" + i));
        }
        assertWhole(snapshot.resolve(part(1)));
        assertWhole(snapshot);
        TestFiles.refused(blobs.resolve("blob1"), "is one of 3 parts", "-00002-of-00003.gguf");
    }

    @Test
    void allMissingPartsAreToldTogether() throws IOException {
        writeParts(folder);
        Files.delete(folder.resolve(part(1)));
        Files.delete(folder.resolve(part(2)));
        CheckpointException refusal =
                TestFiles.refused(folder.resolve(part(0)), part(1), part(2), "there is no such file");
        assertEquals(2, refusal.problems().size());
    }

    @Test
    void partsOfDifferentModelsAreRefusedWithEveryKeyThatTellsIt() throws IOException {
        writeParts(folder);
        write(folder.resolve(part(1)), 2, 4, 9, new LinkedHashMap<>(), "b");
        CheckpointException refusal = TestFiles.refused(
                folder.resolve(part(0)),
                part(1) + ", key split.no: is 2",
                part(1) + ", key split.count: is 4",
                part(1) + ", key split.tensors.count: is 9",
                "take all parts from one source");
        assertEquals(3, refusal.problems().size());
    }

    @Test
    void aPartWithoutTheKeysOrWithATensorTwiceIsRefused() throws IOException {
        writeParts(folder);
        Gguf.write(folder.resolve(part(1)), new LinkedHashMap<>(), tensors("a"));
        TestFiles.refused(folder.resolve(part(0)), "key split.no: missing", "\"a\"", "is also in " + part(0));
    }

    @Test
    void aCountOfTensorsThatDoesNotAddUpIsRefused() throws IOException {
        for (int i = 0; i < 3; i++) {
            write(folder.resolve(part(i)), i, 3, 7, new LinkedHashMap<>(), "t" + i);
        }
        TestFiles.refused(folder.resolve(part(0)), "split.tensors.count: is 7, but the parts hold 3 tensors");
    }

    @Test
    void aRenamedOrDamagedPartIsRefused() throws IOException {
        writeParts(folder);
        Path renamed = folder.resolve("m-00001-of-00004.gguf");
        Files.copy(folder.resolve(part(0)), renamed);
        TestFiles.refused(renamed, "split.count: is 3, but the name says 00004");
        TestFiles.write(folder.resolve(part(2)), "GGUF");
        TestFiles.refused(folder.resolve(part(0)), part(2));
        write(folder.resolve("m-00001-of-00003.gguf"), 0, 65_535, 3, new LinkedHashMap<>(), "a");
        TestFiles.refused(folder.resolve("m-00001-of-00003.gguf"), "split.count: is 65,535");
    }

    private static void assertWhole(Path path) {
        try (Checkpoint opened = Checkpoint.open(path)) {
            assertEquals(List.of("a", "b", "c"), List.copyOf(opened.entries().keySet()));
            assertArrayEquals(
                    new float[] {1, 2}, opened.tensor("a").orElseThrow().toFloats());
            assertArrayEquals(
                    new float[] {3, 4}, opened.tensor("c").orElseThrow().toFloats());
            assertEquals("tiny", ((Gguf) opened).architecture());
            assertFalse(opened.entries().get("b").file().equals(opened.path()), "b lies in a part of its own");
        }
    }

    /// Three parts: the first holds the metadata and `a`, the others a tensor each.
    private static void writeParts(Path folder) throws IOException {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("tiny"));
        write(folder.resolve(part(0)), 0, 3, 3, metadata, "a");
        write(folder.resolve(part(1)), 1, 3, 3, new LinkedHashMap<>(), "b");
        write(folder.resolve(part(2)), 2, 3, 3, new LinkedHashMap<>(), "c");
    }

    private static void write(
            Path file, int number, int count, int tensors, SequencedMap<String, GgufValue> metadata, String tensor)
            throws IOException {
        SequencedMap<String, GgufValue> all = new LinkedHashMap<>(metadata);
        all.put("split.no", new GgufValue.Whole(GgufType.UINT16, number));
        all.put("split.count", new GgufValue.Whole(GgufType.UINT16, count));
        all.put("split.tensors.count", new GgufValue.Whole(GgufType.INT32, tensors));
        Gguf.write(file, all, tensors(tensor));
    }

    private static SequencedMap<String, Tensor> tensors(String name) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(name, TestFiles.counting(DType.F32, name.charAt(0) - 'a' + 1, 2));
        return tensors;
    }

    private static String part(int index) {
        return "m-0000%d-of-00003.gguf".formatted(index + 1);
    }
}
