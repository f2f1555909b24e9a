package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.Caller;
import dev.tidemark.watermark.Callers;
import dev.tidemark.watermark.Mailbox;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// [Callers], noted as call-backs come in: for one that comes from where the last one came from this costs a
/// comparison of two addresses. [#heard] is called under the write lock.
final class CallerBook implements Callers {
    /// Against addresses without end; those that have not called for longest are forgotten.
    private static final int MOST = 4096;

    private final Ledger ledger;
    private final SequencedMap<Caller.Name, CallerPace> paces = new LinkedHashMap<>(64, 0.75f, true);
    /// servers that were seen to call from more than one address
    private final Set<String> roaming = new HashSet<>();

    CallerBook(Ledger ledger) {
        this.ledger = ledger;
    }

    /// Notes a call-back for the live attempt of `cell`, before the cell knows of it.
    void heard(Cell cell, String from, Instant at) {
        if (!from.isEmpty()) {
            if (!isBy(cell, from)) {
                cell.caller = find(cell, from);
            }
            cell.caller.ifPresent(pace -> pace.heard(cell.id, at, cell.calledBack));
        }
    }

    private static boolean isBy(Cell cell, String from) {
        return cell.caller.isPresent()
                && (cell.caller.get().name().address().equals(from)
                        || cell.caller.get().name().address().isEmpty());
    }

    private synchronized Optional<CallerPace> find(Cell cell, String from) {
        var host = cell.live
                .flatMap(Attempt::subscriptionId)
                .flatMap(id -> id.host())
                .orElse("");
        if (cell.caller.isPresent() && !host.isEmpty() && roaming.add(host)) {
            paces.keySet().removeIf(name -> name.host().equals(host));
        }
        var name = new Caller.Name(roaming.contains(host) ? "" : from, host);
        var pace = paces.computeIfAbsent(name, CallerPace::new);
        if (paces.size() > MOST) {
            paces.pollFirstEntry();
        }
        return Optional.of(pace);
    }

    @Override
    public synchronized List<Caller> all() {
        return paces.values().stream().map(CallerPace::snapshot).toList();
    }

    @Override
    public List<Mailbox> mailboxes(Caller.Name caller) {
        return ledger.all().stream()
                .filter(cell -> cell.enrolled
                        && cell.caller
                                .filter(pace -> pace.name().equals(caller))
                                .isPresent())
                .map(Cell::snapshot)
                .toList();
    }
}
