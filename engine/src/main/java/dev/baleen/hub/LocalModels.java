package dev.baleen.hub;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.TensorEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The models in the cache, whichever program fetched them.
public final class LocalModels {
    private LocalModels() {}

    /// All of them, by name; of a model that lies here at several commits, the one that a name finds.
    public static List<LocalModel> all(HubCache cache) {
        Map<String, LocalModel> models = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (RepoId repo : cache.repositories()) {
            of(cache, repo).forEach(model -> models.putIfAbsent(model.name(), model));
        }
        return List.copyOf(models.values());
    }

    /// Bytes of a repository that a pull began to fetch and did not finish.
    public record Unfinished(RepoId repo, long bytes) {}

    /// Every repository with such bytes, by name.
    public static List<Unfinished> unfinished(HubCache cache) {
        return cache.repositories().stream()
                .map(repo -> new Unfinished(repo, cache.unfinishedBytes(repo)))
                .filter(pull -> pull.bytes() > 0)
                .toList();
    }

    /// The model that is meant, if it is here whole: of the commit that was fetched last, or of an older one.
    ///
    /// @throws HubException if nothing was chosen and several can be meant, with what there is
    public static Optional<LocalModel> find(HubCache cache, ModelReference wanted) {
        Optional<HubException> several = Optional.empty();
        for (String commit : cache.commits(wanted.repo())) {
            List<RemoteFile> whole = FileChoice.all(cache.files(wanted.repo(), commit)).stream()
                    .filter(choice -> choice.missingParts().isEmpty())
                    .flatMap(choice -> choice.files().stream())
                    .toList();
            if (whole.isEmpty()) {
                continue;
            }
            try {
                FileChoice choice = FileChoice.of(whole, wanted.choice(), wanted.repo() + " on this machine");
                return Optional.of(model(cache, wanted.repo(), commit, choice));
            } catch (HubException e) {
                several = several.or(() -> Optional.of(e));
            }
        }
        if (several.isPresent() && wanted.choice().isEmpty()) {
            throw several.get();
        }
        return Optional.empty();
    }

    /// A model outside the cache, such as the one that ships with the program.
    public static LocalModel inFolder(String name, Path folder) {
        long bytes = 0;
        for (Path file : HubCache.children(folder)) {
            bytes += Files.isRegularFile(file) ? sizeOf(file) : 0;
        }
        return new LocalModel(name, folder, bytes, mostCommonType(folder), List.of());
    }

    private static List<LocalModel> of(HubCache cache, RepoId repo) {
        Map<String, LocalModel> models = new LinkedHashMap<>();
        for (String commit : cache.commits(repo)) {
            for (FileChoice choice : FileChoice.all(cache.files(repo, commit))) {
                LocalModel model = model(cache, repo, commit, choice);
                models.merge(model.name(), model, (known, other) -> known.isWhole() ? known : other);
            }
        }
        return new ArrayList<>(models.values());
    }

    private static LocalModel model(HubCache cache, RepoId repo, String commit, FileChoice choice) {
        Path first = cache.pointer(repo, commit, choice.files().getFirst().path());
        Path path = choice.isGguf() ? first : cache.snapshot(repo, commit);
        List<String> missing = choice.missingParts();
        String quantization = FileChoice.quantization(choice.files().getFirst().path())
                .filter(label -> choice.isGguf())
                .orElseGet(() -> missing.isEmpty() ? mostCommonType(path) : "?");
        String label = choice.isGguf() && !choice.label().isEmpty() ? ":" + choice.label() : "";
        return new LocalModel(repo + label, path, choice.bytes(), quantization, missing);
    }

    /// The type that most bytes of a checkpoint are of; reads headers only.
    private static String mostCommonType(Path path) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            Map<String, Long> bytes = new TreeMap<>();
            for (TensorEntry entry : checkpoint.entries().values()) {
                bytes.merge(entry.typeName(), entry.bytes(), Long::sum);
            }
            return bytes.entrySet().stream()
                    .max(Comparator.comparing(Map.Entry::getValue))
                    .map(Map.Entry::getKey)
                    .orElse("?");
        } catch (CheckpointException e) {
            return "damaged";
        }
    }

    private static long sizeOf(Path file) {
        return file.toFile().length();
    }
}
