/// Support bundle: collects what a helper needs to see of a daemon, without secrets and mail data.
@NullMarked
package dev.tidemark.daemon.support;

import org.jspecify.annotations.NullMarked;
