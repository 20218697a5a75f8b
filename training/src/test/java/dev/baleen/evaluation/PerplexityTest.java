package dev.baleen.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.Batch;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.WeightSource;
import dev.baleen.task.Mixture;
import dev.baleen.task.Split;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import dev.baleen.tokenizer.TokenizerTrainer;
import dev.baleen.training.LossMask;
import dev.baleen.training.MicroBatch;
import dev.baleen.training.Packer;
import dev.baleen.training.ProblemDocuments;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class PerplexityTest {
    private static final int VOCABULARY = 300;
    private final Kernels kernels = new ScalarKernels();

    @Test
    void aModelWithoutAnyIdeaIsAsSurprisedAsADie() {
        try (Workspace workspace = new Workspace(16 << 20)) {
            List<MicroBatch> documents = new ProblemDocuments(
                            TokenizerTrainer.ofSize(VOCABULARY).train(List.of("What is the sum?")), 512)
                    .steps(
                            new Mixture(Mixture.sprout(), Split.VALIDATION, 1),
                            3,
                            new Packer(1, 2048, LossMask.ASSISTANT))
                    .step(0);
            Perplexity perplexity = Perplexity.of(constant(new float[VOCABULARY]), kernels, workspace, documents);
            assertEquals(VOCABULARY, perplexity.value(), 1e-6);
            assertEquals(documents.getFirst().counts(0), perplexity.tokens());
        }
    }

    @Test
    void aModelThatExpectsTheRightTokenIsHardlySurprised() {
        float[] logits = new float[4];
        logits[2] = 10;
        MicroBatch microBatch = new MicroBatch(
                Batch.documents(List.of(new int[] {1, 2, 2})),
                new int[][] {{2, 2, 0}, {2, 0, 0}},
                new float[][] {{1, 1, 0}, {1, 0, 0}});
        try (Workspace workspace = new Workspace(1 << 20)) {
            Perplexity perplexity = Perplexity.of(constant(logits), kernels, workspace, List.of(microBatch));
            assertEquals(2, perplexity.tokens());
            assertEquals(Math.log(1 + 3 * Math.exp(-10)), perplexity.meanNats(), 1e-6);
        }
    }

    /// Gives the same logits for every row.
    private static Model constant(float[] logits) {
        return new Model() {
            @Override
            public String architecture() {
                return "constant";
            }

            @Override
            public int vocabularySize() {
                return logits.length;
            }

            @Override
            public int contextLength() {
                return 512;
            }

            @Override
            public CacheLayout cacheLayout() {
                return new CacheLayout(1, 1);
            }

            @Override
            public Tensor forward(Ops ops, Batch batch, KvCache cache) {
                return ops.embedding(Tensor.ofFloats(logits, 1, logits.length), new int[batch.tokens().length]);
            }

            @Override
            public SequencedMap<String, Tensor> parameters() {
                return new LinkedHashMap<>();
            }

            @Override
            public Model with(WeightSource weights) {
                return this;
            }
        };
    }
}
