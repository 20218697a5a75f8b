package dev.baleen.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.task.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How a model did in an exam: a line for each group of questions.
///
/// @param split what the questions were drawn from
/// @param tokensPerSecond generated in a second, all questions together
public record Scores(List<Score> lines, Split split, long seed, double tokensPerSecond) {
    private static final double Z_95 = 1.959964;

    /// One line.
    ///
    /// @param known in known wordings
    /// @param reworded in unseen wordings
    public record Score(String group, Tally known, Tally reworded) {}

    /// What was counted.
    ///
    /// @param problems how many were asked
    /// @param correct right answers
    /// @param wellFormed answers of the right form
    /// @param cutOff answers that reached the limit of tokens
    /// @param faithful the sum over all answers of the share of true lines in the thoughts
    /// @param tokens generated tokens of all answers
    public record Tally(int problems, int correct, int wellFormed, int cutOff, double faithful, long tokens) {
        static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    problems + other.problems,
                    correct + other.correct,
                    wellFormed + other.wellFormed,
                    cutOff + other.cutOff,
                    faithful + other.faithful,
                    tokens + other.tokens);
        }

        public double correctShare() {
            return share(correct);
        }

        public double wellFormedShare() {
            return share(wellFormed);
        }

        public double faithfulShare() {
            return share(faithful);
        }

        public double tokensMean() {
            return share(tokens);
        }

        /// Half the width of the 95 % confidence interval of [#correctShare()] (Wilson 1927), which does
        /// not vanish at 100 %.
        public double uncertainty() {
            if (problems == 0) {
                return 0;
            }
            double p = correctShare();
            double n = problems;
            double square = Z_95 * Z_95 / n;
            return Z_95 * Math.sqrt(p * (1 - p) / n + square / (4 * n)) / (1 + square);
        }

        private double share(double count) {
            return problems == 0 ? 0 : count / problems;
        }
    }

    public Scores {
        lines = List.copyOf(lines);
    }

    /// The line of a group.
    public Score line(String group) {
        return lines.stream()
                .filter(line -> line.group().equals(group))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No line '%s' among %s"
                        .formatted(group, lines.stream().map(Score::group).toList())));
    }

    /// A Markdown table, aligned so that a terminal shows it well.
    public String table() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"task", "problems", "correct %", "±", "format %", "faithful %", "tokens", "new wording %"
        });
        for (Score line : lines) {
            Tally known = line.known();
            rows.add(new String[] {
                line.group(),
                String.valueOf(known.problems()),
                percent(known.correctShare()),
                percent(known.uncertainty()),
                percent(known.wellFormedShare()),
                percent(known.faithfulShare()),
                String.format(Locale.ROOT, "%.0f", known.tokensMean()),
                line.reworded().problems() == 0 ? "" : percent(line.reworded().correctShare())
            });
        }
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder table = new StringBuilder();
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < widths.length; i++) {
                String cell = rows.get(r)[i];
                String room = " ".repeat(widths[i] - cell.length());
                table.append("| ").append(i == 0 ? cell + room : room + cell).append(' ');
            }
            table.append("|\n");
            if (r == 0) {
                for (int i = 0; i < widths.length; i++) {
                    table.append("|").append("-".repeat(widths[i] + 1)).append(i == 0 ? "-" : ":");
                }
                table.append("|\n");
            }
        }
        return table.toString();
    }

    /// The same for programs.
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("split", split.name().toLowerCase(Locale.ROOT));
        json.put("split_version", Split.VERSION);
        json.put("seed", seed);
        json.put("tokens_per_second", tokensPerSecond);
        ArrayNode tasks = json.putArray("tasks");
        for (Score line : lines) {
            ObjectNode task = tasks.addObject().put("task", line.group());
            put(task.putObject("known_wordings"), line.known());
            put(task.putObject("new_wordings"), line.reworded());
        }
        return json;
    }

    private static void put(ObjectNode json, Tally tally) {
        json.put("problems", tally.problems());
        json.put("correct", tally.correct());
        json.put("well_formed", tally.wellFormed());
        json.put("cut_off", tally.cutOff());
        json.put("correct_share", tally.correctShare());
        json.put("uncertainty_95", tally.uncertainty());
        json.put("faithful_share", tally.faithfulShare());
        json.put("tokens_mean", tally.tokensMean());
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
