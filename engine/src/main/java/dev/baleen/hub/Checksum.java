package dev.baleen.hub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a file's bytes have to hash to, by what the hub calls them: SHA-256 for large files, and for small ones git's
/// id, which is the SHA-1 of the content behind `blob`, its length and a zero.
///
/// @param algorithm for [MessageDigest]
/// @param prefix hashed before the bytes
/// @param hex the digest
record Checksum(String algorithm, byte[] prefix, String hex) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");

    static boolean isSha256(String text) {
        return SHA256.matcher(text).matches();
    }

    /// What can be held against the bytes; empty where the hub names nothing of the kind. A git id counts only
    /// where listing and file agree on it: some hubs make up an ETag of that length.
    static Optional<Checksum> of(RemoteFile file, FileSource source) {
        Optional<String> large =
                file.sha256().or(() -> Optional.of(source.etag()).filter(Checksum::isSha256));
        if (large.isPresent()) {
            return Optional.of(new Checksum("SHA-256", new byte[0], large.get()));
        }
        if (SHA1.matcher(source.etag()).matches() && file.blobId().equals(Optional.of(source.etag()))) {
            byte[] prefix = ("blob " + source.size() + "\0").getBytes(StandardCharsets.US_ASCII);
            return Optional.of(new Checksum("SHA-1", prefix, source.etag()));
        }
        return Optional.empty();
    }

    MessageDigest start() {
        MessageDigest digest = digest(algorithm);
        digest.update(prefix);
        return digest;
    }

    boolean matches(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest()).equals(hex);
    }

    static MessageDigest sha256() {
        return digest("SHA-256");
    }

    static String sha256(ByteBuffer bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java VM lacks " + algorithm + "; use another", e);
        }
    }
}
