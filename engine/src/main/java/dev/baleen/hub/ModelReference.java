package dev.baleen.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is wanted of a repository: `owner/name`, or `owner/name:CHOICE` where the choice is a quantization such as
/// `Q4_K_M` or a file's path.
public record ModelReference(RepoId repo, Optional<String> choice) {
    /// The address of a hub may stand before it, as people copy it from their browser or from other programs.
    private static final Pattern FORM =
            Pattern.compile("(?:(?:https?://)?(?:huggingface\\.co|hf\\.co)/)?([^/:\\s]+/[^/:\\s]+?)/?(?::(.+))?");

    /// The reference that the text spells; empty if it spells none.
    public static Optional<ModelReference> find(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ModelReference(RepoId.parse(form.group(1)), Optional.ofNullable(form.group(2))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// Such as `owner/name:Q4_K_M`.
    @Override
    public String toString() {
        return repo + choice.map(chosen -> ":" + chosen).orElse("");
    }
}
