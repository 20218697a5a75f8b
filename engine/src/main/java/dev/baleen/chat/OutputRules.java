package dev.baleen.chat;

import java.util.List;
import java.util.Set;

/// How an answer is to be read.
///
/// @param start where the prompt ended
/// @param format how tools are called; none where none are offered
/// @param jsonOutput whether the answer is one JSON value, and text around it a row of blanks
/// @param stop texts that end the answer; in thoughts and calls they mean nothing
/// @param controls the marks that are control tokens of the model's vocabulary, and count only as such
///     ([OutputParser#add(String, boolean, List)]); without them every spelling counts
public record OutputRules(
        AnswerStart start, ToolCallFormat format, boolean jsonOutput, List<String> stop, Set<String> controls) {
    public OutputRules {
        stop = List.copyOf(stop);
        controls = Set.copyOf(controls);
    }

    public static OutputRules of(AnswerStart start) {
        return new OutputRules(start, ToolCallFormat.NONE, false, List.of(), Set.of());
    }

    public OutputRules withFormat(ToolCallFormat value) {
        return new OutputRules(start, value, jsonOutput, stop, controls);
    }

    public OutputRules withJsonOutput() {
        return new OutputRules(start, format, true, stop, controls);
    }

    public OutputRules withStop(List<String> value) {
        return new OutputRules(start, format, jsonOutput, value, controls);
    }

    public OutputRules withControls(Set<String> value) {
        return new OutputRules(start, format, jsonOutput, stop, value);
    }
}
