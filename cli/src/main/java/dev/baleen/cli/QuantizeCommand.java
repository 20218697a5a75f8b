package dev.baleen.cli;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.conversion.ConversionOptions;
import dev.baleen.conversion.GgufModel;
import dev.baleen.conversion.Importance;
import dev.baleen.conversion.MixRules;
import dev.baleen.conversion.ModelFacts;
import dev.baleen.conversion.QuantizationMix;
import dev.baleen.conversion.Quantizer;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.ComputePool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a model with fewer bits to a number.
@Command(
        name = "quantize",
        description = {
            "Writes a model as a GGUF file with fewer bits to a number, and tells of each",
            "tensor the error: the root mean square of the difference by that of the",
            "numbers."
        },
        footer = {
            "",
            "An importance matrix says how much an error in a column of a tensor matters:",
            "the mean square of the input that the column meets. As text it has a line for",
            "each tensor, its name in GGUF and a number for each column, apart by spaces:",
            "",
            "  blk.0.attn_q.weight 0.0131 0.42 1.7e-3 ...",
            "",
            "A tensor of experts has the numbers of the first expert, then of the second",
            "and so on, or one row of numbers for all. Lines that begin with # do not count.",
            "A GGUF file written by llama-imatrix will do as well."
        })
final class QuantizeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "The model: a GGUF file, a folder in Hugging Face layout, or the name of one.")
    private String in = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The GGUF file to write.")
    private Path out = Path.of("");

    @Option(
            names = "--type",
            required = true,
            paramLabel = "TYPE",
            converter = MixName.class,
            description = {
                "Q8_0, Q6_K, Q5_K_M, Q5_K_S, Q5_1, Q5_0, Q4_K_M, Q4_K_S, Q4_1, Q4_0, Q3_K_L, Q3_K_M, Q3_K_S, Q2_K,"
                        + " or F16, BF16, F32. Q4_K_M is what most people take; Q4_K is the same, and likewise Q5_K"
                        + " and Q3_K."
            })
    private QuantizationMix mix = QuantizationMix.Q4_K_M;

    @Option(names = "--pure", description = "The same type for all tensors, with no better ones for the delicate.")
    private boolean pure;

    @Option(
            names = "--imatrix",
            paramLabel = "FILE",
            description = "Mind errors by the importance of their columns; see below.")
    private Optional<Path> imatrix = Optional.empty();

    @Option(
            names = "--allow-requantize",
            description = "Quantize tensors that are quantized already; each time adds an error.")
    private boolean requantize;

    @Option(names = "--dry-run", description = "Only show the types and the size that the file would have.")
    private boolean dryRun;

    @Option(
            names = {"-f", "--force"},
            description = "Replace OUT if it exists.")
    private boolean force;

    @Mixin
    private ThreadsOption threads;

    @Override
    public Integer call() throws IOException {
        Path source = ModelFinder.find(spec, in, "as IN");
        checkTarget(source);
        Importance importance = imatrix.isPresent() ? Importance.read(imatrix.get()) : Importance.none();
        try (Checkpoint checkpoint = Checkpoint.open(source);
                ComputePool pool = threads.pool()) {
            GgufModel model = GgufModel.of(checkpoint, ConversionOptions.exact());
            List<TensorSource> tensors = model.tensors();
            Map<String, DType> types = pure
                    ? MixRules.pureTypes(mix.main(), tensors)
                    : MixRules.types(mix, ModelFacts.of(model.metadata()), !importance.isEmpty(), tensors);
            checkSource(tensors, types);
            long bytes = tensors.stream().mapToLong(TensorSource::bytes).sum();
            QuantizationReport report =
                    new QuantizationReport(spec.commandLine().getOut(), bytes);
            Quantizer quantizer = new Quantizer(pool, importance, report);
            List<TensorSource> quantized = quantizer.quantize(tensors, types);
            if (dryRun) {
                report.plan(tensors, quantized);
            } else {
                report.unknown(importance, tensors);
                try {
                    Gguf.write(out, Quantizer.metadata(model.metadata(), mix, importance), quantized);
                } finally {
                    report.end();
                }
                report.sum(out, Files.size(out));
            }
        }
        return ExitCode.OK;
    }

    private void checkTarget(Path source) throws IOException {
        if (Files.exists(out) && Files.isSameFile(source, out)) {
            throw new ParameterException(spec.commandLine(), "OUT is the model itself; name another file");
        }
        if (Files.exists(out) && !force && !dryRun) {
            throw new ParameterException(
                    spec.commandLine(), out + " exists; name another file, or replace it with --force");
        }
    }

    private void checkSource(List<TensorSource> tensors, Map<String, DType> types) {
        if (requantize) {
            return;
        }
        List<TensorSource> again = Quantizer.quantizedAlready(tensors, types);
        if (!again.isEmpty()) {
            TensorSource first = again.getFirst();
            throw new ParameterException(
                    spec.commandLine(),
                    "%,d tensors of %s are quantized already, such as %s, which is %s; take the model in F16, BF16 or F32, or add to their error with --allow-requantize"
                            .formatted(
                                    again.size(), in, first.name(), first.type().name()));
        }
    }
}
