package dev.baleen.chat;

/// How long the assistant is to think, where its family knows degrees of it.
public enum Effort {
    LOW,
    HIGH,
    XHIGH,
    MAX
}
