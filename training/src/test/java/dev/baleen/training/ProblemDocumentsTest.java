package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.task.Conversation;
import dev.baleen.task.Mixture;
import dev.baleen.task.Problem;
import dev.baleen.task.Split;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.TokenizerTrainer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemDocumentsTest {
    private final BytePairEncoding tokenizer =
            TokenizerTrainer.ofSize(300).train(List.of("What is the larger number? What is the sum of the numbers?"));
    private final ProblemDocuments documents = new ProblemDocuments(tokenizer, 512);
    private final Mixture mixture = new Mixture(Mixture.sprout(), Split.TRAIN, 5);

    @Test
    void theTextIsR1sLayout() {
        Problem problem = new Problem("addition", "1+2", "What is 1 + 2?", "1+2=3", "1 + 2 = 3", false);
        Document document = documents.document(new Conversation(List.of(), problem));
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>What is 1 + 2?<｜Assistant｜><think>\n1+2=3\n</think>\n\n1 + 2 = 3<｜end▁of▁sentence｜>",
                tokenizer.decode(document.tokens()));
        assertEquals(
                "<think>\n1+2=3\n</think>\n\n1 + 2 = 3<｜end▁of▁sentence｜>",
                tokenizer.decode(Arrays.copyOfRange(document.tokens(), document.answerFrom(), document.length())));
    }

    @Test
    void smallTalkHasAnEmptyThought() {
        Problem problem = new Problem("smalltalk", "hi", "Hi!", "", "Hello!", false);
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>Hi!<｜Assistant｜><think>\n\n</think>\n\nHello!<｜end▁of▁sentence｜>",
                tokenizer.decode(
                        documents.document(new Conversation(List.of(), problem)).tokens()));
    }

    @Test
    void earlierTurnsKeepTheirAnswersAndLoseTheirThoughts() {
        Problem first = new Problem("addition", "1+2", "What is 1 + 2?", "1+2=3", "1 + 2 = 3", false);
        Problem second = new Problem("smalltalk", "hi", "Hi!", "", "Hello!", false);
        Document document = documents.document(new Conversation(List.of(first), second));
        String text = tokenizer.decode(document.tokens());
        assertTrue(
                text.startsWith(
                        "<｜begin▁of▁sentence｜><｜User｜>What is 1 + 2?<｜Assistant｜>1 + 2 = 3<｜end▁of▁sentence｜><｜User｜>Hi!"),
                text);
        assertEquals(
                "<think>\n\n</think>\n\nHello!<｜end▁of▁sentence｜>",
                tokenizer.decode(Arrays.copyOfRange(document.tokens(), document.answerFrom(), document.length())));
    }

    @Test
    void aDocumentBeginsWithThePromptThatAsksForIt() {
        for (int i = 0; i < 200; i++) {
            Problem problem = mixture.problem(i);
            int[] prompt = documents.prompt(problem);
            Document document = documents.document(new Conversation(List.of(), problem));
            assertArrayEquals(prompt, Arrays.copyOf(document.tokens(), prompt.length), problem.question());
        }
    }

    @Test
    void stepsAreAFunctionOfTheirNumber() {
        StepSource steps = documents.steps(mixture, 8, new Packer(2, 2048, LossMask.ALL));
        int[] once = steps.step(3).getFirst().batch().tokens();
        steps.step(0);
        assertArrayEquals(once, steps.step(3).getFirst().batch().tokens());
    }

    @Test
    void refusesADocumentThatDoesNotFitTheContext() {
        ProblemDocuments tight = new ProblemDocuments(tokenizer, 20);
        Problem problem = new Problem("addition", "1+2", "What is 1 + 2?", "1+2=3", "1 + 2 = 3", false);
        String message = assertThrows(
                        IllegalArgumentException.class, () -> tight.document(new Conversation(List.of(), problem)))
                .getMessage();
        assertTrue(message.contains("context of 20") && message.contains("1+2"), message);
    }
}
