package dev.tidemark.daemon;

import dev.tidemark.values.MailboxAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs which mailboxes came and went: one line for each, or one for all if there are many. Stateless.
final class MailboxChangeLog {
    private static final Logger LOG = LoggerFactory.getLogger(MailboxReconciler.class);

    /// Limit of the mailboxes that the log names.
    private static final int LINES = 10;

    private MailboxChangeLog() {}

    static void enrolled(String group, List<MailboxAddress> addresses) {
        if (addresses.size() > LINES) {
            LOG.info("Enrolled {} mailboxes in {}", addresses.size(), group);
            addresses.forEach(address -> LOG.debug("Enrolled {} in {}", address, group));
        } else {
            addresses.forEach(address -> LOG.info("Enrolled {} in {}", address, group));
        }
    }

    static void removed(List<MailboxAddress> addresses) {
        if (addresses.size() > LINES) {
            LOG.info("Removed {} mailboxes; the configuration no longer names them", addresses.size());
            addresses.forEach(address -> LOG.debug("Removed {}", address));
        } else {
            addresses.forEach(address -> LOG.info("Removed {}; the configuration no longer names it", address));
        }
    }
}
