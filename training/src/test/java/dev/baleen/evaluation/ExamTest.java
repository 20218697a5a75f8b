package dev.baleen.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.evaluation.Exam.Question;
import dev.baleen.task.Split;
import dev.baleen.task.Tasks;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExamTest {
    private final Exam exam = new Exam(Tasks.all(), Split.TEST, 40, 10, 3);

    @Test
    void everyQuestionIsHeldOut() {
        List<Question> questions = exam.questions();
        assertEquals(50 * Tasks.all().size(), questions.size());
        for (Question question : questions) {
            assertEquals(
                    Split.TEST, Split.of(question.problem()), question.problem().toString());
        }
        assertEquals(
                10 * Tasks.all().size(),
                questions.stream()
                        .filter(each -> each.problem().unseenTemplate())
                        .count());
    }

    @Test
    void sumsAreToldApartByTheirDigits() {
        for (Question question : exam.questions()) {
            if (question.group().endsWith("to 3 digits")) {
                assertTrue(
                        question.problem().key().matches("\\d{1,3}[+-]\\d{1,3}"),
                        question.problem().key());
            }
            if (question.group().endsWith("4 digits")) {
                assertTrue(
                        question.problem().key().matches(".*\\d{4}.*"),
                        question.problem().key());
            }
        }
        assertTrue(exam.questions().stream()
                .map(Question::group)
                .collect(Collectors.toSet())
                .containsAll(List.of("addition, to 3 digits", "addition, 4 digits", "subtraction, 4 digits")));
    }

    @Test
    void theSameSeedAsksTheSame() {
        assertEquals(exam.questions(), new Exam(Tasks.all(), Split.TEST, 40, 10, 3).questions());
    }

    @Test
    void refusesAnEmptyExam() {
        assertThrows(IllegalArgumentException.class, () -> new Exam(List.of(), Split.TEST, 1, 0, 0));
    }
}
