package dev.baleen.hub;

import java.util.Optional;
import java.util.OptionalLong;

/// A file as a listing names it; nothing of it is believed before the bytes are here.
///
/// @param path within the repository, not yet checked
/// @param size in bytes, where the listing says it
/// @param blobId git's id of the content or of what points to it, where the listing says it
/// @param sha256 of the content, in hexadecimal, where the listing says it, as it does for large files
record RemoteFile(String path, OptionalLong size, Optional<String> blobId, Optional<String> sha256) {
    /// A file that is here.
    static RemoteFile local(String path, long size) {
        return new RemoteFile(path, OptionalLong.of(size), Optional.empty(), Optional.empty());
    }

    String fileName() {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
