package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Finds what GGUF calls the way in which a `tokenizer.json` cuts text.
///
/// The file spells out patterns, and the same way of cutting can be spelt in several: what counts is what comes of
/// them. So both cut a few thousand short texts, made by rule of the characters on which the known ways differ.
final class PreTokenizerNames {
    private static final int TEXTS = 4_000;
    private static final int PARTS_MAX = 6;

    /// At least two of every kind of character that some pattern tells from others.
    private static final String[] PARTS =
            ("a|B|the|'s|'T|'ll|'\u017F|0|12|3456|\u0663|\u00BD|\u2167| |  |\t|\n|\r\n|\n\n"
                            + "|\u00A0|\u3000|\u0085|\u2028|.|,|!?|...|_|-|+|=|$|<|^|`|~|#|@|\"|\\|/|[|}|\u2014|\u201C|\u3001|\uFF01|\uFF5E"
                            + "|\u20AC|\u2192|\u00E9|e\u0301|\u0301|\u00AA|\u01C5|\u02B0|\u0153|\u4E2D|\u6587|\u3042|\u30AB|\u30FC|\uAC00"
                            + "|\u0E01|\u0915\u093F|\u0434|\u03A9|\u05D0|\u10D0|\u1C90|\uA640|\uFF21|\uD801\uDC00|\uD835\uDC00|\uD83D\uDE00"
                            + "|\u200D|\u0000|\u007F|\uE000|\u0378|\u0800|\uD7A3|\uD7FB|\u9FA5|\u9FA6")
                    .split("\\|");

    private PreTokenizerNames() {}

    /// The name, if there is one.
    ///
    /// @param wholePieces whether a piece that is a token is taken without merging, which GGUF does not say
    /// otherwise
    static Optional<String> of(PreTokenizer cutter, boolean wholePieces) {
        if (cutter.prefixSpace()) {
            return Optional.empty();
        }
        return PreTokenizer.names().stream()
                .filter(name -> PreTokenizer.takesWholePieces(name) == wholePieces)
                .filter(name -> cutAlike(cutter, PreTokenizer.named(name)))
                .findFirst();
    }

    private static boolean cutAlike(PreTokenizer one, PreTokenizer other) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder text = new StringBuilder();
            for (int parts = random.nextInt(1, PARTS_MAX); parts > 0; parts--) {
                text.append(PARTS[random.nextInt(PARTS.length)]);
            }
            if (!pieces(one, text.toString()).equals(pieces(other, text.toString()))) {
                return false;
            }
        }
        return true;
    }

    private static List<Integer> pieces(PreTokenizer cutter, String text) {
        List<Integer> ends = new ArrayList<>();
        cutter.split(new Scan(text), 0, text.length(), (_, end) -> ends.add(end));
        return ends;
    }
}
