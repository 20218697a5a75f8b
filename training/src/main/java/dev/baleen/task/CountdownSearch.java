package dev.baleen.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The search for a countdown of three numbers, as it is written into the trace.
///
/// For each number z, last one first: write what the other two must give for z to close the sum, in the order t-z or
/// z-t, t+z, t/z, t*z (to 40), z/t; then what they give, in the order +, -, *, /, until one is wanted. Steps are
/// positive whole numbers; products beyond 40 are left out, for only a product could reach them, and then dividing
/// first does as well but for a handful of targets.
///
/// @param trace the lines
/// @param solution the way found, such as `3*7+8`
record CountdownSearch(String trace, Optional<String> solution) {

    private static final int WANTED_PRODUCT_MAX = 40;

    /// What a pair should give, the equation that says so, and how the rest of the sum then goes.
    private record Wanted(int value, String equation, Closing closing) {}

    private enum Closing {
        PLUS,
        FROM,
        MINUS,
        TIMES,
        OVER,
        UNDER
    }

    /// What a pair gives.
    private record Given(int value, String expression, boolean isSum) {}

    static CountdownSearch run(int[] numbers, int target) {
        StringBuilder trace = new StringBuilder();
        trace.append(numbers[0]).append(',').append(numbers[1]).append(',').append(numbers[2]);
        trace.append(':').append(target);
        for (int last = 2; last >= 0; last--) {
            int z = numbers[last];
            int x = numbers[last == 0 ? 1 : 0];
            int y = numbers[last == 2 ? 1 : 2];
            List<Wanted> wanted = wanted(target, z);
            trace.append('\n')
                    .append(String.join(
                            ",", wanted.stream().map(Wanted::equation).toList()));
            String separator = "\n";
            for (Given given : given(x, y)) {
                trace.append(separator).append(given.expression).append('=').append(given.value);
                separator = ",";
                for (Wanted want : wanted) {
                    if (want.value == given.value) {
                        trace.append(" yes\n")
                                .append(check(given.value, z, want.closing))
                                .append('=')
                                .append(target);
                        return new CountdownSearch(trace.toString(), Optional.of(whole(given, z, want.closing)));
                    }
                }
            }
        }
        return new CountdownSearch(trace.append("\nno").toString(), Optional.empty());
    }

    private static List<Wanted> wanted(int t, int z) {
        List<Wanted> wanted = new ArrayList<>(5);
        if (t > z) {
            wanted.add(new Wanted(t - z, t + "-" + z + "=" + (t - z), Closing.PLUS));
        } else if (z > t) {
            wanted.add(new Wanted(z - t, z + "-" + t + "=" + (z - t), Closing.FROM));
        }
        wanted.add(new Wanted(t + z, t + "+" + z + "=" + (t + z), Closing.MINUS));
        if (t % z == 0) {
            wanted.add(new Wanted(t / z, t + "/" + z + "=" + t / z, Closing.TIMES));
        }
        if (z > 1 && t * z <= WANTED_PRODUCT_MAX) {
            wanted.add(new Wanted(t * z, t + "*" + z + "=" + t * z, Closing.OVER));
        }
        if (z > t && z % t == 0) {
            wanted.add(new Wanted(z / t, z + "/" + t + "=" + z / t, Closing.UNDER));
        }
        return wanted;
    }

    private static List<Given> given(int x, int y) {
        List<Given> given = new ArrayList<>(4);
        int high = Math.max(x, y);
        int low = Math.min(x, y);
        given.add(new Given(x + y, x + "+" + y, true));
        if (high > low) {
            given.add(new Given(high - low, high + "-" + low, true));
        }
        given.add(new Given(x * y, x + "*" + y, false));
        if (low > 1 && high % low == 0) {
            given.add(new Given(high / low, high + "/" + low, false));
        }
        return given;
    }

    private static String check(int value, int z, Closing closing) {
        return closed("" + value, z, closing);
    }

    private static String whole(Given pair, int z, Closing closing) {
        boolean brackets = switch (closing) {
            case PLUS, MINUS -> false;
            case TIMES, OVER -> pair.isSum;
            case FROM -> pair.isSum;
            case UNDER -> true;
        };
        return closed(brackets ? "(" + pair.expression + ")" : pair.expression, z, closing);
    }

    private static String closed(String inner, int z, Closing closing) {
        return switch (closing) {
            case PLUS -> inner + "+" + z;
            case FROM -> z + "-" + inner;
            case MINUS -> inner + "-" + z;
            case TIMES -> inner + "*" + z;
            case OVER -> inner + "/" + z;
            case UNDER -> z + "/" + inner;
        };
    }

    /// Whether any way exists at all, over exact fractions: wider than what the search above finds.
    static boolean hasSolution(int[] numbers, int target) {
        for (int last = 0; last < 3; last++) {
            Fraction z = Fraction.of(numbers[last]);
            for (Fraction pair : results(Fraction.of(numbers[(last + 1) % 3]), Fraction.of(numbers[(last + 2) % 3]))) {
                if (results(pair, z).contains(Fraction.of(target))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Fraction> results(Fraction x, Fraction y) {
        return List.of(x.plus(y), x.minus(y), y.minus(x), x.times(y), x.over(y), y.over(x));
    }
}
