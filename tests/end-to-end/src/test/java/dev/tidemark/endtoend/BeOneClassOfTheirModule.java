package dev.tidemark.endtoend;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Holds if the matching classes of each package share one top-level class; excepted classes do not count.
final class BeOneClassOfTheirModule extends ArchCondition<JavaClass> {
    private final Set<String> excepted;
    private final Map<String, Set<String>> owners = new TreeMap<>();

    /// `excepted` holds simple names of top-level classes.
    BeOneClassOfTheirModule(Set<String> excepted) {
        super("be one class of their module" + (excepted.isEmpty() ? "" : ", beside " + new TreeSet<>(excepted)));
        this.excepted = excepted;
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        var owner = outermost(type);
        if (!excepted.contains(owner.getSimpleName())) {
            owners.computeIfAbsent(owner.getPackageName(), ignored -> new TreeSet<>())
                    .add(owner.getSimpleName());
        }
    }

    @Override
    public void finish(ConditionEvents events) {
        owners.forEach((module, names) -> events.add(
                new SimpleConditionEvent(module, names.size() <= 1, module + " has more than one: " + names)));
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(BeOneClassOfTheirModule::outermost).orElse(type);
    }
}
