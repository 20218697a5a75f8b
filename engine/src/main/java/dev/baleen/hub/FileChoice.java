package dev.baleen.hub;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which files of a repository make the model that somebody means.
///
/// A repository of GGUF files holds one model several times over: a choice picks one by quantization (`Q4_K_M`) or by
/// path, all parts of it where it is split, and without a choice it is Q4_K_M or the only one there is. A repository
/// of safetensors is one model: settings, tokenizer and weights, and no second copy of the weights in another format.
///
/// @param label what tells this choice from others of the repository, such as `Q4_K_M`; empty where there is one only
/// @param files in the order of their paths
record FileChoice(String label, List<RemoteFile> files) {
    static final String PREFERRED = "Q4_K_M";

    /// Picks the safetensors of a repository that holds GGUF files too.
    static final String SAFETENSORS = "safetensors";

    /// DeepSeek-V3 counts its parts with six digits.
    private static final Pattern PART =
            Pattern.compile("(.+)-(\\d{5})-of-(\\d{5,6})\\.(gguf|safetensors)", Pattern.CASE_INSENSITIVE);
    /// A quantization within a name, as publishers write them; their own prefix, such as `UD-`, belongs to it.
    private static final Pattern QUANTIZATION = Pattern.compile(
            "(?:^|[-._/])((?:UD-)?(?:I?Q\\d[A-Z0-9_]*|TQ\\d_\\d|BF16|FP?16|FP?32|FP8|MXFP4[A-Z0-9_]*|NVFP4))(?=$|[-._/])",
            Pattern.CASE_INSENSITIVE);

    private static final List<String> SETTINGS = List.of(
            "config.json",
            "generation_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "model.safetensors.index.json");

    /// Every model among the files.
    static List<FileChoice> all(List<RemoteFile> files) {
        List<FileChoice> choices = new ArrayList<>(ggufs(files));
        safetensors(files).ifPresent(choices::add);
        return choices;
    }

    /// The model that is meant.
    ///
    /// @param where what messages call the place of the files
    /// @throws HubException if none or several can be meant, with what there is
    static FileChoice of(List<RemoteFile> files, Optional<String> wanted, String where) {
        List<FileChoice> ggufs = ggufs(files);
        Optional<FileChoice> safetensors = safetensors(files);
        if (wanted.isPresent()) {
            return chosen(ggufs, safetensors, wanted.get(), where).complete(where);
        }
        if (ggufs.isEmpty()) {
            return safetensors.orElseThrow(() -> new HubException(nothing(files, where)));
        }
        if (ggufs.size() == 1) {
            return ggufs.getFirst().complete(where);
        }
        List<FileChoice> preferred = ggufs.stream()
                .filter(choice -> choice.label.equalsIgnoreCase(PREFERRED))
                .toList();
        if (preferred.size() == 1) {
            return preferred.getFirst().complete(where);
        }
        throw new HubException("%s holds %d models; choose one with :CHOICE behind the name: %s"
                .formatted(where, ggufs.size(), labels(ggufs)));
    }

    /// What a choice may be made by: the quantization in a file's name, or nothing.
    static Optional<String> quantization(String path) {
        String name = withoutPart(path).replaceFirst("(?i)\\.gguf$", "");
        Matcher matcher = QUANTIZATION.matcher(name);
        Optional<String> last = Optional.empty();
        while (matcher.find()) {
            last = Optional.of(matcher.group(1).toUpperCase(Locale.ROOT));
        }
        return last;
    }

    /// Bytes of all files; 0 for those of unknown size.
    long bytes() {
        return files.stream().mapToLong(file -> file.size().orElse(0)).sum();
    }

    boolean isGguf() {
        return files.getFirst().path().toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /// Parts that a model in several files lacks, such as `00003`.
    List<String> missingParts() {
        Optional<Matcher> part = firstPart();
        List<String> missing = new ArrayList<>();
        for (int i = 1; i <= part.map(of -> Integer.parseInt(of.group(3))).orElse(0); i++) {
            String number = String.format(Locale.ROOT, "-%05d-of-", i);
            if (files.stream().noneMatch(file -> file.path().contains(number))) {
                missing.add(number.substring(1, 6));
            }
        }
        return missing;
    }

    private Optional<Matcher> firstPart() {
        return files.stream()
                .map(file -> PART.matcher(file.path()))
                .filter(Matcher::matches)
                .findFirst();
    }

    private FileChoice complete(String where) {
        List<String> missing = missingParts();
        if (!missing.isEmpty()) {
            throw new HubException("%s lacks part%s %s of %s; take another model, or tell its publisher"
                    .formatted(
                            where,
                            missing.size() == 1 ? "" : "s",
                            missing.stream().limit(8).collect(Collectors.joining(", "))
                                    + (missing.size() > 8 ? " and more" : ""),
                            Names.printable(
                                    withoutPart(firstPart().orElseThrow().group()))));
        }
        return this;
    }

    private static FileChoice chosen(
            List<FileChoice> ggufs, Optional<FileChoice> safetensors, String wanted, String where) {
        List<FileChoice> fitting =
                meant(Stream.concat(ggufs.stream(), safetensors.stream()).toList(), wanted);
        if (fitting.size() == 1) {
            return fitting.getFirst();
        }
        if (fitting.size() > 1) {
            throw new HubException("%s holds %d models that ':%s' fits; name one by its file: %s"
                    .formatted(
                            where,
                            fitting.size(),
                            Names.printable(wanted),
                            fitting.stream()
                                    .map(choice -> choice.files.getFirst().path())
                                    .map(Names::printable)
                                    .limit(20)
                                    .collect(Collectors.joining(", "))));
        }
        if (ggufs.isEmpty()) {
            throw new HubException("%s holds no GGUF file, so there is nothing to choose with ':%s'%s"
                    .formatted(
                            where,
                            Names.printable(wanted),
                            safetensors.isPresent() ? "; leave it out for the safetensors" : ""));
        }
        List<String> near = NearNames.of(wanted, ggufs.stream().map(choice -> choice.label));
        throw new HubException("%s has no ':%s'%s; there is %s"
                .formatted(
                        where,
                        Names.printable(wanted),
                        near.isEmpty() ? "" : ", perhaps you mean " + String.join(" or ", near),
                        labels(ggufs)));
    }

    /// Those that a choice may mean. Of its meanings, from the strictest to the loosest, the first that fits any
    /// decides.
    static List<FileChoice> meant(List<FileChoice> choices, String wanted) {
        List<Predicate<FileChoice>> meanings = List.of(
                choice -> choice.files.stream().anyMatch(file -> file.path().equals(wanted)),
                choice -> choice.files.stream().anyMatch(file -> file.fileName().equals(wanted)),
                choice ->
                        choice.isGguf() ? choice.label.equalsIgnoreCase(wanted) : wanted.equalsIgnoreCase(SAFETENSORS),
                choice -> choice.isGguf()
                        && isTokenOf(wanted, choice.files.getFirst().path()));
        return meanings.stream()
                .map(meaning -> choices.stream().filter(meaning).toList())
                .filter(fitting -> !fitting.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    private static boolean isTokenOf(String wanted, String path) {
        String quoted = Pattern.quote(wanted);
        return Pattern.compile("(?:^|[-._/])" + quoted + "(?:$|[-./])", Pattern.CASE_INSENSITIVE)
                .matcher(path)
                .find();
    }

    private static List<FileChoice> ggufs(List<RemoteFile> files) {
        SequencedMap<String, List<RemoteFile>> sets = new LinkedHashMap<>();
        files.stream()
                .filter(file -> isModel(file.path()))
                .sorted(Comparator.comparing(RemoteFile::path))
                .forEach(file -> sets.computeIfAbsent(withoutPart(file.path()), set -> new ArrayList<>())
                        .add(file));
        Map<String, Long> uses = sets.keySet().stream()
                .map(set -> quantization(set).orElse(""))
                .collect(Collectors.groupingBy(label -> label, TreeMap::new, Collectors.counting()));
        List<FileChoice> choices = new ArrayList<>();
        sets.forEach((set, parts) -> {
            String label = quantization(set).orElse("");
            boolean tells = !label.isEmpty() && uses.get(label) == 1;
            choices.add(new FileChoice(tells || sets.size() == 1 ? label : set, List.copyOf(parts)));
        });
        return choices;
    }

    /// What beside a model is called `.gguf` too: eyes for one, and statistics for making one.
    private static boolean isModel(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        return name.endsWith(".gguf") && !name.startsWith("mmproj") && !name.contains("imatrix");
    }

    private static Optional<FileChoice> safetensors(List<RemoteFile> files) {
        List<RemoteFile> top =
                files.stream().filter(file -> !file.path().contains("/")).toList();
        List<RemoteFile> weights = top.stream()
                .filter(file -> file.path().endsWith(".safetensors"))
                .toList();
        boolean hasOthers = weights.stream().anyMatch(file -> !file.path().startsWith("consolidated"));
        List<RemoteFile> kept = top.stream()
                .filter(file -> isSetting(file.path())
                        || file.path().endsWith(".safetensors")
                                && !(hasOthers && file.path().startsWith("consolidated")))
                .sorted(Comparator.comparing(RemoteFile::path))
                .toList();
        return weights.isEmpty() ? Optional.empty() : Optional.of(new FileChoice("", kept));
    }

    private static boolean isSetting(String name) {
        return SETTINGS.contains(name) || name.startsWith("tokenizer") || name.startsWith("chat_template");
    }

    private static String nothing(List<RemoteFile> files, String where) {
        boolean archives = files.stream()
                .anyMatch(file -> file.path().endsWith(".bin") || file.path().endsWith(".pth"));
        return archives
                ? where
                        + " holds its weights as PyTorch archives only, which are not read; take a copy as safetensors or"
                        + " GGUF"
                : where + " holds neither GGUF nor safetensors files";
    }

    private static String labels(List<FileChoice> choices) {
        return Stream.concat(
                        choices.stream()
                                .map(choice -> Names.printable(choice.label))
                                .limit(40),
                        choices.size() > 40 ? Stream.of("…") : Stream.empty())
                .collect(Collectors.joining(", "));
    }

    private static String withoutPart(String path) {
        Matcher part = PART.matcher(path);
        return part.matches() ? part.group(1) + "." + part.group(4) : path;
    }
}
