package dev.baleen.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.ChatModel;
import dev.baleen.generation.EngineOptions;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.task.Dice;
import dev.baleen.training.Progress;
import dev.baleen.training.Sha256;
import dev.baleen.training.StepReport;
import dev.baleen.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TrainRunTest {
    @TempDir
    Path folder;

    @Test
    void makesAModelThatCanBeAsked() throws Exception {
        TrainRun.Result result = new TrainRun(Recipe.speck(), folder.resolve("speck"), 2, Progress.silent()).run();
        assertTrue(result.tokens() > 10_000, result.tokens() + " tokens");
        assertTrue(result.scores().lines().size() >= 7, result.scores().table());
        for (String file : List.of(
                "config.json",
                "model.safetensors",
                "tokenizer.json",
                "tokenizer_config.json",
                "generation_config.json",
                "README.md",
                "training/metrics.csv",
                "training/loss.svg",
                "training/scores.json")) {
            assertTrue(Files.size(folder.resolve("speck").resolve(file)) > 0, file);
        }
        assertFalse(Files.exists(folder.resolve("speck/training/checkpoints")));
        assertEquals(
                41,
                Files.readAllLines(folder.resolve("speck/training/metrics.csv")).size());
        assertTrue(Files.readString(folder.resolve("speck/README.md"))
                .contains(result.scores().table()));
        try (ComputePool pool = new ComputePool(1);
                ChatModel model =
                        ChatModel.open(folder.resolve("speck"), Backends.best(pool), EngineOptions.defaults())) {
            assertTrue(model.ask("What is 1+1?").usage().generation().completionTokens() > 0);
        }
    }

    @Test
    void refusesToTrainOverAFinishedModel() throws IOException {
        Files.writeString(folder.resolve("README.md"), "finished");
        String message = assertThrows(
                        IllegalStateException.class,
                        () -> new TrainRun(Recipe.speck(), folder, 1, Progress.silent()).run())
                .getMessage();
        assertTrue(message.contains("finished model already"), message);
    }

    /// The child dies in the middle of a step, a checkpoint or anything else, again and again; then one runs to
    /// the end.
    @Test
    void killedAtAnyMomentARunEndsWithTheSameWeights() throws Exception {
        long seed = System.nanoTime();
        Dice dice = Dice.of(seed);
        String undisturbed = weightsAfter(folder.resolve("undisturbed"), 0);
        Path killed = folder.resolve("killed");
        int kills = 0;
        while (kills < 3 && runChild(killed, dice.between(1, 14))) {
            kills++;
        }
        assertTrue(kills > 0, "no child was killed before its end, seed " + seed);
        assertEquals(undisturbed, weightsAfter(killed, 0), kills + " kills, seed " + seed);
    }

    private static String weightsAfter(Path output, int killAfter) throws Exception {
        assertFalse(runChild(output, killAfter));
        return Sha256.ofFile(output.resolve("model.safetensors"));
    }

    /// Runs the recipe in a JVM of its own; kills it once it has told of so many steps, if that is not 0.
    ///
    /// @return whether it was killed
    private static boolean runChild(Path output, int killAfter) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        output.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = child.inputReader()) {
            int told = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                told++;
                if (told == killAfter) {
                    child.destroyForcibly();
                    child.waitFor();
                    return true;
                }
            }
        }
        assertEquals(0, child.waitFor(), "exit of the run in " + output);
        return false;
    }

    /// A run that tells each step.
    static final class Child implements Progress {
        public static void main(String[] arguments) throws Exception {
            new TrainRun(Recipe.speck(), Path.of(arguments[0]), 2, new Child()).run();
        }

        @Override
        public void begin(String title, long steps) {}

        @Override
        public void step(TrainingState state, StepReport report) {
            System.out.println(state.stage() + " " + state.step());
        }

        @Override
        public void advance(long done) {}

        @Override
        public void note(String line) {}

        @Override
        public void end() {}
    }
}
