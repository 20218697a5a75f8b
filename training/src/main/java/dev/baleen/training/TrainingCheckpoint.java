package dev.baleen.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Checkpoints of a run that goes on: a folder for each, of which the newest two are kept.
///
/// A folder `step-S-N` (stage, step) holds `model.safetensors`, `optimizer.safetensors` and `state.json` with the
/// SHA-256 of both. It is written as `….tmp`, forced to the disk and moved into place in one go, then the file `latest`
/// is made to name it: whenever the machine stops, what is there under its final name is whole.
public final class TrainingCheckpoint {
    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String LATEST = "latest";
    private static final String UNFINISHED = ".tmp";
    private static final int KEPT = 2;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    /// @param folder where the checkpoints lie; made with the first
    public TrainingCheckpoint(Path folder) {
        this.folder = folder;
    }

    /// Writes a checkpoint and removes those before the last two.
    public void save(TrainingState state, Parameters parameters, Moments moments) throws IOException {
        String name = "step-%d-%08d".formatted(state.stage(), state.step());
        Path unfinished = folder.resolve(name + UNFINISHED);
        delete(unfinished);
        Files.createDirectories(unfinished);
        Safetensors.write(unfinished.resolve(MODEL), parameters.tensors(), Map.of());
        Safetensors.write(unfinished.resolve(OPTIMIZER), tensors(moments), Map.of());
        HuggingFaceFolder.writeJson(unfinished.resolve(STATE), json(state, unfinished));
        forceFolder(unfinished);
        Path finished = folder.resolve(name);
        delete(finished);
        Files.move(unfinished, finished, StandardCopyOption.ATOMIC_MOVE);
        forceFolder(folder);
        writeLatest(name);
        List<Path> all = finished();
        for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
            delete(old);
        }
    }

    /// Reads the last checkpoint into `parameters` and `moments`; empty if there is none.
    ///
    /// @param recipe the hash of the settings that the run is to go on with
    /// @throws CheckpointException if the checkpoint is damaged, or was made with other settings
    public Optional<TrainingState> load(String recipe, Parameters parameters, Moments moments) throws IOException {
        Optional<Path> last = last();
        if (last.isEmpty()) {
            return Optional.empty();
        }
        TrainingState state = state(last.get(), recipe);
        read(last.get().resolve(MODEL), parameters.tensors());
        read(last.get().resolve(OPTIMIZER), tensors(moments));
        return Optional.of(state);
    }

    /// Removes all checkpoints.
    public void clear() throws IOException {
        delete(folder);
    }

    /// What `latest` names; if that was deleted by hand, the newest that is there.
    private Optional<Path> last() throws IOException {
        Path latest = folder.resolve(LATEST);
        if (Files.isRegularFile(latest)) {
            Path named = folder.resolve(Files.readString(latest).strip());
            if (named.getParent().equals(folder) && Files.isDirectory(named)) {
                return Optional.of(named);
            }
        }
        List<Path> all = finished();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// Oldest first.
    private List<Path> finished() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(path -> path.getFileName().toString().matches("step-\\d+-\\d{8,}"))
                    .sorted()
                    .toList();
        }
    }

    private void writeLatest(String name) throws IOException {
        Path unfinished = folder.resolve(LATEST + UNFINISHED);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.wrap((name + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(
                unfinished,
                folder.resolve(LATEST),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        forceFolder(folder);
    }

    private static ObjectNode json(TrainingState state, Path folder) throws IOException {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("stage", state.stage());
        json.put("step", state.step());
        json.put("tokens", state.tokens());
        json.put("clips", state.clips());
        json.put("seed", Long.toString(state.seed()));
        json.put("recipe", state.recipe());
        json.put("java", System.getProperty("java.vm.version", "unknown"));
        ObjectNode hashes = json.putObject("sha256");
        hashes.put(MODEL, Sha256.ofFile(folder.resolve(MODEL)));
        hashes.put(OPTIMIZER, Sha256.ofFile(folder.resolve(OPTIMIZER)));
        return json;
    }

    /// The state, if every file is what `state.json` says and the settings are the same.
    private static TrainingState state(Path checkpoint, String recipe) throws IOException {
        String where = checkpoint.resolve(STATE).toString();
        String mend = "delete the folder %s to go on from the checkpoint before it".formatted(checkpoint);
        JsonNode json = JsonNodeFactory.instance.objectNode();
        try {
            json = JSON.readTree(Files.readAllBytes(checkpoint.resolve(STATE)));
        } catch (JsonProcessingException | NoSuchFileException e) {
            refuse(where, "file", "is missing or no JSON (%s)".formatted(firstLine(e)), mend);
        }
        Config config = Config.of(where, json);
        long step = (long) config.number("step");
        TrainingState state = new TrainingState(
                Math.max(0, config.integer("stage")),
                Math.max(0, step),
                Math.max(0, (long) config.number("tokens")),
                Math.max(0, (long) config.number("clips")),
                seed(config, mend),
                config.text("recipe"));
        Optional<Config> hashes = config.section("sha256");
        for (String file : List.of(MODEL, OPTIMIZER)) {
            String told = hashes.map(section -> section.text(file, "")).orElse("");
            String found =
                    Files.isRegularFile(checkpoint.resolve(file)) ? Sha256.ofFile(checkpoint.resolve(file)) : "none";
            if (!told.equals(found)) {
                String what = "the file has SHA-256 %s, but had '%s' when it was written: it was cut short or changed";
                config.problem("sha256." + file, what.formatted(found, told), mend);
            }
        }
        if (!state.recipe().equals(recipe)) {
            config.problem(
                    "recipe",
                    "these settings have the hash %s, but the run began with %s".formatted(recipe, state.recipe()),
                    "go on with the settings of then, or begin anew in another folder");
        }
        config.finish();
        return state;
    }

    private static long seed(Config config, String mend) {
        try {
            return Long.parseLong(config.text("seed", "none"));
        } catch (NumberFormatException e) {
            config.problem("seed", "is no whole number", mend);
            return 0;
        }
    }

    private static void refuse(String where, String key, String what, String mend) {
        Config config = Config.of(where, JsonNodeFactory.instance.objectNode());
        config.problem(key, what, mend);
        config.finish();
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }

    private static void read(Path file, Map<String, Tensor> targets) {
        try (Safetensors stored = Safetensors.open(file)) {
            Config problems = Config.of(file.toString(), JsonNodeFactory.instance.objectNode());
            targets.forEach((name, target) -> stored.tensor(name)
                    .filter(tensor ->
                            tensor.type() == target.type() && tensor.shape().equals(target.shape()))
                    .ifPresentOrElse(
                            tensor -> target.data().copyFrom(tensor.data()),
                            () -> problems.problem(name, "is not there as " + target, "begin anew in another folder")));
            problems.finish();
        }
    }

    private static Map<String, Tensor> tensors(Moments moments) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        moments.first().tensors().forEach((name, tensor) -> tensors.put("first." + name, tensor));
        moments.second().tensors().forEach((name, tensor) -> tensors.put("second." + name, tensor));
        return tensors;
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /// Makes a new name itself last. Windows cannot open a folder and does not need it.
    private static void forceFolder(Path folder) throws IOException {
        if (!System.getProperty("os.name").startsWith("Windows")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
