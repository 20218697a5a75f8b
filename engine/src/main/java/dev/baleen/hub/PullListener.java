package dev.baleen.hub;

/// What is told of a pull while it goes on, some of it from several threads at once.
public interface PullListener {
    /// What is about to be fetched.
    ///
    /// @param bytes of all files
    /// @param here bytes of them that are here already
    void planned(ModelReference model, int files, long bytes, long here);

    /// Bytes arrived; fewer than none where some turned out wrong and are fetched again.
    void advanced(long bytes);

    /// Something that a person wants to know: a new try, a repair, a file that nothing vouches for.
    void noted(String line);
}
