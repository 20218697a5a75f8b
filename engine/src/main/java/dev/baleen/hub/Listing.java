package dev.baleen.hub;

import java.util.List;

/// What a repository holds at one commit.
record Listing(String commit, List<RemoteFile> files) {}
