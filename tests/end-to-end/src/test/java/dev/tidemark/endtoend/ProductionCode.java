package dev.tidemark.endtoend;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;

/// What is delivered, not what tests it, wherever the build put either.
final class ProductionCode implements ImportOption {
    @Override
    public boolean includes(Location location) {
        return !location.contains("/test-classes/");
    }
}
