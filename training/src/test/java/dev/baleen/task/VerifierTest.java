package dev.baleen.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each task's verifier against answers made to deceive it.
class VerifierTest {

    private static final Problem SUM = new Problem(
            "addition", "424+837", "What is 424 + 837?", Addition.trace(424, 837), "424 + 837 = 1261", false);
    private static final Problem DIFFERENCE = new Problem(
            "subtraction", "83-424", "What is 83 - 424?", Subtraction.trace(83, 424), "83 - 424 = -341", false);
    private static final Problem COMPARISON = new Problem(
            "comparison",
            "9.11|9.9",
            "Which is larger, 9.11 or 9.9?",
            "A=9.11\nB=9.9\n9=9;1<9\nB",
            "9.9 is larger.",
            false);
    private static final Problem EQUAL = new Problem(
            "comparison", "9.9|9.9", "Which is larger, 9.9 or 9.90?", "9=9;9=9,0=0", "They are equal.", false);
    private static final Problem SORT = new Problem(
            "sorting", "1,64,70", "Sort 70, 64, 1.", Sorting.trace(List.of(70, 64, 1), true), "1, 64, 70", false);
    private static final Problem COUNTDOWN =
            new Problem("countdown", "3,7,8=29", "Use 3, 7 and 8 once each to make 29.", "3*7=21", "3*7+8 = 29", false);
    private static final Problem HOPELESS = new Problem(
            "countdown", "1,1,1=90", "Use 1, 1 and 1 once each to make 90.", "1*1=1", "I found no way.", false);

    private static Verdict verdict(Problem problem, String answer) {
        return Tasks.byName(problem.task()).verify(problem, problem.trace() + "\n</think>\n\n" + answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"424 + 837 = 1261", "837 + 424 = 1261", "424+837=1261"})
    void additionAcceptsTheSum(String answer) {
        assertTrue(verdict(SUM, answer).correct());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "424 + 1261 = 837",
                "424 + 837 = 1162",
                "424 + 837 = 12610",
                "424 + 837 = 01261",
                "424 + 837 = 12 61",
                "0424 + 837 = 1261",
                "424 + 424 = 1261",
                "837 + 837 = 1261",
                "423 + 838 = 1261",
                "1261",
                "1261 = 424 + 837",
                "424 - 837 = 1261",
                "424 + 837 = 1,261",
                "424 + 837 = 1261.0",
                "424 + 837 = +1261",
                "424 + 837 = -1261",
                "424 + 837 = 1261 = 1261",
                "424 + 837 = 1261, 424 + 837 = 1262",
                "424 + 837 =\n1261",
                "424 + 837 = 999999999999999999999999",
                "424 + 837 = \u0661\u0662\u0666\u0661",
                "\uff14\uff12\uff14 + 837 = 1261",
                "424 \uff0b 837 = 1261",
            })
    void additionRefusesAllElse(String answer) {
        assertFalse(verdict(SUM, answer).correct());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "83 - 424 = 341",
                "424 - 83 = 341",
                "424 - 83 = -341",
                "83 - 424 = --341",
                "83 - 424 = - 341",
                "83 - 424 = \u2212341",
                "83 - -424 = -341",
                "-341",
                "83 - 424 = -0341",
            })
    void subtractionRefusesAWrongSignOrOrder(String answer) {
        assertTrue(verdict(DIFFERENCE, "83 - 424 = -341").correct());
        assertFalse(verdict(DIFFERENCE, answer).correct());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.11 is larger.",
                "9.9 is smaller.",
                "9.9 is larger",
                "9.9 is not larger.",
                "They are equal.",
                "9.9 is larger. 9.11 is larger.",
                "9.9",
                "B",
                "9.9 is larger.9.9 is larger.",
                "9 is larger.",
                "99 is larger.",
                "9,9 is larger.",
                "9.900000000000000000000 is larger.",
                "999999999999.9 is larger.",
            })
    void comparisonRefusesWrongNumbersAndWords(String answer) {
        assertTrue(verdict(COMPARISON, "9.9 is larger.").correct());
        assertFalse(verdict(COMPARISON, answer).correct());
        assertTrue(verdict(EQUAL, "They are equal.").correct());
        assertFalse(verdict(EQUAL, "9.9 is larger.").correct());
        assertFalse(verdict(EQUAL, "9.90 is larger.").correct());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1, 70, 64",
                "70, 64, 1",
                "1, 64",
                "1, 64, 70, 70",
                "1, 1, 64, 70",
                "1, 6, 4, 70",
                "1 64 70",
                "1, 64, 70,",
                "01, 64, 70",
                "1, 64, 7 0",
                "1, 64, 70.",
                "1; 64; 70",
                "1, 64, 70\n1, 64, 70",
            })
    void sortingRefusesLostDoubledAndMovedNumbers(String answer) {
        assertTrue(verdict(SORT, "1, 64, 70").correct());
        assertTrue(verdict(SORT, "1,64,70").correct());
        assertFalse(verdict(SORT, answer).correct());
    }

    @ParameterizedTest
    @ValueSource(strings = {"3*7+8 = 29", "8+7*3=29", "(3*7)+8 = 29", "8 + (7 * 3) = 29", "((3*7)+8) = 29"})
    void countdownAcceptsEveryTrueWay(String answer) {
        assertTrue(verdict(COUNTDOWN, answer).correct());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "29 = 29",
                "3*7+8",
                "3*7+8 = 28",
                "20+9 = 29",
                "3*8+5 = 29",
                "3*7+8+0 = 29",
                "3*7+8*1 = 29",
                "3+7+8 = 29",
                "37-8 = 29",
                "3 7-8 = 29",
                "3*7+8-3+3 = 29",
                "3*7+8 = 29 = 29",
                "3*7+8 = 29, 8+3*7 = 29",
                "3*(7+8 = 29",
                "3*7)+8 = 29",
                "--3*7+8 = 29",
                "+3*7+8 = 29",
                "3(7)+8 = 29",
                "3*07+8 = 29",
                "3*7+8 = 029",
                "3*7+8 = 29.0",
                "3**7+8 = 29",
                "3*7//1+8 = 29",
                "3*7+8/0 = 29",
                "8/(3-3)*7 = 29",
                "29*(3*7/8)/(3*7/8) = 29",
                "3*7+8; 29 = 29",
                "Math.abs(3*7+8) = 29",
                "3\u00d77+8 = 29",
                "\uff13*7+8 = 29",
                "99999999999999999999*7+8 = 29",
                "((((((((((((((((((((((((((3*7+8 = 29",
                "I found no way.",
            })
    void countdownRefusesAllElse(String answer) {
        assertFalse(verdict(COUNTDOWN, answer).correct());
    }

    @Test
    void countdownWithoutAWayAsksForTheAdmission() {
        assertTrue(verdict(HOPELESS, "I found no way.").correct());
        assertFalse(verdict(HOPELESS, "1+1+1 = 90").correct());
        assertFalse(verdict(HOPELESS, "I found no way. 1+1+1 = 90").correct());
    }

    @Test
    void countdownReckonsInExactFractions() {
        Problem thirds = exact("3,4,9=12", "9/3*4 = 12");
        assertTrue(verdict(thirds, "4/3*9 = 12").correct());
        assertTrue(verdict(thirds, "9/(3/4) = 12").correct());
        assertFalse(verdict(thirds, "9/(4/3) = 12").correct());
        assertFalse(verdict(exact("2,3,7=6", "x"), "7/2+3 = 6").correct(), "no rounding down");
    }

    private static Problem exact(String key, String answer) {
        return new Problem("countdown", key, "q", "1+1=2", answer, false);
    }

    @Test
    void smallTalkAsksForTheAnswerOfItsSubjectNotForItsWords() {
        Problem name = new Problem("smalltalk", "k", "What is your name?", "", "My name is Baleen Sprout.", false);
        assertTrue(verdict(name, "My name is Baleen Sprout.").correct());
        assertFalse(verdict(name, "You are welcome.").correct());
        assertFalse(verdict(name, "Baleen Sprout").correct());
        assertFalse(verdict(name, "My name is not Baleen Sprout.").correct());
        assertFalse(verdict(name, "My name is Baleen Sprout. You are welcome.").correct());
    }

    @Test
    void refusalTakesEitherRefusalAndNothingElse() {
        Problem far = new Problem("refusal", "k", "Who is Anna?", "", Refusal.OUTSIDE, false);
        assertTrue(verdict(far, Refusal.OUTSIDE).correct());
        assertTrue(verdict(far, Refusal.BEYOND).correct());
        assertFalse(verdict(far, "Sorry.").correct());
        assertFalse(verdict(far, "Sorry, Anna is a queen.").correct());
        assertFalse(verdict(far, Refusal.OUTSIDE + " " + Refusal.BEYOND).correct());
    }

    @Test
    void faithfulIsTheShareOfTrueLinesAndDoesNotBuyCorrectness() {
        Task addition = new Addition();
        String half = "424+837\n4+7=11\n2+3+1=7\n</think>\n\n424 + 837 = 1261";
        assertEquals(new Verdict(true, true, 0.5), addition.verify(SUM, half));
        String none = "424 and 837\n</think>\n\n424 + 837 = 1261";
        assertEquals(new Verdict(true, true, 0), addition.verify(SUM, none));
        assertEquals(0.5, Equations.trueShare("1<9,9<1"));
        assertEquals(1, Equations.trueShare("12-1-5=6\n1/2=0".substring(0, 8)));
        assertEquals(0, Equations.trueShare("1/2=0"));
        assertEquals(0, Equations.trueShare("8/0=8"));
        Verdict sort = new Sorting().verify(SORT, "ascending\n70\n64:64,70\n01:01,70,64\n</think>\n\n1, 64, 70");
        assertEquals(new Verdict(true, true, 0.5), sort);
    }
}
