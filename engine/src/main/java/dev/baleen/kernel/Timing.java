package dev.baleen.kernel;

/// How long a call takes at best: other work on the machine can only make one slower.
final class Timing {
    /// Before runs count, each call is made so long, and then until so many in a row have not been faster than the
    /// fastest before: the compiler needs longer where other work keeps the processor busy.
    private static final long WARM_NANOS_MIN = 600_000_000;

    private static final long WARM_NANOS_MAX = 6_000_000_000L;
    private static final int WARM_IDLE = 5;
    private static final double WARM_GAIN = 0.98;
    private static final long MEASURE_NANOS = 500_000_000;
    private static final int RUNS_MIN = 5;
    /// A run is so many calls that it takes so long, for the clock.
    private static final long RUN_NANOS_MIN = 1_000_000;

    private Timing() {}

    /// Seconds of a call in the fastest of many runs.
    static double seconds(Runnable call) {
        warm(call);
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        int calls = 1;
        for (int run = 0; run < RUNS_MIN || System.nanoTime() - start < MEASURE_NANOS; ) {
            long from = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            long nanos = System.nanoTime() - from;
            if (nanos < RUN_NANOS_MIN) {
                calls *= 2;
                fastest = Long.MAX_VALUE;
            } else {
                fastest = Math.min(fastest, nanos);
                run++;
            }
        }
        return fastest / 1e9 / calls;
    }

    private static void warm(Runnable call) {
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        long from = start;
        for (int idle = 0; idle < WARM_IDLE && from - start < WARM_NANOS_MAX; ) {
            call.run();
            long now = System.nanoTime();
            boolean early = now - start < WARM_NANOS_MIN;
            idle = early || now - from < WARM_GAIN * fastest ? 0 : idle + 1;
            fastest = Math.min(fastest, now - from);
            from = now;
        }
    }
}
