package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void tellsAllProblemsOfAFileTogether() {
        TokenizerException e = refused(root -> {
            ObjectNode model = (ObjectNode) root.path("model");
            model.put("dropout", 0.1).put("byte_fallback", true);
            ((ObjectNode) model.path("vocab"))
                    .put("x", -1)
                    .put("y", 2_000_000_000)
                    .put("z", 0);
        });
        for (String part : List.of("dropout", "byte_fallback", "\"x\"", "2000000000", "id 0")) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void refusesMergesOfTokensThatAreNotThere() {
        TokenizerException e = refused(root ->
                root.withArray("/model/merges").add("q qq").add("nospace").add(5));
        for (String part : List.of("\"qq\"", "\"qqq\"", "\"nospace\"")) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void refusesStepsItDoesNotKnow() {
        refused(root -> root.putObject("pre_tokenizer").put("type", "Metaspace"));
        refused(root -> root.putObject("normalizer").put("type", "BertNormalizer"));
        refused(root -> root.withObject("/model").put("type", "WordPiece"));
        refused(root -> root.withObject("/model").put("end_of_word_suffix", "</w>"));
        refused(root ->
                root.withArray("/pre_tokenizer/pretokenizers").addObject().put("type", "Digits"));
        refused(root ->
                root.withArray("added_tokens").addObject().put("content", "new").put("id", 3));
        refused(root -> root.remove("model"));
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        Path file = folder.resolve("tokenizer.json");
        for (String content : List.of("", "{", "[]", "null", "\"x\"", "{\"model\": ".repeat(5000), "\0\0")) {
            Files.writeString(file, content);
            TokenizerException e = assertThrows(TokenizerException.class, () -> TokenizerJson.read(folder), content);
            assertTrue(e.getMessage().contains("tokenizer.json"), e.getMessage());
        }
        Files.delete(file);
        assertThrows(TokenizerException.class, () -> TokenizerJson.read(folder));
    }

    @Test
    void neverFailsOtherwiseOnDamagedFiles() throws IOException {
        byte[] whole = JSON.writeValueAsBytes(sample());
        for (long seed = 0; seed < 3000; seed++) {
            Random random = new Random(seed);
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        "\"{}[],:0-9truef \\ux".getBytes(StandardCharsets.US_ASCII)[random.nextInt(19)];
            }
            Files.write(folder.resolve("tokenizer.json"), damaged);
            try {
                TokenizerJson.read(folder).encode("some text 123 <think>\n");
            } catch (TokenizerException expected) {
                assertTrue(expected.getMessage().length() < 5000, "seed " + seed);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @Test
    void readsBeginAndEndFromTheConfigurationBesideIt() throws IOException {
        TokenizerJson.write(Samples.tokenizer("deepseek-v3"), folder);
        Files.writeString(folder.resolve("tokenizer_config.json"), """
                {"bos_token": {"content": "<think>"}, "eos_token": "</think>", "pad_token": null, "add_bos_token": true}
                """);
        BytePairEncoding tokenizer = TokenizerJson.read(folder.resolve("tokenizer.json"));
        assertEquals(tokenizer.id("<think>"), tokenizer.beginId());
        assertEquals(tokenizer.id("</think>"), tokenizer.endId());
        assertEquals(OptionalInt.empty(), tokenizer.padId());
        assertTrue(tokenizer.addsBegin());
    }

    @Test
    void readsBeginFromThePostProcessorWhereThereIsNoConfiguration() {
        ObjectNode root = sample();
        ObjectNode processor = root.putObject("post_processor").put("type", "TemplateProcessing");
        processor.putArray("single").addObject().putObject("SpecialToken").put("id", "<s>");
        processor.putObject("special_tokens").putObject("<s>").putArray("ids").add(65);
        BytePairEncoding tokenizer = parse(root);
        assertEquals(OptionalInt.of(65), tokenizer.beginId());
        assertTrue(tokenizer.addsBegin());
    }

    @Test
    void composesCharactersWhereTheFileAsks() {
        ObjectNode root = sample();
        root.putObject("normalizer").put("type", "NFC");
        BytePairEncoding tokenizer = parse(root);
        assertEquals("\u00E9<think>\u00E9", tokenizer.decode(tokenizer.encode("e\u0301<think>e\u0301")));
    }

    @Test
    void putsASpaceBeforeTheFirstWordWhereTheFileAsks() {
        ObjectNode root = sample();
        root.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", true);
        BytePairEncoding tokenizer = parse(root);
        assertEquals(" a<think> b<think> c", tokenizer.decode(tokenizer.encode("a<think> b<think>c")));
        assertArrayEquals(new int[] {}, tokenizer.encode(""));
    }

    @Test
    void takesAWholePieceWhereTheFileAsks() {
        String[] merges = {"a b", "c d", "ab cd"};
        ObjectNode root = TokenizerJsonWriter.tree(Samples.tokenizer("qwen2", merges));
        root.withArray("/model/merges").remove(2);
        int whole = root.at("/model/vocab/abcd").asInt();
        assertEquals(2, parse(root).encode("abcd").length);
        root.withObject("/model").put("ignore_merges", true);
        assertArrayEquals(new int[] {whole}, parse(root).encode("abcd"));
    }

    private static BytePairEncoding parse(ObjectNode root) {
        try {
            return TokenizerJson.parse("test", root.traverse(), NullNode.instance);
        } catch (IOException e) {
            throw new AssertionError("a tree is read without files", e);
        }
    }

    private static ObjectNode sample() {
        return TokenizerJsonWriter.tree(Samples.tokenizer("deepseek-v3", "t h", "th e", "Ġ the"));
    }

    private static TokenizerException refused(Consumer<ObjectNode> change) {
        ObjectNode root = sample();
        change.accept(root);
        return assertThrows(TokenizerException.class, () -> parse(root));
    }
}
