package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/// XPath 1.0 by the JDK, with document types and external entities refused. Namespaces are ignored: a
/// name means the local name. The JDK's compiled queries are not thread-safe, so one is compiled for
/// each evaluation.
record XPathQuery(String text) {

    /// @throws XPathExpressionException when the text is no XPath
    static XPathQuery compile(String text) throws XPathExpressionException {
        XPathFactory.newInstance().newXPath().compile(text);
        return new XPathQuery(text);
    }

    /// The text of the only node, the texts of several, or what the query computes; null for nothing.
    @Nullable
    Object find(String xml) {
        try {
            Document document = builder().parse(new InputSource(new StringReader(xml)));
            try {
                return nodes((NodeList)
                        XPathFactory.newInstance().newXPath().evaluate(text, document, XPathConstants.NODESET));
            } catch (XPathExpressionException noNodes) {
                return XPathFactory.newInstance().newXPath().evaluate(text, document, XPathConstants.STRING);
            }
        } catch (SAXException e) {
            throw new EvaluationException("the payload is no XML: " + e.getMessage());
        } catch (Exception e) {
            throw new EvaluationException("xpath '%s' cannot be evaluated: %s".formatted(text, e.getMessage()));
        }
    }

    private static @Nullable Object nodes(NodeList nodes) {
        if (nodes.getLength() == 0) {
            return null;
        }
        List<String> texts = new ArrayList<>(nodes.getLength());
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts.size() == 1 ? texts.getFirst() : texts;
    }

    private static DocumentBuilder builder() throws ParserConfigurationException {
        // The JDK's own, which limits entities and sizes by default
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setExpandEntityReferences(false);
        factory.setNamespaceAware(false);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(new DefaultHandler());
        return builder;
    }
}
