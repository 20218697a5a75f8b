package dev.baleen.task;

/// Which question templates are drawn from. `UNSEEN` ones occur in no training stream: they measure how a model copes
/// with a wording it never met, a second axis beside the split of the problems themselves.
public enum Wording {
    SEEN,
    UNSEEN
}
