package dev.baleen.chat;

import dev.baleen.chat.Delta.CallArguments;
import dev.baleen.chat.Delta.CallBegin;
import dev.baleen.chat.Delta.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// An answer as a parser read it, however it was cut.
record ReadAnswer(String reasoning, String content, List<Call> calls) {
    record Call(String name, String arguments) {}

    static ReadAnswer of(OutputRules rules, List<String> pieces) {
        OutputParser parser = new OutputParser(rules);
        List<Delta> deltas = new ArrayList<>();
        for (String piece : pieces) {
            deltas.addAll(parser.add(piece));
        }
        deltas.addAll(parser.finish());
        return of(deltas);
    }

    static ReadAnswer of(List<Delta> deltas) {
        StringBuilder reasoning = new StringBuilder();
        StringBuilder content = new StringBuilder();
        List<Call> calls = new ArrayList<>();
        for (Delta delta : deltas) {
            switch (delta) {
                case Text(Delta.Kind kind, String text, var _) ->
                    (kind == Delta.Kind.REASONING ? reasoning : content).append(text);
                case CallBegin begin -> calls.add(new Call(begin.name(), ""));
                case CallArguments(int index, String text) ->
                    calls.set(
                            index,
                            new Call(calls.get(index).name(), calls.get(index).arguments() + text));
            }
        }
        return new ReadAnswer(reasoning.toString(), content.toString(), calls);
    }

    static List<String> cut(String text, Random random, int longest) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(longest + 1));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }
}
