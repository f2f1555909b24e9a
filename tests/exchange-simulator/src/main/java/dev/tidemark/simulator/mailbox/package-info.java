/// Simulated mailboxes: folders, items, the log of their events, and the ledger of all changes.
@NullMarked
package dev.tidemark.simulator.mailbox;

import org.jspecify.annotations.NullMarked;
