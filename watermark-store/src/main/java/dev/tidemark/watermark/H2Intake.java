package dev.tidemark.watermark;

import java.util.List;

/// [Intake] on the ledger.
final class H2Intake implements Intake {
    private final Ledger ledger;
    private final Intaker intaker;
    private final FreeSpace space;

    H2Intake(Ledger ledger, Intaker intaker, FreeSpace space) {
        this.ledger = ledger;
        this.intaker = intaker;
        this.space = space;
    }

    @Override
    public List<Receipt> record(List<Callback> batch) {
        if (!space.enough()) {
            throw new StoreException(space.sentence());
        }
        return ledger.change(draft ->
                batch.stream().map(callback -> intaker.take(draft, callback)).toList());
    }

    @Override
    public boolean accepting() {
        return !ledger.failing() && space.enough();
    }
}
