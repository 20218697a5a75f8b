/// What a person types: one class per command.
///
/// In: words of a command line. Out: text in a terminal and an exit status. Read [dev.baleen.cli.Main] first, then any
/// one command. Knows nothing of tensors or training steps: a command parses its options, calls the module that does
/// the work and prints what comes back.
@NullMarked
package dev.baleen.cli;

import org.jspecify.annotations.NullMarked;
