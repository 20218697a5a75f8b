package dev.baleen.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Asks a hub what a repository holds and where a file's bytes are.
///
/// Listings come from `/api/models/ID/revision/REVISION`, and where that names files without sizes, page by page from
/// `/api/models/ID/tree/COMMIT`.
final class HubApi {
    private static final int ANSWER_BYTES_MAX = 64 << 20;
    private static final int FILES_MAX = 100_000;
    private static final int PAGES_MAX = 1_000;
    private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(1 << 20)
                            .build())
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .build())
            .build();

    private final HubSettings settings;
    private final Web web;
    private final Retries retries;

    HubApi(HubSettings settings, Web web, Retries retries) {
        this.settings = settings;
        this.web = web;
        this.retries = retries;
    }

    /// What the repository holds at a revision: a branch, a tag or a commit.
    ///
    /// @throws HubException if there is no such repository or revision, or it may not be seen
    Listing list(RepoId repo, String revision) throws InterruptedException {
        JsonNode info = json(api("/api/models/" + repo + "/revision/" + encode(revision) + "?blobs=true"), repo);
        String commit = info.path("sha").asText("");
        if (!Names.isSafeId(commit)) {
            throw new HubException("The hub names '%s' as the commit of %s at %s; that is none. Check HF_ENDPOINT"
                    .formatted(Names.printable(commit), repo, revision));
        }
        List<RemoteFile> files = new ArrayList<>();
        info.path("siblings").forEach(entry -> files.add(file(entry, entry.path("rfilename"))));
        boolean complete =
                !files.isEmpty() && files.stream().allMatch(file -> file.size().isPresent());
        return new Listing(commit, complete ? files : tree(repo, commit).orElse(files));
    }

    /// Where a file's bytes are, and what the hub calls them.
    ///
    /// @throws HubException if the file is not there or may not be read
    FileSource source(RepoId repo, String commit, RemoteFile file) throws InterruptedException {
        URI uri = api("/" + repo + "/resolve/" + encode(commit) + "/" + encode(file.path()));
        return retries.run(() -> {
            try (Web.Answer answer = head(uri)) {
                Optional<URI> elsewhere = Web.redirectOf(answer);
                if (elsewhere.isEmpty()) {
                    HubErrors.check(answer, settings, repo, file.path());
                }
                String etag = answer.hubHeader("X-Linked-Etag")
                        .or(() -> elsewhere.isEmpty() ? answer.header("ETag") : Optional.empty())
                        .map(HubApi::unquoted)
                        .or(file::sha256)
                        .or(file::blobId)
                        .orElse("");
                if (!Names.isSafeId(etag)) {
                    throw new HubException(
                            "%s comes with the ETag '%s', by which nothing can be kept; check HF_ENDPOINT"
                                    .formatted(Web.plain(uri), Names.printable(etag)));
                }
                if (Checksum.isSha256(etag) && !file.sha256().orElse(etag).equals(etag)) {
                    throw new HubException("The hub lists %s as %s and serves it as %s; it changed, or lies"
                            .formatted(file.path(), file.sha256().orElseThrow(), etag));
                }
                OptionalLong size = size(answer, elsewhere.isPresent());
                if (size.isPresent()
                        && file.size().isPresent()
                        && size.getAsLong() != file.size().getAsLong()) {
                    throw new HubException("The hub lists %s with %,d bytes and serves it with %,d; it changed, or lies"
                            .formatted(file.path(), file.size().getAsLong(), size.getAsLong()));
                }
                long bytes = size.isPresent() ? size.getAsLong() : file.size().orElse(-1);
                if (bytes < 0) {
                    throw new HubException(Web.plain(uri) + " does not say how long it is; check HF_ENDPOINT");
                }
                return new FileSource(uri, elsewhere.orElse(answer.uri()), etag, bytes);
            } catch (IOException e) {
                throw Retries.lost("Lost " + Web.plain(uri), e);
            }
        });
    }

    /// Repositories whose names are near; none where the hub cannot say.
    List<String> search(String text) throws InterruptedException {
        URI uri = api("/api/models?limit=5&search=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        try (Web.Answer answer = web.send("GET", uri, Map.of())) {
            if (answer.status() != 200) {
                return List.of();
            }
            List<String> found = new ArrayList<>();
            parse(uri, answer)
                    .forEach(entry -> found.add(Names.printable(entry.path("id").asText())));
            return found.stream().filter(name -> !name.isEmpty()).limit(5).toList();
        } catch (IOException | HubException e) {
            return List.of(); // A search is a kindness; what was asked for has failed already, and that is told.
        }
    }

    /// A server that knows no HEAD is asked for a byte.
    private Web.Answer head(URI uri) throws IOException, InterruptedException {
        Web.Answer answer = web.send("HEAD", uri, Map.of());
        if (answer.status() != 405 && answer.status() != 501) {
            return answer;
        }
        answer.close();
        return web.send("GET", uri, Map.of("Range", "bytes=0-0"));
    }

    private static OptionalLong size(Web.Answer answer, boolean elsewhere) {
        Optional<String> linked = answer.hubHeader("X-Linked-Size");
        if (linked.isPresent()) {
            return number(linked.get());
        }
        if (elsewhere) {
            return OptionalLong.empty();
        }
        return answer.header("Content-Range")
                .map(range -> number(range.substring(range.lastIndexOf('/') + 1)))
                .orElseGet(() -> answer.status() == 206
                        ? OptionalLong.empty()
                        : answer.header("Content-Length").map(HubApi::number).orElse(OptionalLong.empty()));
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /// Empty if the hub knows no such listing.
    private Optional<List<RemoteFile>> tree(RepoId repo, String commit) throws InterruptedException {
        List<RemoteFile> files = new ArrayList<>();
        Optional<URI> page = Optional.of(api("/api/models/" + repo + "/tree/" + encode(commit) + "?recursive=true"));
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == PAGES_MAX || files.size() > FILES_MAX) {
                throw new HubException("The listing of %s does not end: %,d files on %d pages so far"
                        .formatted(repo, files.size(), pages));
            }
            URI uri = page.get();
            Optional<URI> next = retries.run(() -> {
                try (Web.Answer answer = web.send("GET", uri, Map.of())) {
                    if (answer.status() == 404 && files.isEmpty()) {
                        return Optional.empty();
                    }
                    HubErrors.check(answer, settings, repo, "");
                    for (JsonNode entry : parse(uri, answer)) {
                        if (entry.path("type").asText().equals("file")) {
                            files.add(file(entry, entry.path("path")));
                        }
                    }
                    return next(uri, answer);
                } catch (IOException e) {
                    throw Retries.lost("Lost " + Web.plain(uri), e);
                }
            });
            page = next;
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(files);
    }

    /// The next page, which must be the hub's own.
    private Optional<URI> next(URI uri, Web.Answer answer) {
        Matcher next = NEXT.matcher(answer.header("Link").orElse(""));
        if (!next.find()) {
            return Optional.empty();
        }
        URI target;
        try {
            target = uri.resolve(next.group(1));
        } catch (IllegalArgumentException e) {
            throw new HubException(Web.plain(uri) + " names a next page that is no address", e);
        }
        if (target.getHost() == null || !Web.isSameOrigin(target, uri)) {
            throw new HubException("%s names a next page on another host; refused".formatted(Web.plain(uri)));
        }
        return Optional.of(target);
    }

    private JsonNode json(URI uri, RepoId repo) throws InterruptedException {
        return retries.run(() -> {
            try (Web.Answer answer = web.send("GET", uri, Map.of())) {
                HubErrors.check(answer, settings, repo, "");
                return parse(uri, answer);
            } catch (IOException e) {
                throw Retries.lost("Lost " + Web.plain(uri), e);
            }
        });
    }

    private static JsonNode parse(URI uri, Web.Answer answer) throws IOException {
        byte[] bytes = answer.body().readNBytes(ANSWER_BYTES_MAX + 1);
        if (bytes.length > ANSWER_BYTES_MAX) {
            throw new HubException("%s answers with more than %,d bytes; that is no listing"
                    .formatted(Web.plain(uri), ANSWER_BYTES_MAX));
        }
        Optional<String> length = answer.header("Content-Length");
        if (length.isPresent() && number(length.get()).orElse(bytes.length) > bytes.length) {
            throw new IOException("it was cut short");
        }
        try {
            return MAPPER.readTree(bytes);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    "%s answers with something that is no JSON; check HF_ENDPOINT and the proxy"
                            .formatted(Web.plain(uri)),
                    e);
        }
    }

    private static RemoteFile file(JsonNode entry, JsonNode path) {
        JsonNode large = entry.path("lfs");
        JsonNode size = large.has("size") ? large.path("size") : entry.path("size");
        Optional<String> sha256 = Stream.of(large.path("sha256"), large.path("oid"))
                .map(JsonNode::asText)
                .map(text -> text.startsWith("sha256:") ? text.substring("sha256:".length()) : text)
                .filter(Checksum::isSha256)
                .findFirst();
        Optional<String> blobId = Stream.of(entry.path("blobId"), entry.path("oid"))
                .map(JsonNode::asText)
                .filter(Names::isSafeId)
                .findFirst();
        return new RemoteFile(
                path.asText(),
                size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0
                        ? OptionalLong.of(size.longValue())
                        : OptionalLong.empty(),
                blobId,
                sha256);
    }

    private static String unquoted(String etag) {
        String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
        return strong.replace("\"", "");
    }

    private URI api(String path) {
        return URI.create(settings.endpoint() + path);
    }

    /// Each part of a path, its slashes left.
    private static String encode(String path) {
        return Stream.of(path.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
                .collect(Collectors.joining("/"));
    }
}
