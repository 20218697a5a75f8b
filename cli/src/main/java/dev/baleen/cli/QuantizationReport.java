package dev.baleen.cli;

import dev.baleen.checkpoint.TensorSource;
import dev.baleen.conversion.Importance;
import dev.baleen.conversion.QuantizedTensor;
import dev.baleen.conversion.Quantizer;
import dev.baleen.tensor.ByteCount;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Tells what becomes of each tensor, and of all together.
final class QuantizationReport implements Quantizer.Listener {
    private final PrintWriter out;
    private final ProgressBar bar;
    private long bytesBefore;
    private long bytesAfter;
    private long elements;
    private double squaredError;
    private double squares;

    /// @param bytes of all tensors before
    QuantizationReport(PrintWriter out, long bytes) {
        this.out = out;
        this.bar = new ProgressBar(out, bytes);
    }

    @Override
    public void advanced(long sourceBytes) {
        bar.advance(sourceBytes);
    }

    @Override
    public void written(QuantizedTensor tensor) {
        bytesBefore += tensor.bytesBefore();
        bytesAfter += tensor.bytesAfter();
        elements += tensor.shape().elements();
        squaredError += tensor.squaredError();
        squares += tensor.squares();
        String error = tensor.isKept() ? "" : "  error " + percent(tensor.relativeError());
        bar.note(line(tensor.name(), tensor.from(), tensor.to(), tensor.shape().toString()) + error);
    }

    /// What would be written.
    void plan(List<TensorSource> before, List<TensorSource> after) {
        for (int i = 0; i < before.size(); i++) {
            TensorSource from = before.get(i);
            TensorSource to = after.get(i);
            out.println(line(
                    from.name(),
                    from.type().name(),
                    to.type().name(),
                    from.shape().toString()));
            bytesBefore += from.bytes();
            bytesAfter += to.bytes();
            elements += from.shape().elements();
        }
        out.println("%s of tensors would take %s, %.2f bits a number"
                .formatted(ByteCount.text(bytesBefore), ByteCount.text(bytesAfter), bits()));
        out.flush();
    }

    /// Says which tensors an importance matrix knows and the model does not have.
    void unknown(Importance importance, List<TensorSource> tensors) {
        List<String> names =
                importance.unknown(tensors.stream().map(TensorSource::name).toList());
        if (!names.isEmpty()) {
            out.println("The importance matrix knows %,d tensors that this model does not have, such as %s."
                    .formatted(names.size(), names.getFirst()));
        }
    }

    /// Takes the bar away: nothing more is written.
    void end() {
        bar.end();
    }

    /// All together.
    void sum(Path file, long fileBytes) {
        out.println();
        out.println("%s of tensors take %s, %.2f bits a number; error of all that were encoded %s"
                .formatted(
                        ByteCount.text(bytesBefore),
                        ByteCount.text(bytesAfter),
                        bits(),
                        percent(QuantizedTensor.relativeError(squaredError, squares))));
        out.println("%s, %s".formatted(file, ByteCount.text(fileBytes)));
        out.flush();
    }

    private double bits() {
        return 8.0 * bytesAfter / Math.max(1, elements);
    }

    private static String line(String name, String from, String to, String shape) {
        String type = from.equals(to) ? from : from + " → " + to;
        return String.format(Locale.ROOT, "%-34s %-18s %s", name, shape, type);
    }

    private static String percent(double part) {
        return part == 0 ? "none" : String.format(Locale.ROOT, part < 0.0001 ? "%.2g %%" : "%.3f %%", 100 * part);
    }
}
