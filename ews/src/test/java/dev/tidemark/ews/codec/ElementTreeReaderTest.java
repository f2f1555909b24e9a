package dev.tidemark.ews.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.ews.message.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ElementTreeReaderTest {
    private static final Set<String> NAMESPACES = Set.of("urn:ours", "urn:too");

    @Test
    void keeps_children_of_all_names_in_their_order() throws Exception {
        var tree = read("<a xmlns='urn:ours'><Create>1</Create><Delete/><Create>2</Create><Delete>3</Delete></a>");

        assertThat(tree.children().stream().map(child -> child.name() + child.text()))
                .containsExactly("Create1", "Delete", "Create2", "Delete3");
    }

    @Test
    void keeps_attributes_apart_from_children_of_the_same_name() throws Exception {
        var tree = read("<a xmlns='urn:ours' Id='attribute'><Id>child</Id></a>");

        assertThat(tree.attribute("Id")).contains("attribute");
        assertThat(tree.textOf("Id")).contains("child");
        assertThat(tree.children()).hasSize(1);
    }

    @Test
    void keeps_qualified_attributes_apart_from_plain_ones() throws Exception {
        var tree = read("<a xmlns='urn:ours' xmlns:x='urn:other' x:Id='other' Id='plain'/>");

        assertThat(tree.attribute("Id")).contains("plain");
        assertThat(tree.children()).isEmpty();
    }

    @Test
    void leaves_out_foreign_elements_with_all_they_hold() throws Exception {
        var tree = read("<a xmlns='urn:ours' xmlns:x='urn:other'><x:b><c>no</c></x:b><c xmlns='urn:too'>yes</c></a>");

        assertThat(tree.children()).containsExactly(new WireElement("c", Map.of(), "yes", List.of()));
    }

    @Test
    void reads_text_beside_attributes_and_children() throws Exception {
        var tree = read("<a xmlns='urn:ours' Name='n'>one <b/>two<!-- three --><![CDATA[ & four]]></a>");

        assertThat(tree.attribute("Name")).contains("n");
        assertThat(tree.text().replace(" ", "")).isEqualTo("onetwo&four");
        assertThat(tree.child("b").text()).isEmpty();
    }

    @Test
    void reads_an_element_that_is_marked_as_null_as_an_empty_one() throws Exception {
        var tree = read("<a xmlns='urn:ours' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'>"
                + "<b xsi:nil='true'/><c>after</c></a>");

        assertThat(tree.textOf("b")).isEmpty();
        assertThat(tree.textOf("c")).contains("after");
    }

    @Test
    void refuses_what_ends_early_or_nests_too_deep() {
        assertThatThrownBy(() -> read("<a xmlns='urn:ours'><b>")).isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> read("<a xmlns='urn:ours'>" + "<b>".repeat(40) + "</b>".repeat(40) + "</a>"))
                .isInstanceOf(MalformedMessageException.class);
        assertThatThrownBy(() -> read("<a xmlns='urn:ours'>&undeclared;</a>"))
                .isInstanceOf(MalformedMessageException.class);
    }

    private static WireElement read(String message) throws MalformedMessageException {
        return new ElementTreeReader().read(XmlCursor.over(message.getBytes(StandardCharsets.UTF_8)), NAMESPACES);
    }
}
