package dev.baleen.chat;

/// The sentences that are part of the layouts of DeepSeek-V4 and V4.1, to the letter.
final class DeepSeekV4Texts {
    static final String EFFORT_HIGH = """
            Reasoning Effort: Absolute maximum with no shortcuts permitted.
            You MUST be very thorough in your thinking and comprehensively decompose the problem to resolve the root \
            cause, rigorously stress-testing your logic against all potential paths, edge cases, and adversarial \
            scenarios.
            Explicitly write out your entire deliberation process, documenting every intermediate step, considered \
            alternative, and rejected hypothesis to ensure absolutely no assumption is left unchecked.

            """;

    static final String EFFORT_MAX = """
            Reasoning Effort: Beyond maximum — exhaustive, relentless, and uncompromising.
            You MUST reason with the utmost depth and rigor, leaving absolutely nothing to chance: exhaustively \
            decompose the problem into its most fundamental components, trace every causal chain to its root, and \
            resolve the underlying cause rather than any surface symptom.
            Do not stop reasoning until you have independently verified the solution from multiple angles and are \
            certain that no assumption remains unchecked and no error remains undiscovered.

            """;

    static final String EFFORT_NUMBER = """
            Reasoning Effort: %d (range 1-100, the higher the value, the more thorough the reasoning)

            """;

    /// `{block}` and `{dsml}` are replaced by [Dsml#spell]; a line for each tool follows.
    static final String TOOLS = """


            ## Tools

            You have access to a set of tools to help answer the user's question. You can invoke tools by writing a \
            "<{block}>" block like the following:

            <{block}>
            <{dsml}invoke name="$TOOL_NAME">
            <{dsml}parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</{dsml}parameter>
            ...
            </{dsml}invoke>
            <{dsml}invoke name="$TOOL_NAME2">
            ...
            </{dsml}invoke>
            </{block}>

            String parameters should be specified as is and set `string="true"`. For all other types (numbers, \
            booleans, arrays, objects), pass the value in JSON format and set `string="false"`.

            If thinking_mode is enabled (triggered by <think>), you MUST output your complete reasoning inside \
            <think>...</think> BEFORE any tool calls or final response.

            Otherwise, output directly after </think> with tool calls or final response.

            ### Available Tool Schemas

            """;

    static final String TOOLS_END = """


            You MUST strictly follow the above defined tool name and parameter schemas to invoke tool calls.
            """;

    static final String JSON_OBJECT = """


            You are a helpful assistant designed to output JSON.
            ## Response Format:

            Reply with JSON object ONLY.""";

    /// The schema follows.
    static final String JSON_SCHEMA = """


            ## Response Format:

            You MUST strictly adhere to the following schema to reply:
            """;

    private DeepSeekV4Texts() {}
}
