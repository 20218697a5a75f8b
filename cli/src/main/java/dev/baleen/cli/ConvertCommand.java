package dev.baleen.cli;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.conversion.Conversion;
import dev.baleen.conversion.ConversionOptions;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.ByteCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a model in the other file format.
@Command(
        name = "convert",
        description = {
            "Writes a folder in Hugging Face layout as a GGUF file, or a GGUF file as such a folder:",
            "weights, settings, tokenizer and chat template. What both formats can hold stays",
            "as it is, to the bit. What the other cannot hold is decoded: eight-bit floats for",
            "GGUF, quantized blocks for a folder."
        })
final class ConvertCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN", description = "The model: a folder, a GGUF file, or the name of one.")
    private String in = "";

    @Parameters(index = "1", paramLabel = "OUT", description = "The file or folder to write, which must not exist.")
    private Path out = Path.of("");

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Write matrices in F32, F16 or BF16. Without it they keep their type where they can,"
                    + " and are BF16 where they cannot; BF16 rounds eight-bit floats with scales, and F32 does not.")
    private Optional<DType> type = Optional.empty();

    @Option(
            names = "--shard-size",
            paramLabel = "SIZE",
            converter = ByteSize.class,
            description = "How large the files of a folder may get (default: 5 GB).")
    private long shardBytes = ConversionOptions.SHARD_BYTES;

    @Option(
            names = "--pre",
            paramLabel = "NAME",
            description = "What GGUF is to call the way in which the tokenizer cuts text (default: found out).")
    private Optional<String> preTokenizer = Optional.empty();

    @Option(names = "--no-mtp", description = "Leave out the layers that predict further ahead.")
    private boolean withoutPrediction;

    @Override
    public Integer call() throws IOException {
        Path source = ModelFinder.find(spec, in, "as IN");
        PrintWriter screen = spec.commandLine().getOut();
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            check(checkpoint);
            Conversion conversion = Conversion.of(checkpoint, out, options());
            screen.printf("%s → %s, %s of weights%n", source, out, ByteCount.text(conversion.bytes()));
            screen.flush();
            ProgressBar bar = new ProgressBar(screen, conversion.bytes());
            try {
                conversion.write((bytes, tensor) -> bar.advance(bytes));
            } finally {
                bar.end();
            }
            screen.println("written: " + out);
            screen.flush();
        }
        return ExitCode.OK;
    }

    private ConversionOptions options() {
        try {
            return new ConversionOptions(type, shardBytes, preTokenizer, !withoutPrediction);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void check(Checkpoint checkpoint) {
        if (Files.exists(out)) {
            throw new ParameterException(
                    spec.commandLine(), "There is something at " + out + " already; name another place, or delete it");
        }
        boolean named = out.toString().endsWith(".gguf");
        if (checkpoint instanceof Gguf && named) {
            throw new ParameterException(
                    spec.commandLine(),
                    "A GGUF file is converted to a folder, and %s would be a GGUF file again; ./baleen quantize changes the types of numbers"
                            .formatted(out));
        }
        if (checkpoint instanceof HuggingFaceFolder && !named) {
            throw new ParameterException(
                    spec.commandLine(),
                    "A folder is converted to a GGUF file; name one that ends in .gguf instead of " + out);
        }
    }
}
