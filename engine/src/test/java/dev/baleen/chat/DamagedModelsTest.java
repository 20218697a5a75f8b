package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.baleen.Goldens;
import dev.baleen.chat.GgufPlaces.Place;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.conversion.Conversion;
import dev.baleen.conversion.ConversionOptions;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.Architectures;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.tensor.Workspace;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerException;
import dev.baleen.tokenizer.TokenizerJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Models of every kind with random damage: all that a command would do with one either works or is refused by an
/// exception that says why. Nothing else may happen, and nothing may take long or much.
class DamagedModelsTest {
    private static final String[] GGUF = {
        "tiny-qwen2",
        "tiny-llama3",
        "tiny-deepseek1-moe",
        "tiny-deepseek2-v3",
        "tiny-deepseek2-v2lite",
        "tiny-deepseek32",
        "tiny-deepseek4"
    };
    private static final String[] FOLDERS = {
        "qwen2-bf16",
        "llama3-f16",
        "qwen3-tied-yarn",
        "deepseek-coder-linear",
        "deepseek-v2-lite",
        "deepseek-v2-group-limited",
        "deepseek-v3-sharded-mtp",
        "deepseek-v3-fp8",
        "deepseek-v31-fp8-ue8m0",
        "deepseek-v32",
        "deepseek-v4",
        "deepseek-v4-fp8-mxfp4"
    };

    /// 19 models × 530 are ten thousand.
    private static final int MANY = 530;

    private static final int FEW = 25;
    private static final long NANOS_MAX = 10_000_000_000L;
    private static final long BYTES_MAX = 64 << 20;
    private static final long WORKSPACE_MAX = 32 << 20;
    private static final String TEXT = "Two words, 12 \u4E2D\u6587 <think>\n";

    /// Held, or the level is forgotten with it.
    private static final Logger TEMPLATES = Logger.getLogger(ChatTemplates.class.getName());

    @TempDir
    private Path folder;

    private int opened;
    private int ran;

    @BeforeAll
    static void letTemplatesBeQuiet() {
        TEMPLATES.setLevel(Level.WARNING);
    }

    static Stream<String> gguf() {
        return Stream.of(GGUF);
    }

    static Stream<String> folders() {
        return Stream.of(FOLDERS);
    }

    @ParameterizedTest
    @MethodSource("gguf")
    void aFewGgufFiles(String name) throws IOException {
        damageGguf(name, FEW, 1);
    }

    @ParameterizedTest
    @MethodSource("folders")
    void aFewFolders(String name) throws IOException {
        damageFolder(name, FEW, 2);
    }

    @ParameterizedTest
    @MethodSource("gguf")
    @Tag("slow")
    void manyGgufFiles(String name) throws IOException {
        damageGguf(name, MANY, 3);
        assertSomeRan(name, MANY);
    }

    @ParameterizedTest
    @MethodSource("folders")
    @Tag("slow")
    void manyFolders(String name) throws IOException {
        damageFolder(name, MANY, 4);
        assertSomeRan(name, MANY);
    }

    /// All or nothing would mean that nothing is tested.
    private void assertSomeRan(String name, int times) {
        assertTrue(
                opened > times / 20 && opened < times && ran > times / 50,
                "%s: of %d files %d opened and %d ran".formatted(name, times, opened, ran));
    }

    private void damageGguf(String name, int times, long salt) throws IOException {
        byte[] whole = Files.readAllBytes(Goldens.path(name + ".gguf"));
        List<Place> places = GgufPlaces.of(whole);
        int header = places.getLast().offset() + Long.BYTES;
        Path file = folder.resolve("model.gguf");
        for (int i = 0; i < times; i++) {
            long seed = salt << 32 | i;
            SplittableRandom random = new SplittableRandom(seed);
            byte[] damaged = switch (random.nextInt(10)) {
                case 0 -> Damage.moved(whole, header, random);
                case 1, 2, 3 -> Damage.inPlace(whole, 0, header, random);
                default -> Damage.numbers(whole, places, random);
            };
            Files.write(file, damaged);
            use(file, "%s, seed 0x%x".formatted(name, seed));
        }
    }

    private void damageFolder(String name, int times, long salt) throws IOException {
        Path model = folder.resolve("model");
        copy(Goldens.path("hf/" + name), model);
        BytePairEncoding tokenizer = (BytePairEncoding) Tokenizers.of(Goldens.path("tiny-deepseek2-v3.gguf"));
        Files.writeString(
                model.resolve("tokenizer_config.json"),
                "{\"chat_template\": \"{% for m in messages %}{{ m.content }}{% endfor %}\"}");
        TokenizerJson.write(tokenizer, model);
        List<Path> files;
        try (Stream<Path> all = Files.list(model)) {
            files = all.sorted().toList();
        }
        for (int i = 0; i < times; i++) {
            long seed = salt << 32 | i;
            SplittableRandom random = new SplittableRandom(seed);
            Path file = random.nextInt(3) == 0 ? model.resolve("config.json") : files.get(random.nextInt(files.size()));
            byte[] whole = Files.readAllBytes(file);
            Files.write(file, file.toString().endsWith(".json") ? json(whole, random) : weights(whole, random));
            use(model, "%s, %s, seed 0x%x".formatted(name, file.getFileName(), seed));
            Files.write(file, whole);
        }
    }

    private static byte[] json(byte[] whole, SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> Damage.inPlace(whole, 0, whole.length, random);
            case 1 -> Damage.moved(whole, whole.length, random);
            default -> Damage.json(whole, random);
        };
    }

    private static byte[] weights(byte[] whole, SplittableRandom random) {
        ByteBuffer bytes = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) bytes.getLong(0);
        switch (random.nextInt(4)) {
            case 0 -> {
                return Damage.inPlace(whole, 0, Long.BYTES + header, random);
            }
            case 1 -> {
                return Damage.moved(whole, Long.BYTES + header, random);
            }
            default -> {
                byte[] text = new byte[header];
                bytes.get(Long.BYTES, text);
                byte[] json = Damage.json(
                        new String(text, StandardCharsets.UTF_8).strip().getBytes(StandardCharsets.UTF_8), random);
                return ByteBuffer.allocate(whole.length - header + json.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .put(whole, Long.BYTES + header, whole.length - Long.BYTES - header)
                        .array();
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(from)) {
            all.filter(file -> !file.getFileName().toString().startsWith("expected"))
                    .forEach(files::add);
        }
        for (Path file : files) {
            Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
        }
    }

    private interface Use {
        void run() throws IOException;
    }

    private void use(Path path, String label) {
        com.sun.management.ThreadMXBean thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = thread.getCurrentThreadAllocatedBytes();
        long nanos = System.nanoTime();
        attempt(label, () -> {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                opened++;
                attempt(label, () -> run(Architectures.load(checkpoint)));
                attempt(label, () -> speak(checkpoint));
                attempt(label, () -> ChatTemplates.sources(checkpoint));
                attempt(label, () -> Conversion.of(checkpoint, folder.resolve("never"), ConversionOptions.defaults()));
            }
        });
        long allocated = thread.getCurrentThreadAllocatedBytes() - bytes;
        assertTrue(allocated < BYTES_MAX, "%s allocates %,d bytes".formatted(label, allocated));
        assertTrue(System.nanoTime() - nanos < NANOS_MAX, label + " takes too long");
    }

    private static void attempt(String label, Use use) {
        try {
            use.run();
        } catch (CheckpointException | TokenizerException | ChatTemplateException e) {
            String message = e.getMessage();
            assertTrue(
                    message.length() > 30 && message.length() < 100_000, () -> label + " is told poorly: " + message);
        } catch (AssertionError e) {
            throw e;
        } catch (IOException | UncheckedIOException e) {
            fail(label + " should not be a matter of reading", e);
        } catch (RuntimeException | Error e) {
            fail(label, e);
        }
    }

    private void run(Model model) {
        MemoryPlan plan;
        try {
            plan = MemoryPlan.of(model, EngineOptions.defaults());
        } catch (IllegalArgumentException e) {
            assertTrue(e.getMessage().contains("lower") || e.getMessage().contains("raise"), e.getMessage());
            return;
        }
        if (plan.workspaceBytes() > WORKSPACE_MAX || model.vocabularySize() < 4) {
            return;
        }
        try (Workspace workspace = new Workspace(WORKSPACE_MAX)) {
            EagerOps ops = new EagerOps(new ScalarKernels(), workspace);
            model.forward(ops, Batch.documents(List.of(new int[] {1, 2, 3})), KvCache.none());
            ran++;
        }
    }

    private static void speak(Checkpoint checkpoint) {
        Tokenizer tokenizer = Tokenizers.of(checkpoint);
        tokenizer.decode(tokenizer.encode(TEXT));
        GenerationSettings.of(checkpoint, tokenizer);
        ChatTemplate template = ChatTemplates.of(checkpoint, tokenizer, Optional.empty());
        template.render(ChatRequest.of(List.of(Message.user("Hello")), false));
    }
}
