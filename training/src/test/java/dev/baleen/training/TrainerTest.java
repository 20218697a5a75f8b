package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainerTest {
    private static final String BIAS = "model.layers.1.mlp.gate.e_score_correction_bias";

    @Test
    void adamWLearnsWhichTokenFollows() {
        assertLearns(TinyRun.adamW());
    }

    @Test
    void muonLearnsWhichTokenFollows() {
        assertLearns(new Muon(0.95, 0.01, TinyRun.adamW()));
    }

    private static void assertLearns(Optimizer optimizer) {
        try (TinyRun run = new TinyRun(optimizer, 2)) {
            StepReport first = run.step();
            assertEquals(Math.log(TinyRun.VOCABULARY), first.loss(), 0.5);
            StepReport last = first;
            while (run.trainer.steps() < TinyRun.STEPS) {
                last = run.step();
            }
            assertTrue(last.loss() < 0.75 * first.loss(), first.loss() + " to " + last.loss());
            assertTrue(
                    last.furtherLoss().orElseThrow() < 0.9 * first.furtherLoss().orElseThrow());
        }
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        for (Optimizer optimizer : List.of(TinyRun.adamW(), new Muon(0.95, 0.01, TinyRun.adamW()))) {
            List<String> weights = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            for (int threads : new int[] {1, 2, 3}) {
                try (TinyRun run = new TinyRun(optimizer, threads)) {
                    double loss = 0;
                    for (int i = 0; i < 6; i++) {
                        loss = run.step().loss();
                    }
                    weights.add(run.weights());
                    losses.add(loss);
                }
            }
            assertEquals(List.of(weights.getFirst(), weights.getFirst(), weights.getFirst()), weights);
            assertEquals(List.of(losses.getFirst(), losses.getFirst(), losses.getFirst()), losses);
        }
    }

    @Test
    void microBatchesAddUpToOneLargeBatch() {
        try (TinyRun one = new TinyRun(TinyRun.adamW(), 1);
                TinyRun four = new TinyRun(TinyRun.adamW(), 1)) {
            List<Document> documents = List.of(
                    new Document(new int[] {1, 2, 3, 1, 2, 3, 1}, 0),
                    new Document(new int[] {4, 5, 6, 4, 5}, 0),
                    new Document(new int[] {9, 8, 9, 8, 9, 8}, 0),
                    new Document(new int[] {7, 7, 7}, 0));
            StepReport whole = one.trainer.step(List.of(MicroBatch.of(documents, LossMask.ALL)));
            StepReport parts = four.trainer.step(documents.stream()
                    .map(document -> MicroBatch.of(List.of(document), LossMask.ALL))
                    .toList());
            assertEquals(whole.loss(), parts.loss(), 1e-5);
            assertEquals(whole.furtherLoss().orElseThrow(), parts.furtherLoss().orElseThrow(), 1e-5);
            assertEquals(whole.balanceLoss(), parts.balanceLoss(), 1e-8);
            assertEquals(whole.gradientNorm(), parts.gradientNorm(), 1e-4 * whole.gradientNorm());
        }
    }

    @Test
    void documentsInOneMicroBatchDoNotSeeEachOther() {
        Document document = new Document(new int[] {1, 2, 3, 1, 2, 3, 1}, 0);
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1);
                TinyRun again = new TinyRun(TinyRun.adamW(), 1)) {
            double alone = run.trainer
                    .step(List.of(MicroBatch.of(List.of(document), LossMask.ALL)))
                    .loss();
            double twice = again.trainer
                    .step(List.of(MicroBatch.of(List.of(document, document), LossMask.ALL)))
                    .loss();
            assertEquals(alone, twice, 1e-6);
        }
    }

    @Test
    void onlyCountedTokensMakeALoss() {
        // The answers are equal, the questions are not, and no row of a question counts.
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            MicroBatch microBatch = MicroBatch.of(List.of(new Document(new int[] {1, 2, 3, 4}, 3)), LossMask.ASSISTANT);
            StepReport report = run.trainer.step(List.of(microBatch));
            assertEquals(1, microBatch.counts(0));
            assertTrue(report.loss() > 0);
        }
    }

    @Test
    void selectionBiasesMoveByTheBalanceRateOnly() {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 2)) {
            Tensor bias = run.parameters.get(BIAS);
            run.step();
            for (float value : bias.toFloats()) {
                assertTrue(Math.abs(value) < 1e-9 || Math.abs(Math.abs(value) - 1e-3) < 1e-9, "bias " + value);
            }
            float[] before = {};
            while (run.trainer.steps() < TinyRun.STEPS) {
                if (run.trainer.steps() == 36) {
                    before = bias.toFloats();
                }
                run.step();
            }
            assertArrayEquals(before, bias.toFloats(), "biases rest in the last tenth");
        }
    }

    @Test
    void gradientsAboveTheClipNormAreScaledDownAndReported() {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            boolean clipped = false;
            for (int i = 0; i < 10; i++) {
                StepReport report = run.step();
                assertEquals(report.gradientNorm() > 1, report.clipped());
                clipped |= report.clipped();
            }
            assertTrue(clipped, "the first steps of this run have large gradients");
        }
    }

    @Test
    void operationsAreCountedFromTheForwardPass() {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            StepReport report = run.step();
            // Six for each weight that a token meets, attention beside; the embedding table is only looked up.
            assertTrue(report.floatingPointOperations() / report.tokens() > 6 * 4000);
            assertTrue(report.floatingPointOperations() / report.tokens() < 6 * run.parameters.count());
        }
    }

    @Test
    void refusesAMicroBatchThatIsTooLarge() {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            MicroBatch large = MicroBatch.of(List.of(new Document(new int[61], 0)), LossMask.ALL);
            String message = assertThrows(IllegalArgumentException.class, () -> run.trainer.step(List.of(large)))
                    .getMessage();
            assertTrue(message.contains("61 tokens for a trainer made for 60"), message);
        }
    }

    @Test
    void stopsWhenTrainingComesApart() {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            run.parameters.get("model.norm.weight").set(0, Double.NaN);
            String message =
                    assertThrows(IllegalStateException.class, run::step).getMessage();
            assertTrue(message.contains("came apart at step 1"), message);
        }
    }

    @Test
    void initializationIsAFunctionOfTheSeed() {
        try (TinyRun one = new TinyRun(TinyRun.adamW(), 1);
                TinyRun other = new TinyRun(TinyRun.adamW(), 1)) {
            assertEquals(one.weights(), other.weights());
            new Initialization(TinyRun.SEED + 1, 0.1, 2).fill(other.parameters);
            assertNotEquals(one.weights(), other.weights());
        }
    }
}
