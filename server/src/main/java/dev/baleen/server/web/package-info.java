/// The chat page and what it is made of.
///
/// In: paths. Out: files from the program itself, nothing from elsewhere. Read [dev.baleen.server.web.Assets]; the page
/// begins at `index.html` beside it. Knows nothing of models: the page speaks to the same API as everybody else.
@NullMarked
package dev.baleen.server.web;

import org.jspecify.annotations.NullMarked;
