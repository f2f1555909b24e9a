/// Support bundle: collects the state of a daemon for support, without secrets and mail data.
@NullMarked
package dev.tidemark.daemon.support;

import org.jspecify.annotations.NullMarked;
