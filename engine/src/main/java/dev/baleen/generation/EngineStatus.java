package dev.baleen.generation;

import java.util.Optional;

/// How an engine is doing.
///
/// @param running sequences that have pages
/// @param waiting requests that have none yet, or had to give them back
/// @param pagesFree pages of the cache that nobody has
/// @param promptTokens tokens of prompts computed since the start, recomputed ones included
/// @param completionTokens tokens generated since the start
/// @param preemptions how often a sequence had to give its pages back
/// @param problem what stopped the engine, if anything did
public record EngineStatus(
        int running,
        int waiting,
        int pages,
        int pagesFree,
        long promptTokens,
        long completionTokens,
        long preemptions,
        Optional<Throwable> problem) {}
