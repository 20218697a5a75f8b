package dev.baleen.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which hub, who asks, and where files go: what the environment says, by the variables of Hugging Face's own programs.
///
/// | variable | what it says |
/// |---|---|
/// | `HF_ENDPOINT` | the hub's address |
/// | `HF_TOKEN`, else the file `HF_TOKEN_PATH`, else `token` in `HF_HOME` | who asks |
/// | `HF_HUB_OFFLINE` | whether to ask nobody |
/// | `HF_HUB_CACHE`, else `hub` in `HF_HOME`, else in `XDG_CACHE_HOME/huggingface` | the cache |
/// | `HF_HUB_DISABLE_SYMLINKS` | whether files are moved into place instead of linked |
/// | `XDG_DATA_HOME` | where `baleen/last-use` is |
///
/// @param endpoint without a slash at its end
/// @param links whether the snapshots of the cache may link to its blobs
/// @param lastUse the folder that says when models were used
public record HubSettings(
        URI endpoint,
        Optional<String> token,
        boolean offline,
        Path cache,
        boolean links,
        Proxies proxies,
        Path lastUse) {
    private static final String ENDPOINT = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE");
    private static final int TOKEN_BYTES_MAX = 4_096;

    /// @throws HubException if a variable makes no sense
    public static HubSettings ofEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /// @param home what `~` stands for
    /// @throws HubException if a variable makes no sense
    public static HubSettings of(Map<String, String> environment, Path home) {
        Path caches = path(environment, home, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
        Path hugging = path(environment, home, "HF_HOME").orElse(caches.resolve("huggingface"));
        Path cache = path(environment, home, "HF_HUB_CACHE")
                .or(() -> path(environment, home, "HUGGINGFACE_HUB_CACHE"))
                .orElse(hugging.resolve("hub"));
        Path data = path(environment, home, "XDG_DATA_HOME")
                .orElse(home.resolve(".local").resolve("share"));
        Path tokenFile = path(environment, home, "HF_TOKEN_PATH").orElse(hugging.resolve("token"));
        return new HubSettings(
                endpoint(value(environment, "HF_ENDPOINT").orElse(ENDPOINT)),
                isTrue(environment, "HF_HUB_DISABLE_IMPLICIT_TOKEN") ? Optional.empty() : token(environment, tokenFile),
                isTrue(environment, "HF_HUB_OFFLINE") || isTrue(environment, "TRANSFORMERS_OFFLINE"),
                cache.toAbsolutePath().normalize(),
                !isTrue(environment, "HF_HUB_DISABLE_SYMLINKS"),
                Proxies.of(environment),
                data.resolve("baleen").resolve("last-use"));
    }

    private static URI endpoint(String text) {
        String message = "HF_ENDPOINT is '%s'; it has to be the address of a hub, such as %s"
                .formatted(Names.printable(text), ENDPOINT);
        try {
            URI uri = URI.create(text.replaceFirst("/+$", ""));
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                throw new HubException(message);
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw new HubException(message, e);
        }
    }

    private static Optional<String> token(Map<String, String> environment, Path file) {
        Optional<String> named = value(environment, "HF_TOKEN").or(() -> value(environment, "HUGGING_FACE_HUB_TOKEN"));
        if (named.isPresent()) {
            return Optional.of(checked(named.get(), "HF_TOKEN"));
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > TOKEN_BYTES_MAX) {
                return Optional.empty();
            }
            String text = Files.readString(file).strip();
            return text.isEmpty() ? Optional.empty() : Optional.of(checked(text, file.toString()));
        } catch (IOException e) {
            throw new HubException(
                    "The token in %s cannot be read: %s; mend the file or set HF_TOKEN".formatted(file, e.getMessage()),
                    e);
        }
    }

    /// A token goes into a header, which must not break. The message does not quote it.
    private static String checked(String token, String where) {
        if (!token.chars().allMatch(character -> character > ' ' && character < 0x7F)) {
            throw new HubException(where + " holds characters that no token has; put the token there and nothing else");
        }
        return token;
    }

    private static boolean isTrue(Map<String, String> environment, String name) {
        return value(environment, name)
                .filter(text -> TRUE.contains(text.toUpperCase(Locale.ROOT)))
                .isPresent();
    }

    private static Optional<Path> path(Map<String, String> environment, Path home, String name) {
        return value(environment, name)
                .map(text -> text.equals("~") || text.startsWith("~/")
                        ? home.resolve(text.substring(Math.min(2, text.length())))
                        : Path.of(text));
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Stream.of(environment.getOrDefault(name, "").strip())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }

    /// Without the token, so that no log ever holds it.
    @Override
    public String toString() {
        return "HubSettings[endpoint=%s, token %s, cache=%s%s]"
                .formatted(endpoint, token.isPresent() ? "set" : "not set", cache, offline ? ", offline" : "");
    }
}
