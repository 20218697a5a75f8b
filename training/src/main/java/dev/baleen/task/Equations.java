package dev.baleen.task;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Checks the sums and comparisons that a trace states, such as `4+0+1=5`, `3*7=21` or `1<9`.
final class Equations {

    private static final Pattern EQUATION =
            Pattern.compile("(?<![0-9+*/.<>=-])([0-9]{1,4}(?:[-+*/][0-9]{1,4})*)([=<>])([0-9]{1,6})(?![0-9+*/.<>=-])");

    private Equations() {}

    /// The share that is true; 0 when the trace states none.
    static double trueShare(String trace) {
        Matcher matcher = EQUATION.matcher(trace);
        int stated = 0;
        int held = 0;
        while (matcher.find()) {
            stated++;
            if (holds(matcher.group(1), matcher.group(2).charAt(0), Long.parseLong(matcher.group(3)))) {
                held++;
            }
        }
        return stated == 0 ? 0 : (double) held / stated;
    }

    private static boolean holds(String left, char sign, long right) {
        Fraction value = Expression.parse(left).map(Expression::value).orElse(Fraction.UNDEFINED);
        return value.isWhole()
                && switch (sign) {
                    case '=' -> value.numerator() == right;
                    case '<' -> value.numerator() < right;
                    default -> value.numerator() > right;
                };
    }
}
