package dev.baleen.training;

import dev.baleen.kernel.GradientKernels;
import dev.baleen.kernel.Kernels;

/// What one training thread computes with: kernels that use that one thread only.
public record Arithmetic(Kernels forward, GradientKernels backward) {}
