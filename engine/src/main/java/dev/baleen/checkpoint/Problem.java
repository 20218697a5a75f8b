package dev.baleen.checkpoint;

/// One thing that is wrong with a checkpoint.
///
/// @param where the file, then what names the place: a tensor, a key, a byte offset
/// @param what what is wrong there, with the value
/// @param remedy how to mend it; empty where nothing better than another file helps
public record Problem(String where, String what, String remedy) {
    @Override
    public String toString() {
        return where + ": " + what + (remedy.isEmpty() ? "" : "; " + remedy);
    }
}
