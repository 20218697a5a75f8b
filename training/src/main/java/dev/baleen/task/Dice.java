package dev.baleen.task;

import java.util.List;

/// Random numbers that are a function of their keys: SplitMix64 (Steele, Lea, Flood 2014) started from a hash of them.
/// There is no state to save: the dice of problem 7 are made from (seed, 7), whatever was drawn before.
public final class Dice {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private long state;

    private Dice(long state) {
        this.state = state;
    }

    public static Dice of(long... keys) {
        long hash = 0x6A09E667F3BCC909L;
        for (long key : keys) {
            hash = mix((hash ^ mix(key + GOLDEN)) + GOLDEN);
        }
        return new Dice(hash);
    }

    public long next() {
        state += GOLDEN;
        return mix(state);
    }

    /// A number from 0 to bound - 1. Its bias, below bound / 2³², is of no account here.
    public int below(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, got " + bound);
        }
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /// A number from low to high, both included.
    public int between(int low, int high) {
        return low + below(high - low + 1);
    }

    public boolean chance(int percent) {
        return below(100) < percent;
    }

    public <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }

    /// An index, drawn in proportion to the weights.
    public int weighted(int... weights) {
        int sum = 0;
        for (int weight : weights) {
            sum += weight;
        }
        int point = below(sum);
        int index = 0;
        while (point >= weights[index]) {
            point -= weights[index++];
        }
        return index;
    }

    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
