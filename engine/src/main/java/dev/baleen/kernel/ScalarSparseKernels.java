package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.IntStream;

/// The specification of [SparseKernels]: plain loops in double precision.
final class ScalarSparseKernels implements SparseKernels {
    @Override
    public void topRows(
            Tensor q, Tensor weights, Tensor keys, Entries entries, Ties ties, int positions, Selection selection) {
        SparseShapes.topRows(q, weights, keys, entries, selection);
        entries.eachQuery((t, span) -> {
            int chosen = selection.count(t);
            int visible = entries.visible(entries.spans()[span].position() + t - entries.spans()[span].firstRow());
            double[] scores = new double[visible];
            for (int e = 0; e < visible; e++) {
                scores[e] = score(q, weights, t, ScalarKernels.row(keys, entries.row(span, e)));
            }
            int[] best = switch (ties) {
                case EARLIER -> earliest(scores, chosen);
                case HEAP -> ties.best(scores, chosen);
                case PARTITION -> ties.best(entries.padded(scores, visible, span, positions), chosen);
            };
            Arrays.sort(best);
            for (int i = 0; i < chosen; i++) {
                selection.rows()[selection.offsets()[t] + i] = entries.row(span, best[i]);
            }
        });
    }

    private static int[] earliest(double[] scores, int count) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(e -> -scores[e]))
                .limit(count)
                .mapToInt(e -> e)
                .toArray();
    }

    private static double score(Tensor q, Tensor weights, int t, double[] key) {
        int heads = q.axis(1);
        double score = 0;
        for (int j = 0; j < heads; j++) {
            double product = ScalarKernels.dot(ScalarKernels.row(q, t * heads + j), key);
            score += weights.get((long) t * heads + j) * Math.max(0, product);
        }
        return score;
    }

    @Override
    public void selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, double scale, Tensor out) {
        SparseShapes.selectedAttention(q, sources, selection, sinks, out);
        int heads = q.axis(1);
        for (int t = 0; t < selection.queries(); t++) {
            double[][] rows = new double[selection.count(t)][];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = row(sources, selection.rows()[selection.offsets()[t] + i]);
            }
            for (int h = 0; h < heads; h++) {
                double[] query = ScalarKernels.row(q, t * heads + h);
                double sink = sinks.isPresent() ? sinks.get().get(h) : Double.NEGATIVE_INFINITY;
                ScalarKernels.writeRow(attend(query, rows, sink, scale, out.columns()), out, t * heads + h);
            }
        }
    }

    private static double[] attend(double[] query, double[][] rows, double sink, double scale, int width) {
        double[] scores = Arrays.stream(rows)
                .mapToDouble(row -> scale * ScalarKernels.dot(query, row))
                .toArray();
        double largest = Math.max(sink, Arrays.stream(scores).max().orElseThrow());
        double total = Math.exp(sink - largest);
        double[] result = new double[width];
        for (int s = 0; s < scores.length; s++) {
            double weight = Math.exp(scores[s] - largest);
            total += weight;
            for (int i = 0; i < width; i++) {
                result[i] += weight * rows[s][i];
            }
        }
        for (int i = 0; i < width; i++) {
            result[i] /= total;
        }
        return result;
    }

    /// A row of sources that lie end to end.
    static double[] row(Tensor[] sources, int index) {
        for (Tensor source : sources) {
            if (index < source.rows()) {
                return ScalarKernels.row(source, index);
            }
            index -= source.rows();
        }
        throw new IllegalArgumentException("Row " + index + " lies past the last source");
    }

    @Override
    public void storeRows(Tensor rows, int[] targets, Tensor cache) {
        SparseShapes.storeRows(rows, targets, cache);
        for (int i = 0; i < targets.length; i++) {
            ScalarKernels.writeRow(ScalarKernels.row(rows, i), cache, targets[i]);
        }
    }

    @Override
    public void recall(Tensor rows, RecentRows recent, Tensor memory, Tensor out) {
        SparseShapes.recall(rows, recent, memory, out);
        int positions = memory.axis(1);
        for (int i = 0; i < recent.spans().length; i++) {
            Span span = recent.spans()[i];
            int place = span.slot() * positions;
            for (int p = span.position() - recent.past(i); p < span.position(); p++) {
                ScalarKernels.writeRow(ScalarKernels.row(memory, place + p % positions), out, recent.row(i, p));
            }
            for (int p = span.position(); p < span.end(); p++) {
                double[] row = ScalarKernels.row(rows, span.firstRow() + p - span.position());
                ScalarKernels.writeRow(row, out, recent.row(i, p));
                ScalarKernels.writeRow(row, memory, place + p % positions);
            }
        }
    }

    @Override
    public void pool(Tensor values, Tensor gates, Tensor bias, Windows windows, Tensor out) {
        SparseShapes.pool(values, gates, bias, windows, out);
        int columns = out.columns();
        int width = values.columns();
        for (int e = 0; e < windows.count(); e++) {
            double[] entry = new double[columns];
            for (int c = 0; c < columns; c++) {
                entry[c] = pooled(values, gates, bias, places(windows, e, width, c), windows.ratio());
            }
            ScalarKernels.writeRow(entry, out, e);
        }
    }

    private static double pooled(Tensor values, Tensor gates, Tensor bias, long[] places, int ratio) {
        int width = values.columns();
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < places.length; j++) {
            largest = Math.max(largest, logit(gates, bias, places[j], j % ratio, width));
        }
        double sum = 0;
        double total = 0;
        for (int j = 0; j < places.length; j++) {
            double weight = Math.exp(logit(gates, bias, places[j], j % ratio, width) - largest);
            sum += weight;
            total += weight * values.get(places[j]);
        }
        return total / sum;
    }

    static double logit(Tensor gates, Tensor bias, long place, int row, int width) {
        return gates.get(place) + bias.get((long) row * width + place % width);
    }

    /// Where the numbers lie that column `c` of an entry pools.
    static long[] places(Windows windows, int entry, int width, int c) {
        int ratio = windows.ratio();
        boolean both = windows.before()[entry] >= 0;
        long[] places = new long[both ? 2 * ratio : ratio];
        for (int j = 0; j < ratio; j++) {
            if (both) {
                places[j] = (long) (windows.before()[entry] + j) * width + c;
            }
            int column = windows.overlap() ? width / 2 + c : c;
            places[both ? ratio + j : j] = (long) (windows.first()[entry] + j) * width + column;
        }
        return places;
    }
}
