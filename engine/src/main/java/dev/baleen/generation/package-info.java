/// Many sequences to next tokens, step by step.
///
/// In: prompts of token ids with their settings. Out: a stream of events for each, text and tokens as they come, then
/// how it ended. Read [dev.baleen.generation.Engine], whose `step` is the whole idea, then
/// [dev.baleen.generation.Scheduler] (who computes what), [dev.baleen.generation.PagePool] (where it is remembered),
/// [dev.baleen.generation.Sampler] (what comes next) and [dev.baleen.generation.TextStream] (what may be shown).
/// [dev.baleen.generation.GenerationRequest] and [dev.baleen.generation.Generation] are what callers see;
/// [dev.baleen.generation.MemoryPlan] is what all of it will take, said before it is taken.
///
/// Knows nothing of messages, of thinking, or of any protocol.
@NullMarked
package dev.baleen.generation;

import org.jspecify.annotations.NullMarked;
