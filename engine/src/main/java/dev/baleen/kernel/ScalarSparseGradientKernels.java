package dev.baleen.kernel;

import static dev.baleen.kernel.ScalarGradientKernels.add;
import static dev.baleen.kernel.ScalarGradientKernels.dot;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// The specification of [SparseGradientKernels]: plain loops in double precision.
final class ScalarSparseGradientKernels implements SparseGradientKernels {
    @Override
    public void selectedAttention(
            Tensor dout,
            Tensor q,
            Tensor[] sources,
            Selection selection,
            Optional<Tensor> sinks,
            Tensor out,
            double scale,
            Tensor dq,
            Tensor[] dsources,
            Optional<Tensor> dsinks) {
        SparseGradientArguments.selectedAttention(dout, q, sources, selection, sinks, out, dq, dsources, dsinks);
        int heads = q.axis(1);
        int a = q.columns();
        int b = out.columns();
        for (int t = 0; t < selection.queries(); t++) {
            int first = selection.offsets()[t];
            int count = selection.count(t);
            for (int h = 0; h < heads; h++) {
                long query = ((long) t * heads + h) * a;
                long result = ((long) t * heads + h) * b;
                double[] p = new double[count + 1];
                p[count] = sinks.isPresent() ? sinks.get().get(h) : Double.NEGATIVE_INFINITY;
                for (int i = 0; i < count; i++) {
                    Place place = Place.of(sources, selection.rows()[first + i]);
                    p[i] = scale * dot(q, query, sources[place.source], place.index * a, a);
                }
                ScalarGradientKernels.softmax(p);
                double mean = dot(dout, result, out, result, b);
                for (int i = 0; i < count; i++) {
                    Place place = Place.of(sources, selection.rows()[first + i]);
                    Tensor source = sources[place.source];
                    Tensor dsource = dsources[place.source];
                    long row = place.index * a;
                    double dscore = scale * p[i] * (dot(dout, result, source, row, b) - mean);
                    for (int c = 0; c < a; c++) {
                        add(dq, query + c, dscore * source.get(row + c));
                        add(dsource, row + c, dscore * q.get(query + c));
                    }
                    for (int c = 0; c < b; c++) {
                        add(dsource, row + c, p[i] * dout.get(result + c));
                    }
                }
                if (dsinks.isPresent()) {
                    add(dsinks.get(), h, -p[count] * mean);
                }
            }
        }
    }

    /// Which source a row belongs to, and which of its rows it is.
    private record Place(int source, long index) {
        static Place of(Tensor[] sources, int row) {
            int source = 0;
            while (row >= sources[source].rows()) {
                row -= sources[source++].rows();
            }
            return new Place(source, row);
        }
    }

    @Override
    public void pool(
            Tensor dout,
            Tensor values,
            Tensor gates,
            Tensor bias,
            Windows windows,
            Tensor out,
            Tensor dvalues,
            Tensor dgates,
            Tensor dbias) {
        SparseGradientArguments.pool(dout, values, gates, bias, windows, out, dvalues, dgates, dbias);
        int columns = out.columns();
        int width = values.columns();
        for (int e = 0; e < windows.count(); e++) {
            for (int c = 0; c < columns; c++) {
                long[] places = ScalarSparseKernels.places(windows, e, width, c);
                double[] p = new double[places.length];
                for (int j = 0; j < p.length; j++) {
                    p[j] = ScalarSparseKernels.logit(gates, bias, places[j], j % windows.ratio(), width);
                }
                ScalarGradientKernels.softmax(p);
                long entry = (long) e * columns + c;
                for (int j = 0; j < p.length; j++) {
                    double share = p[j] * dout.get(entry);
                    double pull = share * (values.get(places[j]) - out.get(entry));
                    add(dvalues, places[j], share);
                    add(dgates, places[j], pull);
                    add(dbias, (long) j % windows.ratio() * width + places[j] % width, pull);
                }
            }
        }
    }
}
