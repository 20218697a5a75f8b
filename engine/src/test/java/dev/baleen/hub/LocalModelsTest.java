package dev.baleen.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in a cache, whoever put it there: found by name, listed, and removed without harm to the rest.
class LocalModelsTest {
    @TempDir
    private Path root;

    private HubCache cache = new HubCache(Path.of("."), true);

    @BeforeEach
    void open() {
        cache = new HubCache(root, true);
    }

    @Test
    void modelsAreListedByNameWithTheirQuantizationAndSize() throws IOException {
        add("b/gguf", "c1", "x-Q4_K_M.gguf", "four", 4_000);
        add("b/gguf", "c1", "x-Q8_0.gguf", "eight", 8_000);
        add("a/parts", "c1", "Q2_K/y-Q2_K-00001-of-00003.gguf", "p1", 100);
        add("a/parts", "c1", "Q2_K/y-Q2_K-00003-of-00003.gguf", "p3", 100);
        Path folder = cache.snapshot(RepoId.parse("c/folder"), "c1");
        HuggingFaceFolder.write(
                folder, JsonNodeFactory.instance.objectNode(), Map.of("w", Tensor.ofFloats(new float[8], 8)));
        List<LocalModel> models = LocalModels.all(cache);
        assertEquals(
                List.of("a/parts:Q2_K", "b/gguf:Q4_K_M", "b/gguf:Q8_0", "c/folder"),
                models.stream().map(LocalModel::name).toList());
        assertEquals(
                List.of("Q2_K", "Q4_K_M", "Q8_0", "F32"),
                models.stream().map(LocalModel::quantization).toList());
        assertEquals(8_000, models.get(2).bytes());
        assertEquals(List.of("00002"), models.getFirst().missing());
        assertTrue(models.getLast().isWhole());
    }

    @Test
    void aGgufFileWhoseNameSaysNothingIsLookedInto() throws IOException {
        Path file = cache.snapshot(RepoId.parse("a/plain"), "c1").resolve("model.gguf");
        Files.createDirectories(file.getParent());
        LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.allocate(Arena.ofAuto(), DType.Q8_0, 2, 32));
        Gguf.write(file, new LinkedHashMap<>(), tensors);
        add("a/broken", "c1", "model.gguf", "junk", 50);
        assertEquals(
                List.of("damaged", "Q8_0"),
                LocalModels.all(cache).stream().map(LocalModel::quantization).toList());
    }

    @Test
    void aNameFindsTheCommitThatMainStoodAtAndElseAnyThatHasTheFile() throws IOException {
        add("a/b", "old", "x-Q4_K_M.gguf", "o4", 10);
        add("a/b", "old", "x-Q8_0.gguf", "o8", 10);
        add("a/b", "new", "x-Q4_K_M.gguf", "n4", 10);
        cache.writeRef(RepoId.parse("a/b"), "main", "new");
        assertTrue(find("a/b:Q4_K_M").orElseThrow().path().toString().contains("new"));
        assertTrue(find("a/b:q8_0").orElseThrow().path().toString().contains("old"));
        assertTrue(find("a/b").orElseThrow().path().toString().contains("new"));
        assertEquals(Optional.empty(), find("a/b:Q2_K"));
        assertEquals(Optional.empty(), find("a/none"));
    }

    @Test
    void severalWithoutThePreferredOneAreToldAndPartsDoNotCountAsAModel() throws IOException {
        add("a/b", "c1", "x-Q5_K_M.gguf", "e1", 10);
        add("a/b", "c1", "x-Q8_0.gguf", "e2", 10);
        String told = assertThrows(HubException.class, () -> find("a/b")).getMessage();
        assertTrue(told.contains("Q5_K_M, Q8_0") && told.contains("on this machine"), told);
        add("a/c", "c1", "x-Q8_0-00001-of-00002.gguf", "e3", 10);
        assertEquals(Optional.empty(), find("a/c:Q8_0"));
        assertEquals(Optional.empty(), find("a/c"), "what a pull can still complete is no error");
    }

    @Test
    void aFolderThatLacksWeightsIsNotWhole() throws IOException {
        add("a/b", "c1", "config.json", "e1", 10);
        add("a/b", "c1", "model-00001-of-000003.safetensors", "e2", 10);
        add("a/b", "c1", "model-00003-of-000003.safetensors", "e3", 10);
        assertEquals(List.of("00002"), LocalModels.all(cache).getFirst().missing());
        assertEquals(Optional.empty(), find("a/b"));
        add("a/b", "c1", "model-00002-of-000003.safetensors", "e4", 10);
        assertTrue(find("a/b").isPresent());
    }

    @Test
    void removingOneModelKeepsWhatOthersShare() throws IOException {
        add("a/b", "old", "x-Q4_K_M.gguf", "four", 4_000);
        add("a/b", "new", "x-Q4_K_M.gguf", "four", 4_000);
        add("a/b", "old", "x-Q8_0.gguf", "eight", 8_000);
        add("a/b", "new", "y-Q8_0.gguf", "eight", 8_000);
        Removal removal = Removal.plan(cache, reference("a/b:x-Q4_K_M.gguf"));
        assertEquals(2, removal.files().size());
        assertEquals(4_000, removal.bytes());
        removal.run();
        assertFalse(Files.exists(blob("a/b", "four")));
        assertTrue(Files.exists(blob("a/b", "eight")));

        Removal name = Removal.plan(cache, reference("a/b:x-Q8_0.gguf"));
        assertEquals(0, name.bytes(), "the other name still needs the bytes");
        name.run();
        assertTrue(Files.exists(blob("a/b", "eight")));
        assertTrue(find("a/b:Q8_0").isPresent());
        assertFalse(Files.exists(cache.snapshot(RepoId.parse("a/b"), "old")), "an empty snapshot is left");
    }

    @Test
    void removingTheLastOneRemovesTheFolderWithWhatWasUnfinished() throws IOException {
        add("a/b", "c1", "x-Q4_K_M.gguf", "four", 4_000);
        Files.write(blob("a/b", "other" + HubCache.INCOMPLETE), new byte[500]);
        cache.writeRef(RepoId.parse("a/b"), "main", "c1");
        Removal removal = Removal.plan(cache, reference("a/b:Q4_K_M"));
        assertEquals(4_502, removal.bytes());
        removal.run();
        assertFalse(Files.exists(cache.folder(RepoId.parse("a/b"))));
        assertThrows(HubException.class, () -> Removal.plan(cache, reference("a/b")));
    }

    @Test
    void whatALinkLeadsToOutsideTheCacheIsLeftAlone() throws IOException {
        Path outside = Files.write(root.resolve("precious.gguf"), new byte[100]);
        Path pointer = cache.pointer(RepoId.parse("a/b"), "c1", "x-Q4_K_M.gguf");
        Files.createDirectories(pointer.getParent());
        Files.createSymbolicLink(pointer, outside);
        add("a/b", "c1", "x-Q8_0.gguf", "eight", 10);
        Removal.plan(cache, reference("a/b:Q4_K_M")).run();
        assertFalse(Files.exists(pointer));
        assertTrue(Files.exists(outside));
        Files.createSymbolicLink(pointer, outside);
        Removal.plan(cache, reference("a/b")).run();
        assertTrue(Files.exists(outside));
    }

    @Test
    void bytesInTheStoreThatRepositoriesShareGoWithTheLastBlobThatLeadsThere() throws IOException {
        Path bytes = root.resolve("blobs/ab/abcd");
        Files.createDirectories(bytes.getParent());
        Files.write(bytes, new byte[700]);
        Path list = Files.writeString(bytes.resolveSibling("abcd.refs"), "two links");
        for (String repo : List.of("a/b", "c/d")) {
            RepoId id = RepoId.parse(repo);
            cache.prepare(id);
            Files.createSymbolicLink(cache.blob(id, "four"), Path.of("../../blobs/ab/abcd"));
            cache.link(cache.blob(id, "four"), cache.pointer(id, "c1", "x-Q4_K_M.gguf"), false);
        }
        add("c/d", "c1", "x-Q8_0.gguf", "eight", 10);
        assertEquals(700, LocalModels.all(cache).getFirst().bytes());
        Removal first = Removal.plan(cache, reference("a/b"));
        assertEquals(0, first.bytes());
        first.run();
        assertTrue(Files.exists(bytes) && find("c/d:Q4_K_M").isPresent());
        Removal last = Removal.plan(cache, reference("c/d:Q4_K_M"));
        assertEquals(700, last.bytes());
        last.run();
        assertFalse(Files.exists(bytes) || Files.exists(list));
        assertTrue(find("c/d:Q8_0").isPresent());
    }

    @Test
    void theLastUseIsRememberedAndForgotten() throws IOException {
        LastUse lastUse = new LastUse(root.resolve("data/last-use"));
        Path model = root.resolve("m".repeat(200)).resolve("n".repeat(200));
        assertEquals(Optional.empty(), lastUse.of(model));
        lastUse.note(model);
        Instant used = lastUse.of(model).orElseThrow();
        assertTrue(Duration.between(used, Instant.now()).abs().toSeconds() < 60, used.toString());
        lastUse.forget(model);
        assertEquals(Optional.empty(), lastUse.of(model));
        Path file = Files.writeString(root.resolve("file"), "");
        new LastUse(file.resolve("below")).note(model); // Cannot be written, and nothing happens.
    }

    @Test
    void shortNamesStandForModels() {
        assertEquals(
                "unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF:Q4_K_M",
                ShortNames.find("DeepSeek-R1:1.5b").orElseThrow().toString());
        assertEquals(ShortNames.find("deepseek-r1:8b"), ShortNames.find("deepseek-r1:latest"));
        assertEquals(ShortNames.find("deepseek-coder:1.3b"), ShortNames.find("deepseek-coder"));
        assertEquals(
                Optional.of("Q8_0"),
                ShortNames.find("deepseek-r1:7b:Q8_0").orElseThrow().choice());
        assertEquals(Optional.empty(), ShortNames.find("deepseek-r9"));
        assertTrue(ShortNames.near("depseek-r1:7b").contains("deepseek-r1:7b"));
        assertEquals(
                Optional.of("deepseek-v2-lite"),
                ShortNames.of(ShortNames.find("deepseek-v2-lite").orElseThrow()));
        assertEquals(
                ShortNames.all().size(),
                ShortNames.all().stream().map(ShortName::name).distinct().count());
    }

    @Test
    void referencesAreReadWithOrWithoutTheHubsAddress() {
        for (String text : List.of(
                "org/name:Q4_0",
                "hf.co/org/name:Q4_0",
                "https://huggingface.co/org/name:Q4_0",
                "huggingface.co/org/name/:Q4_0")) {
            assertEquals("org/name:Q4_0", reference(text).toString(), text);
        }
        assertEquals(
                Optional.of("a/b-Q4_0.gguf"),
                reference("org/name:a/b-Q4_0.gguf").choice());
        for (String text : List.of("name", "a/b/c", "../x", "a/..", "a--b/c", "/a/b", "a/b c", "a/", "ü/b", "")) {
            assertEquals(Optional.empty(), ModelReference.find(text), text);
        }
    }

    private Optional<LocalModel> find(String text) {
        return LocalModels.find(cache, reference(text));
    }

    private static ModelReference reference(String text) {
        return ModelReference.find(text).orElseThrow();
    }

    private Path blob(String repo, String etag) {
        return cache.blob(RepoId.parse(repo), etag);
    }

    private void add(String repo, String commit, String path, String etag, int size) throws IOException {
        RepoId id = RepoId.parse(repo);
        cache.prepare(id);
        Files.write(cache.blob(id, etag), new byte[size]);
        cache.link(cache.blob(id, etag), cache.pointer(id, commit, path), true);
    }
}
