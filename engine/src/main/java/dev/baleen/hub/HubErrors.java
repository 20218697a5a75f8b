package dev.baleen.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a hub's refusals mean to the person who asked.
final class HubErrors {
    private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429, 500, 502, 503, 504);
    private static final int TEXT_BYTES_MAX = 2_048;
    /// `t` is the seconds until there is room again.
    private static final Pattern RATE_LIMIT = Pattern.compile("\\bt=(\\d{1,6})\\b");

    private HubErrors() {}

    /// @param path the file that was asked for, or nothing for the repository
    /// @throws Transient if the hub may answer better later
    /// @throws NoSuchRepository if it knows no such repository
    /// @throws HubException if it refused
    static void check(Web.Answer answer, HubSettings settings, RepoId repo, String path) throws Transient {
        int status = answer.status();
        if (status >= 200 && status < 300) {
            return;
        }
        checkTransient(answer);
        String code = answer.header("X-Error-Code").orElse("");
        String page = settings.endpoint() + "/" + repo;
        boolean known = settings.token().isPresent();
        String setToken = known
                ? "the token that is set does not open it"
                : "set HF_TOKEN to a token of yours, which " + settings.endpoint() + "/settings/tokens makes";
        if (code.equals("GatedRepo") || status == 403) {
            throw new HubException("%s is gated: agree to its terms at %s, and %s (status %d%s)"
                    .formatted(
                            repo,
                            page,
                            known ? "use a token of that account in HF_TOKEN" : setToken,
                            status,
                            told(answer)));
        }
        if (status == 401 || code.equals("RepoNotFound")) {
            String message = "There is no %s on %s, or it is private or gated; check the name, and %s (status %d%s)"
                    .formatted(repo, settings.endpoint(), setToken, status, told(answer));
            // A repository that was listed is there: its name was no slip.
            throw path.isEmpty() ? new NoSuchRepository(message) : new HubException(message);
        }
        if (status == 404 && code.equals("RevisionNotFound")) {
            throw new HubException("%s has no such revision (status 404%s)".formatted(repo, told(answer)));
        }
        if (status == 404 && path.isEmpty()) {
            throw new NoSuchRepository(
                    "There is no %s on %s (status 404%s)".formatted(repo, settings.endpoint(), told(answer)));
        }
        if (status == 404) {
            throw new HubException("%s lists %s but does not have it (status 404%s)"
                    .formatted(repo, Names.printable(path), told(answer)));
        }
        throw new HubException("%s answers with status %d%s".formatted(Web.plain(answer.uri()), status, told(answer)));
    }

    /// @throws Transient if the server may answer better later
    static void checkTransient(Web.Answer answer) throws Transient {
        if (TRANSIENT.contains(answer.status())) {
            String what = answer.status() == 429 ? "%s allows no more requests for now" : "%s is not well (status %d)";
            throw new Transient(what.formatted(answer.uri().getHost(), answer.status()), waitFor(answer));
        }
    }

    /// How long the server asks to wait: seconds or a date in `Retry-After`, else what its rate limit says.
    private static Optional<Duration> waitFor(Web.Answer answer) {
        Optional<String> after = answer.header("Retry-After").map(String::strip);
        if (after.isPresent() && after.get().matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(after.get())));
        }
        if (after.isPresent()) {
            try {
                Instant then = ZonedDateTime.parse(after.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration wait = Duration.between(Instant.now(), then);
                return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
            } catch (DateTimeException e) {
                return Optional.empty(); // Neither seconds nor a date: as if it had said nothing.
            }
        }
        Matcher limit = RATE_LIMIT.matcher(answer.header("RateLimit").orElse(""));
        return limit.find() ? Optional.of(Duration.ofSeconds(Long.parseLong(limit.group(1)))) : Optional.empty();
    }

    private static String told(Web.Answer answer) {
        String text = answer.header("X-Error-Message").orElseGet(() -> start(answer));
        return text.isEmpty() ? "" : ": " + Names.printable(text);
    }

    /// What the body says, if it is a line and no page.
    private static String start(Web.Answer answer) {
        try {
            String text = new String(answer.body().readNBytes(TEXT_BYTES_MAX), StandardCharsets.UTF_8).strip();
            return text.startsWith("<") ? "" : text;
        } catch (IOException e) {
            return ""; // The status alone has to do.
        }
    }

    /// The repository cannot be seen, and another of a similar name may be meant.
    static final class NoSuchRepository extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoSuchRepository(String message) {
            super(message);
        }
    }
}
