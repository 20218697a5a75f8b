/// The web server: the API, the page, and the one place that joins them.
///
/// In: HTTP. Out: HTTP. Read [dev.baleen.server.BaleenServer].
@NullMarked
package dev.baleen.server;

import org.jspecify.annotations.NullMarked;
