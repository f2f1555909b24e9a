package dev.tidemark.daemon.admin;

import java.util.LinkedHashMap;
import java.util.Map;

/// Totals since the start. `deadLetters` is the current number of dead letters.
record StatusTotals(
        long received,
        long acknowledged,
        long journalled,
        long delivered,
        long duplicates,
        long gaps,
        long deadLetters) {
    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("received", received);
        tree.put("acknowledged", acknowledged);
        tree.put("journalled", journalled);
        tree.put("delivered", delivered);
        tree.put("duplicates", duplicates);
        tree.put("gaps", gaps);
        tree.put("deadLetters", deadLetters);
        return tree;
    }
}
