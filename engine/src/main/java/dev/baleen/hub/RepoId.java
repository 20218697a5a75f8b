package dev.baleen.hub;

import java.util.regex.Pattern;

/// A repository of a hub: `owner/name`.
public record RepoId(String owner, String name) {
    /// What the hub allows; `--` and `..` are excluded because the cache turns the id into the name of a folder.
    private static final Pattern PART =
            Pattern.compile("(?!.*(?:--|\\.\\.))[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?");

    public RepoId {
        check(owner);
        check(name);
    }

    /// @throws IllegalArgumentException if the text is no id
    public static RepoId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' names no repository; one is called owner/name");
        }
        return new RepoId(text.substring(0, slash), text.substring(slash + 1));
    }

    /// Such as `models--owner--name`.
    String folderName() {
        return "models--" + owner + "--" + name;
    }

    @Override
    public String toString() {
        return owner + "/" + name;
    }

    private static void check(String part) {
        if (!PART.matcher(part).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no name on a hub; letters, digits, '.', '-' and '_' are allowed, up to 96 of them"
                            .formatted(Names.printable(part)));
        }
    }
}
