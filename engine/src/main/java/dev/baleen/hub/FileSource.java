package dev.baleen.hub;

import java.net.URI;

/// Where a file's bytes are.
///
/// @param asked the hub's own address of the file, by commit, so that it always means the same bytes
/// @param found where the hub sent us, perhaps elsewhere and for a while only
/// @param etag what the hub calls these bytes: a SHA-256 for a large file, git's id for a small one
/// @param size in bytes
record FileSource(URI asked, URI found, String etag, long size) {}
