package dev.tidemark.subscriber;

import dev.tidemark.contract.ExchangeOffsetsContract;
import dev.tidemark.contract.PartialStore;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.WatermarkStore;
import java.nio.file.Path;
import java.time.Clock;

/// Runs the suite of learned offsets on [MemoryOffsets]. It has no callbacks to derive offsets from.
final class MemoryOffsetsTest extends ExchangeOffsetsContract {
    private final MemoryOffsets offsets = new MemoryOffsets();

    @Override
    protected StoreHome home(Path folder) {
        return new StoreHome() {
            @Override
            public WatermarkStore open(Clock clock) {
                offsets.restart();
                return new PartialStore() {
                    @Override
                    public ExchangeOffsets exchangeOffsets() {
                        return offsets;
                    }
                };
            }

            @Override
            public void cut(WatermarkStore store) {
                store.close();
            }
        };
    }
}
