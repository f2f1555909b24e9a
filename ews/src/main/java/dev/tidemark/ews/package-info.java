/// Client of Exchange Web Services: messages as records, one codec, one client.
///
/// This package does not depend on other modules of Tidemark except values and http. Comments name the source
/// of each protocol rule: "docs" is Microsoft's office-developer-exchange-docs, "XSD" the `types.xsd` and
/// `messages.xsd` of Exchange Server SE.
@NullMarked
package dev.tidemark.ews;

import org.jspecify.annotations.NullMarked;
