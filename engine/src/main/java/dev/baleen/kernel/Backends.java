package dev.baleen.kernel;

public final class Backends {
    private Backends() {}

    public static Kernels best(ComputePool pool) {
        return pool.threads() > 0 ? new ScalarKernels() : new ScalarKernels();
    }
}
