package dev.baleen.tokenizer;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalInt;

/// Writes what [TokenizerJson] reads. The same tokenizer always gives the same bytes.
final class TokenizerJsonWriter {
    private static final DefaultPrettyPrinter PRINTER =
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerJsonWriter() {}

    static void write(BytePairEncoding tokenizer, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path config = folder.resolve(TokenizerJson.CONFIG_NAME);
        ObjectNode settings = TokenizerJson.readObject(config);
        settings.put("add_bos_token", tokenizer.addsBegin());
        putToken(settings, "bos_token", tokenizer, tokenizer.beginId());
        putToken(settings, "eos_token", tokenizer, tokenizer.endId());
        putToken(settings, "pad_token", tokenizer, tokenizer.padId());
        settings.put("clean_up_tokenization_spaces", false);
        settings.put("tokenizer_class", "PreTrainedTokenizerFast");
        write(tree(tokenizer), folder.resolve(TokenizerJson.FILE_NAME));
        write(settings, config);
    }

    private static void putToken(ObjectNode settings, String key, BytePairEncoding tokenizer, OptionalInt id) {
        if (id.isPresent()) {
            settings.put(key, tokenizer.token(id.getAsInt()));
        } else {
            settings.putNull(key);
        }
    }

    /// A reader sees the old file or the new one, never half of one.
    private static void write(JsonNode tree, Path file) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.write(unfinished, JSON.writer(PRINTER).writeValueAsBytes(tree));
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    static ObjectNode tree(BytePairEncoding tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (AddedToken token : tokenizer.addedTokens()) {
            added.addObject()
                    .put("id", token.id())
                    .put("content", token.content())
                    .put("single_word", token.singleWord())
                    .put("lstrip", token.stripLeft())
                    .put("rstrip", token.stripRight())
                    .put("normalized", token.normalized())
                    .put("special", token.special());
        }
        root.set("normalizer", PreTokenizerJson.write(vocabulary.normalization()));
        root.set("pre_tokenizer", PreTokenizerJson.write(vocabulary.preTokenizer()));
        root.putNull("post_processor");
        root.set("decoder", PreTokenizerJson.byteLevel(true, true));
        root.set("model", model(tokenizer));
        return root;
    }

    private static ObjectNode model(BytePairEncoding tokenizer) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        ObjectNode model = JSON.createObjectNode();
        model.put("type", "BPE");
        model.putNull("dropout");
        if (vocabulary.unknownId().isPresent()) {
            model.put("unk_token", tokenizer.token(vocabulary.unknownId().getAsInt()));
        } else {
            model.putNull("unk_token");
        }
        model.putNull("continuing_subword_prefix");
        model.putNull("end_of_word_suffix");
        model.put("fuse_unk", false);
        model.put("byte_fallback", false);
        model.put("ignore_merges", vocabulary.ignoreMerges());
        // Added tokens stand here too: other readers number those that do not as they please.
        ObjectNode vocab = model.putObject("vocab");
        for (int id = 0; id < tokenizer.vocabularySize(); id++) {
            if (!tokenizer.token(id).isEmpty()) {
                vocab.put(tokenizer.token(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        int[] pairs = vocabulary.merges();
        for (int i = 0; i < pairs.length; i += 2) {
            merges.addArray()
                    .add(vocabulary.tokens().get(pairs[i]))
                    .add(vocabulary.tokens().get(pairs[i + 1]));
        }
        return model;
    }
}
