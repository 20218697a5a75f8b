package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.generation.ByteTokenizer;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.AddedToken;
import dev.baleen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
    private static final List<Message> QUESTION = List.of(Message.user("q"));
    private static final Tokenizer TOKENIZER = new ByteTokenizer();

    @TempDir
    private Path folder;

    @Test
    void takesTheTemplateOfTheTokenizersConfig() throws IOException {
        write("tokenizer_config.json", config("{{ bos_token }}C{{ messages[0].content }}"));
        assertEquals("<s>Cq", text(folder("deepseek_v3")));
    }

    @Test
    void takesTheFileBeforeTheConfig() throws IOException {
        write("tokenizer_config.json", config("C"));
        write("chat_template.jinja", "{{ bos_token }}F{{ messages[0].content }}");
        assertEquals("<s>Fq", text(folder("deepseek_v3")));
    }

    @Test
    void takesTheJsonFileWhereThereIsNoOther() throws IOException {
        write("chat_template.json", "{\"chat_template\": \"J{{ messages[0].content }}\"}");
        assertEquals("Jq", text(folder("deepseek_v3")));
    }

    @Test
    void takesTheTemplateForToolsWhereThereAreTools() throws IOException {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.putArray("chat_template")
                .add(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", "default")
                        .put("template", "D"))
                .add(JsonNodeFactory.instance
                        .objectNode()
                        .put("name", "tool_use")
                        .put("template", "T"));
        write("tokenizer_config.json", config.toString());
        ChatTemplate template = template(folder("llama"), Optional.empty());
        assertEquals("D", template.render(QUESTION, true).text());
        Tool tool = new Tool("f", "", JsonNodeFactory.instance.objectNode(), false);
        assertEquals(
                "T",
                template.render(ChatRequest.of(QUESTION, true).withTools(List.of(tool)))
                        .text());
    }

    @Test
    void takesTheTemplatesOfAGgufFile() throws IOException {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("llama"));
        metadata.put("tokenizer.chat_template", new GgufValue.Text("{{ bos_token }}G"));
        metadata.put("tokenizer.chat_template.tool_use", new GgufValue.Text("T"));
        ChatTemplate template = template(gguf(metadata), Optional.empty());
        assertEquals("<｜begin▁of▁sentence｜>G", template.render(QUESTION, true).text());
        Tool tool = new Tool("f", "", JsonNodeFactory.instance.objectNode(), false);
        assertEquals(
                "T",
                template.render(ChatRequest.of(QUESTION, true).withTools(List.of(tool)))
                        .text());
    }

    @Test
    void takesTheFileThatWasChosenBeforeTheModelsOwn() throws IOException {
        write("tokenizer_config.json", config("C"));
        Path chosen = Files.writeString(folder.resolve("mine.txt"), "{{ bos_token }}M");
        assertEquals(
                "<s>M",
                template(folder("llama"), Optional.of(chosen))
                        .render(QUESTION, true)
                        .text());
    }

    @Test
    void refusesATemplateThatCannotBeReadAndSaysWhatToDo() throws IOException {
        write("chat_template.jinja", "{% if x %}\n{% sparkle %}");
        ChatTemplateException refused =
                assertThrows(ChatTemplateException.class, () -> template(folder("llama"), Optional.empty()));
        assertTrue(refused.getMessage().contains("chat_template.jinja"), refused.getMessage());
        assertTrue(refused.getMessage().contains("unknown tag 'sparkle'"), refused.getMessage());
        assertTrue(refused.getMessage().contains("line 2, column 4"), refused.getMessage());
        assertTrue(refused.getMessage().contains("--chat-template-file"), refused.getMessage());
    }

    @Test
    void knowsTheFamiliesThatHaveNoTemplate() throws IOException {
        assertInstanceOf(DeepSeekV32Template.class, template(folder("deepseek_v32"), Optional.empty()));
        assertEquals(
                new DeepSeekV4Template(DeepSeekV4Template.Version.V4)
                        .render(QUESTION, true)
                        .text(),
                text(folder("deepseek_v4")));
        Checkpoint newer = folder("deepseek_v4");
        assertEquals(
                new DeepSeekV4Template(DeepSeekV4Template.Version.V4_1)
                        .render(QUESTION, true)
                        .text(),
                ChatTemplates.of(newer, new Renamed("<｜▁pad▁｜>", "<｜System｜>"), Optional.empty())
                        .render(QUESTION, true)
                        .text());
        assertInstanceOf(DeepSeekR1Template.class, template(folder("deepseek_v3"), Optional.empty()));
    }

    @Test
    void asksInPlainWordsWhereTheVocabularyKnowsNoTurns() throws IOException {
        Prompt prompt = ChatTemplates.of(folder("llama"), new Renamed("<｜User｜>", "<other>"), Optional.empty())
                .render(
                        List.of(Message.system("s"), Message.user("q"), Message.assistant("a"), Message.user("r")),
                        true);
        assertEquals(
                "<｜begin▁of▁sentence｜>s\n\nUser: q\n\nAssistant: a<｜end▁of▁sentence｜>User: r\n\nAssistant:",
                prompt.text());
        assertEquals(AnswerStart.EITHER, prompt.start());
    }

    @Test
    void layOutsOfAFamilyNeedNoWeights() throws IOException {
        write("config.json", "{\"model_type\": \"deepseek_v32\"}");
        assertInstanceOf(DeepSeekV32Template.class, ChatTemplates.ofFamily(folder));
        write("config.json", "{\"model_type\": \"llama\"}");
        assertThrows(ChatTemplateException.class, () -> ChatTemplates.ofFamily(folder));
    }

    private static String text(Checkpoint checkpoint) {
        return template(checkpoint, Optional.empty()).render(QUESTION, true).text();
    }

    private static ChatTemplate template(Checkpoint checkpoint, Optional<Path> chosen) {
        try (checkpoint) {
            return ChatTemplates.of(checkpoint, TOKENIZER, chosen);
        }
    }

    private Checkpoint folder(String type) throws IOException {
        HuggingFaceFolder.write(
                folder,
                JsonNodeFactory.instance.objectNode().put("model_type", type),
                Map.of("w", Tensor.ofFloats(new float[] {1}, 1)));
        return Checkpoint.open(folder);
    }

    private Checkpoint gguf(SequencedMap<String, GgufValue> metadata) throws IOException {
        Path file = folder.resolve("model.gguf");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.ofFloats(new float[] {1}, 1));
        Gguf.write(file, metadata, tensors);
        return Checkpoint.open(file);
    }

    private static String config(String template) {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("chat_template", template);
        config.putObject("bos_token").put("content", "<s>");
        return config.toString();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    /// The byte tokenizer with one token under another name.
    private record Renamed(Tokenizer tokenizer, String from, String to) implements Tokenizer {
        Renamed(String from, String to) {
            this(TOKENIZER, from, to);
        }

        @Override
        public int[] encode(String text) {
            return tokenizer.encode(text);
        }

        @Override
        public int[] encodeOrdinary(String text) {
            return tokenizer.encodeOrdinary(text);
        }

        @Override
        public String decode(int... ids) {
            return tokenizer.decode(ids);
        }

        @Override
        public byte[] bytes(int id) {
            return tokenizer.bytes(id);
        }

        @Override
        public int vocabularySize() {
            return tokenizer.vocabularySize();
        }

        @Override
        public OptionalInt id(String token) {
            return token.equals(from) ? OptionalInt.empty() : tokenizer.id(token.equals(to) ? from : token);
        }

        @Override
        public String token(int id) {
            return tokenizer.token(id).equals(from) ? to : tokenizer.token(id);
        }

        @Override
        public boolean isSpecial(int id) {
            return tokenizer.isSpecial(id);
        }

        @Override
        public List<AddedToken> addedTokens() {
            return tokenizer.addedTokens().stream()
                    .map(token -> AddedToken.special(token.id(), token(token.id())))
                    .toList();
        }

        @Override
        public OptionalInt beginId() {
            return tokenizer.beginId();
        }

        @Override
        public OptionalInt endId() {
            return tokenizer.endId();
        }

        @Override
        public OptionalInt padId() {
            return tokenizer.padId();
        }

        @Override
        public boolean addsBegin() {
            return tokenizer.addsBegin();
        }
    }
}
