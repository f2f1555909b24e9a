/// A simulated Exchange that speaks the protocol, fails on request, and keeps a ledger.
@NullMarked
package dev.tidemark.simulator;

import org.jspecify.annotations.NullMarked;
