package dev.baleen.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/// The time as C's `strftime` writes it, in English.
final class TimeFormat {
    private static final int DIRECTIVE_STEPS = 50;

    private TimeFormat() {}

    static String apply(String format, ZonedDateTime time, Budget budget) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            // A hyphen takes away the leading zero, or blank.
            boolean bare = format.charAt(i + 1) == '-' && i + 2 < format.length();
            i += bare ? 2 : 1;
            String part = part(format.charAt(i), time);
            out.append(bare ? part.replaceFirst("^[0 ](?=.)", "") : part);
            budget.textLength(out.length());
            budget.steps(DIRECTIVE_STEPS);
        }
        budget.text(out.length());
        return out.toString();
    }

    private static String part(char directive, ZonedDateTime time) {
        return switch (directive) {
            case 'a' -> pattern("EEE", time);
            case 'A' -> pattern("EEEE", time);
            case 'b', 'h' -> pattern("MMM", time);
            case 'B' -> pattern("MMMM", time);
            case 'c' -> pattern("EEE MMM ppd HH:mm:ss yyyy", time);
            case 'C' -> digits(2, time.getYear() / 100);
            case 'd' -> pattern("dd", time);
            case 'D', 'x' -> pattern("MM/dd/yy", time);
            case 'e' -> pattern("ppd", time);
            case 'f' -> digits(6, time.get(ChronoField.MICRO_OF_SECOND));
            case 'F' -> pattern("yyyy-MM-dd", time);
            case 'g' -> digits(2, time.get(IsoFields.WEEK_BASED_YEAR) % 100);
            case 'G' -> String.valueOf(time.get(IsoFields.WEEK_BASED_YEAR));
            case 'H' -> pattern("HH", time);
            case 'I' -> pattern("hh", time);
            case 'j' -> pattern("DDD", time);
            case 'k' -> pattern("ppH", time);
            case 'l' -> pattern("pph", time);
            case 'm' -> pattern("MM", time);
            case 'M' -> pattern("mm", time);
            case 'n' -> "\n";
            case 'p' -> pattern("a", time);
            case 'P' -> pattern("a", time).toLowerCase(Locale.ROOT);
            case 'r' -> pattern("hh:mm:ss a", time);
            case 'R' -> pattern("HH:mm", time);
            case 's' -> String.valueOf(time.toEpochSecond());
            case 'S' -> pattern("ss", time);
            case 't' -> "\t";
            case 'T', 'X' -> pattern("HH:mm:ss", time);
            case 'u' -> String.valueOf(time.getDayOfWeek().getValue());
            case 'U' -> week(time, 7);
            case 'V' -> digits(2, time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR));
            case 'w' -> String.valueOf(time.getDayOfWeek().getValue() % 7);
            case 'W' -> week(time, 1);
            case 'y' -> pattern("yy", time);
            case 'Y' -> pattern("yyyy", time);
            // Python's time without a zone has neither.
            case 'z', 'Z' -> "";
            case '%' -> "%";
            default -> "%" + directive;
        };
    }

    private static String pattern(String pattern, ZonedDateTime time) {
        return DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }

    /// Weeks since the first that begins with this day (Monday is 1).
    private static String week(ZonedDateTime time, int firstDay) {
        int sinceFirst = (time.getDayOfWeek().getValue() - firstDay + 7) % 7;
        return digits(2, (time.getDayOfYear() + 6 - sinceFirst) / 7);
    }

    private static String digits(int count, int value) {
        return String.format(Locale.ROOT, "%0" + count + "d", value);
    }
}
