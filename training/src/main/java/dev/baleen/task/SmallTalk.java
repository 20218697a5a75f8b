package dev.baleen.task;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Talk about itself: a closed set of subjects, one answer each, many ways to ask ([SmallTalkPhrases]).
///
/// What is held out is the wording of a question: its key is the question without case and punctuation. The reasoning
/// is empty, and a completion is right only if it gives the very answer of its subject.
final class SmallTalk implements Task {

    /// One subject: its answer, and the ways to ask.
    record Subject(String answer, List<Grammar> seen, List<Grammar> unseen) {}

    private static final List<Subject> SUBJECTS = SmallTalkPhrases.subjects();
    private static final Set<String> ANSWERS =
            SUBJECTS.stream().map(Subject::answer).collect(Collectors.toUnmodifiableSet());

    @Override
    public String name() {
        return "smalltalk";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        Subject subject = dice.pick(SUBJECTS);
        // Unseen templates are few: courtesies around them make up the number.
        String asked = switch (wording) {
            case SEEN -> dice.pick(subject.seen).draw(dice);
            case UNSEEN -> Phrasebook.dress(dice, dice.pick(subject.unseen).draw(dice));
        };
        String question = worn(dice, asked);
        return new Problem(name(), normalised(question), question, "", subject.answer, wording == Wording.UNSEEN);
    }

    /// As people type it: capitals and the mark at the end come and go.
    static String worn(Dice dice, String question) {
        String worn = question;
        char last = worn.charAt(worn.length() - 1);
        if (dice.chance(35) && (last == '?' || last == '.' || last == '!')) {
            worn = worn.substring(0, worn.length() - 1);
        }
        int letters = dice.below(100);
        return letters < 35 ? worn.toLowerCase(Locale.ROOT) : letters < 37 ? worn.toUpperCase(Locale.ROOT) : worn;
    }

    /// Lower case, letters, digits and signs of arithmetic only, single blanks.
    static String normalised(String question) {
        StringBuilder out = new StringBuilder(question.length());
        boolean gap = false;
        for (int i = 0; i < question.length(); i++) {
            char c = Character.toLowerCase(question.charAt(i));
            if (c == '\'') {
                continue;
            }
            boolean kept = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "+-*/^%=".indexOf(c) >= 0;
            if (kept) {
                if (gap && !out.isEmpty()) {
                    out.append(' ');
                }
                out.append(c);
            }
            gap = !kept;
        }
        return out.toString();
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        return closedAnswer(problem, completion, ANSWERS);
    }

    /// The verdict where reasoning has to be empty and the answer is one of a closed set.
    static Verdict closedAnswer(Problem problem, String completion, Set<String> answers) {
        Completion parsed = Completion.parse(completion);
        if (!parsed.wellFormed() || !parsed.trace().isEmpty() || !answers.contains(parsed.answer())) {
            return Verdict.malformed(1);
        }
        return Verdict.wellFormed(parsed.answer().equals(problem.answer()), 1);
    }
}
