package dev.baleen.training;

/// Which tokens a model is taught to predict. The first token of a document is never predicted: nothing stands before
/// it.
public enum LossMask {
    /// Every token: pre-training.
    ALL,
    /// What the assistant writes, the end token included: supervised fine-tuning.
    ASSISTANT;

    /// Whether token `index` of the document counts as a target.
    boolean counts(Document document, int index) {
        return switch (this) {
            case ALL -> index > 0;
            case ASSISTANT -> index > 0 && index >= document.answerFrom();
        };
    }
}
