package dev.baleen.generation;

import com.sun.management.OperatingSystemMXBean;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.StepMemory;
import dev.baleen.model.WeightTraffic;
import dev.baleen.tensor.ByteCount;
import java.lang.management.ManagementFactory;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;

/// What an engine will take, known before anything is allocated.
///
/// @param weightsBytes bytes of the model's weights, which are mapped: the system may drop and read them again
/// @param pages pages of the cache, [KvCache#PAGE_TOKENS] tokens each
/// @param pageBytes bytes of one page in all layers
/// @param sequences sequences that are computed at once
/// @param sequenceBytes what each of these keeps beside its pages, however long it is
/// @param workspaceBytes results of one step
/// @param contextTokens the most tokens of one sequence
/// @param traffic how much of the weights one token reads
/// @param weightsRoomBytes what the machine has left for weights; of larger ones it reads parts again and again
public record MemoryPlan(
        long weightsBytes,
        int pages,
        long pageBytes,
        int sequences,
        long sequenceBytes,
        long workspaceBytes,
        int contextTokens,
        WeightTraffic traffic,
        long weightsRoomBytes) {
    /// What an ordinary NVMe disk reads.
    private static final double DISK_BYTES_PER_SECOND = 2e9;

    /// Part of the machine's memory that goes to the Java heap, to the system and to others.
    private static final int OTHERS_SHARE = 16;

    /// The most memory that a cache takes unasked: it is written to at start, which takes a second for so much.
    private static final long CACHE_BYTES_DEFAULT = 4L << 30;

    /// The plan for these options.
    ///
    /// @throws IllegalArgumentException if it does not fit, with the option to change and a value that fits
    public static MemoryPlan of(Model model, EngineOptions options) {
        return of(model, options, machineBytes());
    }

    static MemoryPlan of(Model model, EngineOptions options, long machineBytes) {
        long memory = options.memoryBytesMax() > 0 ? options.memoryBytesMax() : machineBytes / 4 * 3;
        long pageBytes = model.cacheLayout().bytesPerPage(options.cacheType());
        long sequenceBytes = model.cacheLayout().bytesPerSequence(options.cacheType());
        long places = Math.multiplyExact(sequenceBytes, options.sequencesMax());
        long workspace = workspaceBytes(model, options.batchTokensMax(), options.sequencesMax());
        if (workspace + places + pageBytes > memory) {
            throw tooLargeAStep(model, options, memory, pageBytes, sequenceBytes, workspace);
        }
        int context = options.contextTokensMax() > 0 ? options.contextTokensMax() : model.contextLength();
        long wanted = (long) KvCache.pagesFor(context) * options.sequencesMax();
        long weights = model.parameters().values().stream()
                .mapToLong(w -> w.data().byteSize())
                .sum();
        long limit = options.cacheBytesMax() > 0
                ? options.cacheBytesMax()
                : Math.min(cacheBytesUnasked(weights, workspace + places, machineBytes) + places, memory - workspace);
        int pages = (int) Math.min(
                Math.min(wanted, Math.max(0, limit - places) / pageBytes), Integer.MAX_VALUE / KvCache.PAGE_TOKENS);
        if (pages == 0) {
            throw new IllegalArgumentException(
                    "cacheBytesMax is %s, but one page of %d tokens takes %s%s; give at least %s"
                            .formatted(
                                    size(limit),
                                    KvCache.PAGE_TOKENS,
                                    size(pageBytes),
                                    places == 0
                                            ? ""
                                            : " and %d sequences %s beside their pages"
                                                    .formatted(options.sequencesMax(), size(places)),
                                    sizeAtLeast(places + pageBytes)));
        }
        int held = pages * KvCache.PAGE_TOKENS;
        if (context > held && options.contextTokensMax() > 0) {
            throw new IllegalArgumentException(("contextTokensMax is %,d, but the cache of %s holds %,d tokens;"
                            + " lower it to %,d, or raise cacheBytesMax to %s")
                    .formatted(
                            context,
                            size(limit),
                            held,
                            held,
                            sizeAtLeast(places + KvCache.pagesFor(context) * pageBytes)));
        }
        long needed = pages * pageBytes + places + workspace;
        if (needed > memory) {
            throw new IllegalArgumentException(("Cache and workspace need %s, but may take %s;"
                            + " lower cacheBytesMax to %s, or raise memoryBytesMax to %s")
                    .formatted(size(needed), size(memory), sizeAtMost(memory - workspace), sizeAtLeast(needed)));
        }
        return new MemoryPlan(
                weights,
                pages,
                pageBytes,
                options.sequencesMax(),
                sequenceBytes,
                workspace,
                Math.min(context, held),
                WeightTraffic.of(model),
                Math.max(0, room(machineBytes) - needed));
    }

    /// A cache that nobody asked for does not drive weights out of memory that would fit without it, unless so
    /// little is left beside them that one could not talk.
    private static long cacheBytesUnasked(long weights, long workspace, long machineBytes) {
        long beside = room(machineBytes) - weights - workspace;
        return beside < machineBytes / 64 ? CACHE_BYTES_DEFAULT : Math.min(CACHE_BYTES_DEFAULT, beside);
    }

    private static long room(long machineBytes) {
        return machineBytes - machineBytes / OTHERS_SHARE;
    }

    /// Whether all weights stay in memory once they were read.
    public boolean holdsWeights() {
        return weightsBytes <= weightsRoomBytes;
    }

    /// Bytes of weights that one token has the disk read, about: the part of its experts that is not in memory, if
    /// what every token reads is; else all, since what is read in a circle is always gone when its turn comes
    /// again.
    public long diskBytesPerToken() {
        if (holdsWeights()) {
            return 0;
        }
        if (weightsRoomBytes < traffic.denseBytes()) {
            return traffic.bytes();
        }
        double kept = (double) (weightsRoomBytes - traffic.denseBytes()) / (weightsBytes - traffic.denseBytes());
        return (long) (traffic.expertBytes() * (1 - kept));
    }

    /// What to expect where the weights do not all stay in memory, in a sentence; empty where they do.
    public Optional<String> expectation() {
        long read = diskBytesPerToken();
        if (read == 0) {
            return Optional.empty();
        }
        return Optional.of(String.format(
                Locale.ROOT,
                "memory holds %s of the weights' %s: a token reads %s of them, about %s from the disk,"
                        + " so expect at most %.2g tokens/s from a disk of %.0f GB/s",
                size(weightsRoomBytes),
                size(weightsBytes),
                size(traffic.bytes()),
                size(read),
                DISK_BYTES_PER_SECOND / read,
                DISK_BYTES_PER_SECOND / 1e9));
    }

    public long cacheBytes() {
        return pages * pageBytes + sequences * sequenceBytes;
    }

    /// Such as `weights 7.6 GiB mapped | kv 4.0 GiB = 2,048 pages × 64 tokens | workspace 256 MiB`; where sequences
    /// keep something of their own, with ` + 8 sequences × 22 MiB` behind the pages.
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "weights %s mapped | kv %s = %,d pages × %d tokens%s | workspace %s",
                size(weightsBytes),
                size(cacheBytes()),
                pages,
                KvCache.PAGE_TOKENS,
                sequenceBytes == 0 ? "" : " + %d sequences × %s".formatted(sequences, size(sequenceBytes)),
                size(workspaceBytes));
    }

    /// Bytes as people read them: `7.6 GiB`, `256 MiB`.
    public static String size(long bytes) {
        return size(bytes, RoundingMode.HALF_UP);
    }

    private static String sizeAtMost(long bytes) {
        return size(bytes, RoundingMode.FLOOR);
    }

    private static String sizeAtLeast(long bytes) {
        return size(bytes, RoundingMode.CEILING);
    }

    private static String size(long bytes, RoundingMode rounding) {
        return ByteCount.text(bytes, rounding);
    }

    private static long workspaceBytes(Model model, int tokens, int sequences) {
        int most = Math.min(tokens, sequences);
        return StepMemory.bytes(model, tokens, most, most);
    }

    /// Names a number of tokens that fits: found by trying, since experts make the growth uneven.
    private static IllegalArgumentException tooLargeAStep(
            Model model, EngineOptions options, long memory, long pageBytes, long sequenceBytes, long workspace) {
        int tokens = options.batchTokensMax();
        int sequences = options.sequencesMax();
        long least = workspace + pageBytes + sequences * sequenceBytes;
        while (tokens > 1 && least > memory) {
            tokens /= 2;
            sequences = Math.min(sequences, tokens);
            least = workspaceBytes(model, tokens, sequences) + pageBytes + sequences * sequenceBytes;
        }
        String remedy = least > memory
                ? "raise memoryBytesMax to " + sizeAtLeast(least)
                : "lower batchTokensMax to %,d%s, or raise memoryBytesMax to %s"
                        .formatted(
                                tokens,
                                sequences < options.sequencesMax() ? " and sequencesMax to " + sequences : "",
                                sizeAtLeast(workspace + pageBytes + options.sequencesMax() * sequenceBytes));
        return new IllegalArgumentException(
                "A step of %,d tokens needs %s of workspace, but cache and workspace may take %s; %s"
                        .formatted(options.batchTokensMax(), size(workspace), size(memory), remedy));
    }

    private static long machineBytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
