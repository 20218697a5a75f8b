package dev.baleen.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.Ops;
import dev.baleen.model.Batch;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.WeightSource;
import dev.baleen.task.Conversation;
import dev.baleen.task.Split;
import dev.baleen.task.Task;
import dev.baleen.task.Tasks;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.TokenizerTrainer;
import dev.baleen.training.ProblemDocuments;
import dev.baleen.training.Progress;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final int CONTEXT = 512;
    private final BytePairEncoding tokenizer =
            TokenizerTrainer.ofSize(300).train(List.of("What is the sum of the numbers?"));
    private final Kernels kernels = Backends.best(new ComputePool(1));
    private final Exam exam = new Exam(Tasks.all(), Split.TEST, 3, 2, 11);

    @Test
    void aModelThatKnowsEverySolutionGetsEverythingRight() throws InterruptedException {
        Scores scores =
                new Evaluator(new Oracle(solutions(exam)), tokenizer, kernels).evaluate(exam, Progress.silent());
        for (Scores.Score line : scores.lines()) {
            assertEquals(1, line.known().correctShare(), scores.table());
            assertEquals(1, line.known().wellFormedShare(), scores.table());
            assertEquals(line.reworded().problems(), line.reworded().correct(), scores.table());
            assertEquals(0, line.known().cutOff(), scores.table());
        }
        assertEquals(
                5 * Tasks.all().size(),
                scores.lines().stream()
                        .mapToInt(line ->
                                line.known().problems() + line.reworded().problems())
                        .sum());
    }

    @Test
    void aModelThatNeverEndsGetsNothingRight() throws InterruptedException {
        Exam small = new Exam(List.of(Tasks.byName("addition")), Split.TEST, 2, 0, 1);
        Scores scores = new Evaluator(new Oracle(List.of()), tokenizer, kernels).evaluate(small, Progress.silent());
        for (Scores.Score line : scores.lines()) {
            assertEquals(0, line.known().correct());
            assertEquals(line.known().problems(), line.known().cutOff());
            assertTrue(line.known().tokensMean() > 400, scores.table());
        }
    }

    private List<int[]> solutions(Exam asked) {
        ProblemDocuments documents = new ProblemDocuments(tokenizer, CONTEXT);
        List<int[]> solutions = new ArrayList<>();
        for (Exam.Question question : asked.questions()) {
            Task task = question.task();
            assertTrue(task.verify(question.problem(), question.problem().completion())
                    .correct());
            solutions.add(documents
                    .document(new Conversation(List.of(), question.problem()))
                    .tokens());
        }
        return solutions;
    }

    /// Goes on as the document does that begins with what it read; writes "a" for ever after anything else. It
    /// keeps what it read as numbers in the cache.
    private static final class Oracle implements Model {
        private static final int VOCABULARY = 300;
        private static final int OTHER = 11 + 'a';
        private final List<int[]> documents;

        Oracle(List<int[]> documents) {
            this.documents = documents;
        }

        @Override
        public String architecture() {
            return "oracle";
        }

        @Override
        public int vocabularySize() {
            return VOCABULARY;
        }

        @Override
        public int contextLength() {
            return CONTEXT;
        }

        @Override
        public CacheLayout cacheLayout() {
            return new CacheLayout(1, 1);
        }

        @Override
        public Tensor forward(Ops ops, Batch batch, KvCache cache) {
            int[] tokens = batch.tokens();
            if (!cache.isNone()) {
                Tensor rows = Tensor.allocate(Arena.ofAuto(), DType.F32, tokens.length, 1);
                for (int i = 0; i < tokens.length; i++) {
                    rows.set(i, tokens[i]);
                }
                ops.store(rows, batch.spans(), cache.layer(0));
            }
            Tensor logits = Tensor.allocate(Arena.ofAuto(), DType.F32, batch.outputs().length, VOCABULARY);
            for (int i = 0; i < batch.outputs().length; i++) {
                int row = batch.outputs()[i];
                for (var span : batch.spans()) {
                    if (row >= span.firstRow() && row < span.firstRow() + span.rows() && !cache.isNone()) {
                        int[] read = new int[span.position() + row - span.firstRow() + 1];
                        for (int p = 0; p < read.length; p++) {
                            long page = span.pages()[p / KvCache.PAGE_TOKENS];
                            long at = page * KvCache.PAGE_TOKENS + p % KvCache.PAGE_TOKENS;
                            // The engine tries out how much memory a step takes with a cache that is too small.
                            read[p] = at < cache.layer(0).elements()
                                    ? (int) cache.layer(0).get(at)
                                    : 0;
                        }
                        logits.set((long) i * VOCABULARY + next(read), 10);
                    }
                }
            }
            return logits;
        }

        private int next(int[] read) {
            for (int[] document : documents) {
                if (document.length > read.length && Arrays.equals(read, Arrays.copyOf(document, read.length))) {
                    return document[read.length];
                }
            }
            return OTHER;
        }

        @Override
        public SequencedMap<String, Tensor> parameters() {
            return new LinkedHashMap<>();
        }

        @Override
        public Model with(WeightSource weights) {
            return this;
        }
    }
}
