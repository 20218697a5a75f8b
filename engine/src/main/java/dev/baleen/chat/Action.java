package dev.baleen.chat;

/// What becomes of a stretch of an answer's text.
sealed interface Action {
    /// Nothing.
    record Drop() implements Action {}

    /// Shown as it is.
    record Show(Delta.Kind kind) implements Action {}

    /// One blank of the answer, however long it is.
    record Blank() implements Action {}

    /// This text of the answer in its place.
    record Content(String text) implements Action {}

    /// A stop text; the answer ends before it.
    record Stop(String text) implements Action {}

    /// Part of a tool's name.
    record Name() implements Action {}

    /// The end of the name: the call begins.
    record EndName() implements Action {}

    /// Part of a call's arguments.
    ///
    /// @param isString whether it is the inside of a JSON string, to be escaped
    record Arguments(boolean isString) implements Action {}

    /// This text of the arguments in its place.
    record Label(String text) implements Action {}

    /// Kept until what follows tells whether it is a call.
    record Collect() implements Action {}

    /// The end of what was collected.
    record EndCollected() implements Action {}
}
