package dev.tidemark.daemon.admin.access;

import java.util.Set;

/// Groups of mailboxes that a caller may see and change. Immutable.
///
/// @param groups names of the groups; empty for all groups
public record AccessScope(Set<String> groups) {
    /// Scope of a caller without limits.
    public static final AccessScope ALL = new AccessScope(Set.of());

    public AccessScope {
        groups = Set.copyOf(groups);
    }

    public boolean isLimited() {
        return !groups.isEmpty();
    }

    public boolean covers(String group) {
        return !isLimited() || groups.contains(group);
    }
}
