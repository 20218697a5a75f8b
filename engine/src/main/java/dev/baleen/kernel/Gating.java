package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// What a gate chose: for each of T tokens, k experts and their weights.
///
/// @param experts the choice `j` of token `t` at index `t * k + j`, best first
/// @param weights [T, k]
public record Gating(int[] experts, Tensor weights) {}
