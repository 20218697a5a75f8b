package dev.baleen.evaluation;

import dev.baleen.evaluation.Exam.Question;
import dev.baleen.evaluation.Scores.Score;
import dev.baleen.evaluation.Scores.Tally;
import dev.baleen.generation.Completion;
import dev.baleen.generation.Engine;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.FinishReason;
import dev.baleen.generation.Generation;
import dev.baleen.generation.GenerationRequest;
import dev.baleen.generation.Sampling;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.Model;
import dev.baleen.task.Verdict;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.training.ProblemDocuments;
import dev.baleen.training.Progress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/// Asks a model every question of an exam and has the tasks judge the answers.
///
/// Greedy: the likeliest token always, so the same model gets the same scores. Answers are computed many at a time by
/// the engine that serves them later. An answer that reaches the limit of the context counts as wrong and of no form.
///
/// @param model reads its weights from memory that outlives the evaluation
/// @param kernels for one pass over many answers at once
public record Evaluator(Model model, Tokenizer tokenizer, Kernels kernels) {
    private static final int SEQUENCES_MAX = 64;
    private static final int BATCH_TOKENS_MAX = 1024;
    private static final int WAITING_MAX = 64;

    private static final Tally CUT_OFF = new Tally(1, 0, 0, 1, 0, 0);

    /// A question under way; one whose prompt fills the context is not asked.
    private record Asked(Question question, Optional<Generation> generation) {}

    /// The scores.
    ///
    /// @param progress is told how many questions are answered
    /// @throws InterruptedException if the thread is interrupted, which ends the exam
    public Scores evaluate(Exam exam, Progress progress) throws InterruptedException {
        List<Question> questions = exam.questions();
        progress.begin("evaluate", questions.size());
        Map<String, Tally> known = new LinkedHashMap<>();
        Map<String, Tally> reworded = new LinkedHashMap<>();
        int context = model.contextLength();
        EngineOptions options = EngineOptions.defaults()
                .withContextTokensMax(context)
                .withSequencesMax(SEQUENCES_MAX)
                .withBatchTokensMax(BATCH_TOKENS_MAX)
                .withQueueMax(SEQUENCES_MAX + WAITING_MAX);
        long start = System.nanoTime();
        try (Engine engine = new Engine(model, tokenizer, kernels, options)) {
            ProblemDocuments documents = new ProblemDocuments(tokenizer, context);
            Set<Integer> ends = Set.of(tokenizer.endId().orElseThrow());
            Queue<Asked> asked = new ArrayDeque<>();
            int next = 0;
            for (int done = 0; done < questions.size(); done++) {
                for (; next < questions.size() && asked.size() < SEQUENCES_MAX + WAITING_MAX; next++) {
                    Question question = questions.get(next);
                    int[] prompt = documents.prompt(question.problem());
                    asked.add(new Asked(question, ask(engine, prompt, context - prompt.length, ends)));
                }
                Asked oldest = asked.remove();
                Question question = oldest.question();
                Tally tally = oldest.generation().isPresent()
                        ? judge(question, oldest.generation().get().await())
                        : CUT_OFF;
                known.putIfAbsent(question.group(), Tally.NONE);
                (question.problem().unseenTemplate() ? reworded : known).merge(question.group(), tally, Tally::plus);
                progress.advance(done + 1);
            }
        }
        List<Score> lines = new ArrayList<>();
        long tokens = 0;
        for (String group : known.keySet()) {
            Score line = new Score(group, known.get(group), reworded.getOrDefault(group, Tally.NONE));
            tokens += line.known().tokens() + line.reworded().tokens();
            lines.add(line);
        }
        return new Scores(lines, exam.split(), exam.seed(), tokens * 1e9 / (System.nanoTime() - start));
    }

    private static Optional<Generation> ask(Engine engine, int[] prompt, int tokensMax, Set<Integer> ends) {
        return tokensMax < 1
                ? Optional.empty()
                : Optional.of(engine.submit(GenerationRequest.of(prompt, tokensMax, Sampling.greedy())
                        .withEndTokens(ends)));
    }

    private static Tally judge(Question question, Completion completion) {
        int tokens = completion.usage().completionTokens();
        if (completion.reason() != FinishReason.STOP) {
            return new Tally(1, 0, 0, 1, 0, tokens);
        }
        Verdict verdict = question.task().verify(question.problem(), completion.text());
        return new Tally(1, verdict.correct() ? 1 : 0, verdict.format() ? 1 : 0, 0, verdict.faithful(), tokens);
    }
}
