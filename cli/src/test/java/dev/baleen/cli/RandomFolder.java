package dev.baleen.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.recipe.Recipe;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.TokenizerJson;
import dev.baleen.tokenizer.TokenizerTrainer;
import dev.baleen.training.Initialization;
import dev.baleen.training.Parameters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/// A model folder with everything but skill: the network of the smallest recipe with its first, random weights.
final class RandomFolder {
    private static final double DEVIATION = 0.3;

    private RandomFolder() {}

    static Path write(Path folder) {
        DeepSeekV3Config config = Recipe.speck().model();
        BytePairEncoding tokenizer = TokenizerTrainer.ofSize(config.vocabularySize())
                .train(List.of("What is 424 + 837?", "Sort these numbers: 3, 1, 2.", "Who are you?"));
        try (Parameters parameters = Parameters.allocate(DType.F32, DeepSeekV3.parameterShapes(config))) {
            new Initialization(5, DEVIATION, config.layers()).fill(parameters);
            ObjectNode settings = config.toJson();
            settings.put("bos_token_id", tokenizer.beginId().orElseThrow());
            settings.put("eos_token_id", tokenizer.endId().orElseThrow());
            HuggingFaceFolder.write(folder, settings, parameters.tensors());
            TokenizerJson.write(tokenizer, folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
