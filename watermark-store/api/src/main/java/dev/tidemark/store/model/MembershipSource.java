package dev.tidemark.store.model;

/// Source that put a mailbox into its group. Stored by its name.
public enum MembershipSource {
    /// The configuration or one of its lists names the mailbox.
    CONFIGURATION,
    /// An operator added the mailbox through the admin API.
    API,
    /// The mailbox is a member of a distribution group that the configuration names.
    DISTRIBUTION_GROUP
}
