package dev.baleen.chat;

import dev.baleen.chat.Delta.CallArguments;
import dev.baleen.chat.Delta.CallBegin;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.chat.Delta.Text;
import dev.baleen.chat.Stage.Branch;
import dev.baleen.generation.GeneratedToken;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Tells thoughts, answer and calls of tools apart while the text comes, however it is cut into pieces.
///
/// - Thoughts last until `</think>` or a block of calls. Newlines at their beginning and before the mark are the
///   layout's and dropped; so are those at the beginning of the answer and before a block.
/// - An answer that may begin with thoughts ([AnswerStart#EITHER]) does so if its first text is `<think>`.
/// - In the answer, a `</think>` that closes nothing is dropped wherever it stands. Anything else is text, a second
///   `<think>` too.
/// - Calls are read as [ToolCallFormat] says. Text that only seemed to become one comes out as it is.
/// - A stretch of a piece is told when its end is clear. Held back is no more than what may still become a mark, and
///   the stretch before it that it would go on with.
///
/// Not thread-safe: one for each answer.
public final class OutputParser {
    /// The most characters of a tool's name; more are dropped, as no tool has such a name.
    static final int NAME_MAX = 1024;
    /// The most characters that are kept to see whether they are a call.
    static final int COLLECTED_MAX = 1 << 20;

    private Stage stage;
    /// Characters at the end that no stage has decided on.
    private int undecided;
    /// Pieces that are not told, oldest first.
    private final Deque<Piece> pieces = new ArrayDeque<>();

    private final List<Delta> deltas = new ArrayList<>();

    private final StringBuilder name = new StringBuilder();
    private final StringBuilder collected = new StringBuilder();
    /// Whether what is being collected proved to be no call.
    private boolean released;
    private int calls;
    private boolean thought;
    private int reasoningTokens;
    private Optional<String> stop = Optional.empty();

    /// Some text as it came, and what became of it.
    private static final class Piece {
        final String text;
        final List<GeneratedToken> tokens;
        int done;
        /// What the text before `done` ended with.
        Optional<Action> last = Optional.empty();
        boolean thought;
        /// What came of the last stretch.
        final List<Delta> deltas = new ArrayList<>();

        Piece(String text, List<GeneratedToken> tokens) {
            this.text = text;
            this.tokens = tokens;
        }
    }

    public OutputParser(OutputRules rules) {
        stage = new OutputGrammar(rules).first();
    }

    /// Whether what comes next belongs to the thoughts, as far as one can tell.
    public boolean isThinking() {
        return stage.otherwise().equals(new Action.Show(Kind.REASONING));
    }

    /// The stop text that ended the answer. Nothing more is told then.
    public Optional<String> stop() {
        return stop;
    }

    /// Calls of tools so far.
    public int calls() {
        return calls;
    }

    /// Tokens of the thoughts that were told.
    public int reasoningTokens() {
        return reasoningTokens;
    }

    /// What can be told after `text`.
    public List<Delta> add(String text) {
        return add(text, false, List.of());
    }

    /// What can be told after `text`.
    ///
    /// @param isControl whether it is a control token's, and one of [OutputRules#controls()]
    public List<Delta> add(String text, boolean isControl, List<GeneratedToken> tokens) {
        pieces.add(new Piece(text, tokens));
        for (int i = 0; i < text.length(); i++) {
            read(isControl ? text.charAt(i) | Mark.CONTROL : text.charAt(i));
        }
        int held = stage.held();
        decide(stage.otherwise(), undecided - held);
        undecided = held;
        tellWhole();
        return takeDeltas();
    }

    /// What was held back and will not become anything else.
    public List<Delta> finish() {
        decide(stage.otherwise(), undecided);
        undecided = 0;
        tellWhole();
        if (!collected.isEmpty()) {
            endCollected(new Piece("", List.of()));
        }
        return takeDeltas();
    }

    private void read(int character) {
        undecided++;
        for (Branch branch : stage.branches()) {
            if (branch.mark().add(character)) {
                int length = branch.mark().length();
                decide(stage.otherwise(), undecided - length);
                decide(branch.action(), length);
                undecided = 0;
                stage = branch.next().get();
                return;
            }
        }
    }

    /// Does something with the next characters.
    private void decide(Action action, int length) {
        boolean isBegin = true;
        for (int rest = length; rest > 0; ) {
            Piece piece = pieces.getFirst();
            int count = Math.min(rest, piece.text.length() - piece.done);
            String text = piece.text.substring(piece.done, piece.done + count);
            piece.done += count;
            rest -= count;
            if (count > 0) {
                if (!piece.last.equals(Optional.of(action))) {
                    tellDecided(piece);
                }
                apply(action, piece, text, isBegin, rest == 0);
                piece.last = Optional.of(action);
                isBegin = false;
            }
            if (rest > 0) {
                tell(pieces.removeFirst());
            }
        }
    }

    private void tellWhole() {
        while (!pieces.isEmpty()
                && pieces.getFirst().done == pieces.getFirst().text.length()) {
            tell(pieces.removeFirst());
        }
    }

    private void tell(Piece piece) {
        tellDecided(piece);
        if (piece.thought) {
            reasoningTokens += piece.tokens.size();
        }
    }

    private void tellDecided(Piece piece) {
        deltas.addAll(piece.deltas);
        piece.deltas.clear();
    }

    /// @param isBegin whether the stretch begins with this text
    /// @param isEnd whether it ends with it
    private void apply(Action action, Piece piece, String text, boolean isBegin, boolean isEnd) {
        switch (action) {
            case Action.Drop _ -> {}
            case Action.Show(Kind kind) -> show(piece, kind, text, piece.last.equals(Optional.of(action)));
            case Action.Blank _ -> {
                if (!piece.last.equals(Optional.of(action))) {
                    show(piece, Kind.CONTENT, " ", false);
                }
            }
            case Action.Content(String content) -> {
                if (isBegin) {
                    show(piece, Kind.CONTENT, content, false);
                }
            }
            case Action.Stop(String found) -> stop = isEnd ? Optional.of(found) : stop;
            case Action.Name _ -> name.append(text, 0, Math.min(text.length(), NAME_MAX - name.length()));
            case Action.EndName _ -> {
                if (isBegin) {
                    beginCall(piece, name.toString());
                    name.setLength(0);
                }
            }
            case Action.Arguments(boolean isString) ->
                addArguments(piece, isString ? escaped(text) : text, piece.last.equals(Optional.of(action)));
            case Action.Label(String label) -> {
                if (isBegin) {
                    addArguments(piece, label, false);
                }
            }
            case Action.Collect _ -> collect(piece, text);
            case Action.EndCollected _ -> {
                collect(piece, text);
                if (isEnd) {
                    endCollected(piece);
                }
            }
        }
    }

    /// @param continues whether it goes on with the piece's last text
    private void show(Piece piece, Kind kind, String text, boolean continues) {
        piece.thought |= kind == Kind.REASONING;
        thought |= piece.thought;
        String before = "";
        if (continues && !piece.deltas.isEmpty() && piece.deltas.getLast() instanceof Text last) {
            before = last.text();
            piece.deltas.removeLast();
        }
        piece.deltas.add(new Text(kind, before + text, piece.tokens));
    }

    private void beginCall(Piece piece, String tool) {
        piece.deltas.add(new CallBegin(calls, tool, thought));
        calls++;
    }

    private void addArguments(Piece piece, String text, boolean continues) {
        String before = "";
        if (continues && !piece.deltas.isEmpty() && piece.deltas.getLast() instanceof CallArguments last) {
            before = last.text();
            piece.deltas.removeLast();
        }
        piece.deltas.add(new CallArguments(calls - 1, before + text));
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        JsonText.escape(escaped, text);
        return escaped.toString();
    }

    private void collect(Piece piece, String text) {
        if (released) {
            show(piece, Kind.CONTENT, text, piece.last.equals(Optional.of(new Action.Collect())));
            return;
        }
        collected.append(text);
        if (collected.length() > COLLECTED_MAX || !JsonCalls.mayBecomeCall(collected)) {
            released = true;
            show(piece, Kind.CONTENT, takeCollected(), false);
        }
    }

    private void endCollected(Piece piece) {
        released = false;
        String text = takeCollected();
        List<JsonCalls.Call> found = JsonCalls.parse(text);
        for (JsonCalls.Call call : found) {
            beginCall(piece, call.name());
            addArguments(piece, call.arguments(), false);
        }
        if (found.isEmpty() && !text.isEmpty()) {
            show(piece, Kind.CONTENT, text, false);
        }
        if (piece.text.isEmpty()) {
            tell(piece);
        }
    }

    private String takeCollected() {
        String text = collected.toString();
        collected.setLength(0);
        return text;
    }

    private List<Delta> takeDeltas() {
        List<Delta> taken = List.copyOf(deltas);
        deltas.clear();
        return taken;
    }
}
