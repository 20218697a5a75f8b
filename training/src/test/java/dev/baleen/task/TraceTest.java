package dev.baleen.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The traces, word for word, and how evenly the problems cover what is hard.
class TraceTest {

    private static final long SEED = 11;

    @Test
    void additionWritesOneColumnALine() {
        assertEquals("424+083\n4+3=7\n2+8=10\n4+0+1=5\n507", Addition.trace(424, 83));
        assertEquals("9999+0001\n9+1=10\n9+0+1=10\n9+0+1=10\n9+0+1=10\n10000", Addition.trace(9999, 1));
        assertEquals("0+0\n0+0=0\n0", Addition.trace(0, 0));
    }

    @Test
    void subtractionSettlesTheSignFirst() {
        assertEquals("083-424\n0<4\n424-083\n4-3=1\n12-8=4\n4-1-0=3\n-341", Subtraction.trace(83, 424));
        assertEquals(
                "1000-0999\n1>0\n1000-0999\n10-9=1\n10-1-9=0\n10-1-9=0\n1-1-0=0\n0001", Subtraction.trace(1000, 999));
        assertEquals("44-44\n4=4,4=4\n44-44\n4-4=0\n4-4=0\n00", Subtraction.trace(44, 44));
    }

    @Test
    void comparisonStopsAtTheFirstDifference() {
        Comparison.Decimal a = new Comparison.Decimal(911, 2);
        Comparison.Decimal b = new Comparison.Decimal(990, 1);
        assertEquals("larger\nA=9.11\nB=9.9\n9=9;1<9\nB", Comparison.trace(a, b, "larger"));
        assertEquals("smaller\nA=9.11\nB=9.9\n9=9;1<9\nA", Comparison.trace(a, b, "smaller"));
        Comparison.Decimal long9 = new Comparison.Decimal(990, 2);
        assertEquals("larger\nA=9.9\nB=9.90\n9=9;9=9,0=0\nequal", Comparison.trace(b, long9, "larger"));
        Comparison.Decimal ten = new Comparison.Decimal(1000, 0);
        assertEquals("larger\nA=9.9\nB=10\n0<1\nB", Comparison.trace(b, ten, "larger"));
    }

    @Test
    void sortingPutsOneNumberInPerLine() {
        assertEquals("ascending\n70\n64:64,70\n01:01,64,70", Sorting.trace(List.of(70, 64, 1), true));
        assertEquals("descending\n05\n05:05,05\n64:64,05,05", Sorting.trace(List.of(5, 5, 64), false));
    }

    @Test
    void countdownLooksBackFromTheTarget() {
        CountdownSearch search = CountdownSearch.run(new int[] {3, 7, 8}, 29);
        assertEquals("3,7,8:29\n29-8=21,29+8=37\n3+7=10,7-3=4,3*7=21 yes\n21+8=29", search.trace());
        assertEquals(Optional.of("3*7+8"), search.solution());
        assertTrue(CountdownSearch.run(new int[] {1, 1, 1}, 90).solution().isEmpty());
    }

    @Test
    void countdownFindsNearlyEverySolvableProblem() {
        int solvable = 0;
        int found = 0;
        for (int a = 1; a <= 20; a++) {
            for (int b = a; b <= 20; b++) {
                for (int c = b; c <= 20; c++) {
                    for (int target = 1 + (a + b + c) % 8; target <= 100; target += 8) {
                        if (CountdownSearch.hasSolution(new int[] {a, b, c}, target)) {
                            solvable++;
                            found += CountdownSearch.run(new int[] {a, b, c}, target)
                                            .solution()
                                            .isPresent()
                                    ? 1
                                    : 0;
                        }
                    }
                }
            }
        }
        System.out.printf("countdown: the search finds %d of %d solvable problems%n", found, solvable);
        assertTrue(found >= 0.97 * solvable, found + " of " + solvable);
    }

    @Test
    void carriesAndBorrowsAreCountedByColumn() {
        assertEquals(4, Digits.carries(9999, 1));
        assertEquals(0, Digits.carries(4321, 1234));
        assertEquals(1, Digits.carries(5, 5));
        assertEquals(2, Digits.carries(505, 505));
        assertEquals(3, Digits.borrows(1000, 1));
        assertEquals(0, Digits.borrows(987, 876));
        assertEquals(1, Digits.borrows(320, 14));
    }

    @Test
    void digitAndCarryCountsAreBalanced() {
        int[][] carries = new int[5][5];
        int[][] borrows = new int[5][5];
        ProblemSource sums = new ProblemSource(new Addition(), Split.TRAIN, SEED);
        ProblemSource differences = new ProblemSource(new Subtraction(), Split.TRAIN, SEED);
        int negative = 0;
        int count = 20_000;
        for (long i = 0; i < count; i++) {
            String[] sum = sums.problem(i).key().split("\\+");
            int a = Integer.parseInt(sum[0]);
            int b = Integer.parseInt(sum[1]);
            carries[new Operands(a, b).width()][Digits.carries(a, b)]++;
            String[] difference = differences.problem(i).key().split("-");
            int x = Integer.parseInt(difference[0]);
            int y = Integer.parseInt(difference[1]);
            borrows[new Operands(x, y).width()][Digits.borrows(Math.max(x, y), Math.min(x, y))]++;
            negative += x < y ? 1 : 0;
        }
        for (int width = 2; width <= 4; width++) {
            int all = Arrays.stream(carries[width]).sum();
            assertTrue(all > count / 6, "too few problems of " + width + " digits: " + all + ", seed " + SEED);
            for (int carried = 0; carried <= width; carried++) {
                assertTrue(carries[width][carried] > all / 12, width + " digits, " + carried + " carries");
            }
            for (int borrowed = 0; borrowed < width; borrowed++) {
                assertTrue(borrows[width][borrowed] > all / 12, width + " digits, " + borrowed + " borrows");
            }
        }
        assertEquals(0.33, (double) negative / count, 0.03);
    }

    @Test
    void expressionsAreReadExactlyOrNotAtAll() {
        assertEquals(new Fraction(7, 2), Expression.parse("7/2").orElseThrow().value());
        assertEquals(List.of(3, 7, 8), Expression.parse("3*(7+8)").orElseThrow().numbers());
        assertEquals(
                Fraction.UNDEFINED, Expression.parse("3/(7-7)").orElseThrow().value());
        assertEquals(Fraction.of(-1), Expression.parse("1-2").orElseThrow().value());
        for (String bad :
                List.of("", "3+", "+3", "3 4", "3--4", "(3", "3)", "03", "12345", "1+1+1+1+1", "3.5", "a", "3e2")) {
            assertTrue(Expression.parse(bad).isEmpty(), bad);
        }
    }

    @Test
    void grammarsCountTheirFormsAndRefuseBrokenText() {
        assertEquals(6, Grammar.of("[a|b|c[d|]x][y|] {a}").forms() - 2);
        assertEquals("what 5", Grammar.of("what {b}").draw(Dice.of(1), "4", "5"));
        for (String bad : List.of("[a", "a]", "a|b", "{", "{ab}", "{A}")) {
            assertThrows(IllegalArgumentException.class, () -> Grammar.of(bad), bad);
        }
    }
}
