package io.turbulence.core.internal.result.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.InstanceResult.Status;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.result.RunRecorder;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunEnd;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JUnitReportTest {

    /// What Jenkins, GitLab and GitHub's reporters agree on.
    private static final String SCHEMA = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">
          <xs:element name="testsuites">
            <xs:complexType>
              <xs:sequence><xs:element ref="testsuite" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
              <xs:attribute name="name" type="xs:string"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="testsuite">
            <xs:complexType>
              <xs:sequence>
                <xs:element name="properties" minOccurs="0">
                  <xs:complexType><xs:sequence>
                    <xs:element name="property" maxOccurs="unbounded">
                      <xs:complexType>
                        <xs:attribute name="name" type="xs:string" use="required"/>
                        <xs:attribute name="value" type="xs:string" use="required"/>
                      </xs:complexType>
                    </xs:element>
                  </xs:sequence></xs:complexType>
                </xs:element>
                <xs:element name="testcase" minOccurs="0" maxOccurs="unbounded">
                  <xs:complexType>
                    <xs:choice minOccurs="0">
                      <xs:element name="failure" type="problem"/>
                      <xs:element name="error" type="problem"/>
                    </xs:choice>
                    <xs:attribute name="classname" type="xs:string" use="required"/>
                    <xs:attribute name="name" type="xs:string" use="required"/>
                    <xs:attribute name="time" type="xs:decimal" use="required"/>
                    <xs:attribute name="file" type="xs:string"/>
                    <xs:attribute name="line" type="xs:int"/>
                  </xs:complexType>
                </xs:element>
              </xs:sequence>
              <xs:attribute name="name" type="xs:string" use="required"/>
              <xs:attribute name="tests" type="xs:int" use="required"/>
              <xs:attribute name="failures" type="xs:int" use="required"/>
              <xs:attribute name="errors" type="xs:int" use="required"/>
              <xs:attribute name="skipped" type="xs:int" use="required"/>
              <xs:attribute name="time" type="xs:decimal" use="required"/>
              <xs:attribute name="timestamp" use="required">
                <xs:simpleType><xs:restriction base="xs:dateTime">
                  <xs:pattern value="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"/>
                </xs:restriction></xs:simpleType>
              </xs:attribute>
            </xs:complexType>
          </xs:element>
          <xs:complexType name="problem"><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="message" type="xs:string" use="required"/>
            <xs:attribute name="type" type="xs:string" use="required"/>
          </xs:extension></xs:simpleContent></xs:complexType>
        </xs:schema>
        """;

    private static final List<StepInfo> STEPS = SyntheticRun.steps();

    @TempDir
    private Path runs;

    @Test
    void hasATestCaseForEachInstanceOfASmallRun() throws Exception {
        Document document = report(4);

        Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("name")).isEqualTo("checkout");
        assertThat(suite.getAttribute("tests")).isEqualTo("4");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("errors")).isEqualTo("1");
        assertThat(names(suite)).containsExactly("instance 0", "instance 1", "instance 2", "instance 3");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("type")).isEqualTo("list_catalogue");
        assertThat(failure.getAttribute("message")).isEqualTo("'list_catalogue': \"<a&b>\uFFFD\" failed");
        assertThat(failure.getTextContent())
                .isEqualTo("'list_catalogue': \"<a&b>\uFFFD\" failed\n\ninstance 20261120-100000-7f3a-1 of run"
                        + " 20261120-100000-7f3a\nturbulence replay 20261120-100000-7f3a 20261120-100000-7f3a-1\n");
        Element error = (Element) suite.getElementsByTagName("error").item(0);
        assertThat(error.getAttribute("message")).isEqualTo("aborted: interrupted");
    }

    @Test
    void hasATestCaseForEachStepOfALargerRun() throws Exception {
        Document document = report(400);

        Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(names(suite)).containsExactly("list_catalogue", "create_cart");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("100 of 400 failed");
        assertThat(failure.getTextContent())
                .isEqualTo("100 × 'list_catalogue': \"<a&b>\uFFFD\" failed\n" + "  instance 20261120-100000-7f3a-1\n");
    }

    @Test
    void linksEachTestCaseToItsPlaceInTheScenario() throws Exception {
        Element small = (Element) report(4).getElementsByTagName("testsuite").item(0);
        assertThat(places(small))
                .containsExactly("checkout.yaml:10", "checkout.yaml:10", "checkout.yaml:10", "checkout.yaml:10");

        Element large = (Element) report(400).getElementsByTagName("testsuite").item(0);
        assertThat(places(large)).containsExactly("checkout.yaml:10", "checkout.yaml:18");
    }

    private static List<String> places(Element suite) {
        NodeList cases = suite.getElementsByTagName("testcase");
        List<String> places = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element one = (Element) cases.item(i);
            places.add(one.getAttribute("file") + ":" + one.getAttribute("line"));
        }
        return places;
    }

    @Test
    void hasASuiteForTheThresholds() throws Exception {
        Document document = report(4);

        Element suite = (Element) document.getElementsByTagName("testsuite").item(1);
        assertThat(suite.getAttribute("name")).isEqualTo("thresholds");
        assertThat(suite.getAttribute("tests")).isEqualTo("2");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        Element failure = (Element) suite.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("'error_count == 0' does not hold: 1");
    }

    private Document report(int instances) throws Exception {
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info((long) instances, 1, List.of()),
                RecorderOptions.quiet()
                        .withFolder(runs.resolve("20261120-100000-7f3a"))
                        .withThresholds(List.of(
                                Threshold.parse("error_count == 0", SyntheticRun.names()),
                                Threshold.parse("p99_latency_ms < 500", SyntheticRun.names()))),
                Map::of);
        for (int i = 0; i < instances; i++) {
            InstanceInfo instance = SyntheticRun.instance(i);
            recorder.instanceStarted(instance);
            recorder.instanceFinished(result(recorder, instance));
        }
        recorder.finish(RunEnd.normal(SyntheticRun.START));
        return parsed(Files.readString(runs.resolve("20261120-100000-7f3a").resolve("junit.xml")));
    }

    @Test
    void hasAnErrorForARunThatCouldNotStart() throws Exception {
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(2L, 1, List.of()), RecorderOptions.quiet().withFolder(runs.resolve("run")), Map::of);
        recorder.finish(new RunEnd(
                SyntheticRun.START,
                false,
                RunEnd.Validity.VALID,
                List.of(),
                false,
                new RunEnd.Stopped(ExitCode.START, "'shop' was not ready after 30 s")));

        Document document = parsed(Files.readString(runs.resolve("run/junit.xml")));

        Element error = (Element) document.getElementsByTagName("error").item(0);
        assertThat(error.getAttribute("message")).isEqualTo("'shop' was not ready after 30 s");
        assertThat(error.getAttribute("type")).isEqualTo("exit code 6");
        assertThat(((Element) document.getElementsByTagName("testsuite").item(0)).getAttribute("errors"))
                .isEqualTo("1");
    }

    @Test
    void hasAnErrorForAnInterruptedRun() throws Exception {
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(2L, 1, List.of()), RecorderOptions.quiet().withFolder(runs.resolve("run")), Map::of);
        recorder.finish(new RunEnd(SyntheticRun.START, true, RunEnd.Validity.VALID, List.of(), false, null));

        Document document = parsed(Files.readString(runs.resolve("run/junit.xml")));

        assertThat(((Element) document.getElementsByTagName("error").item(0)).getAttribute("message"))
                .isEqualTo("the run was interrupted");
    }

    private static InstanceResult result(RunRecorder recorder, InstanceInfo instance) {
        if (instance.number() % 4 == 1) {
            String error = "'list_catalogue': \"<a&b>\u0001\" failed";
            recorder.stepFinished(SyntheticRun.result(
                    instance, STEPS.get(0), false, SyntheticRun.exchange(500, 1_000, Content.EMPTY), List.of(error)));
            return SyntheticRun.failed(instance, 1, "list_catalogue", error);
        }
        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000, "{}"));
        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(1), 1_000, "{}"));
        return instance.number() == 3
                ? new InstanceResult(instance, Status.ABORTED, SyntheticRun.START, 1, 2, null, "interrupted", List.of())
                : SyntheticRun.passed(instance, 2);
    }

    private static Document parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setNamespaceAware(true);
        Document document = factory.newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
                .newSchema(new StreamSource(new StringReader(SCHEMA)))
                .newValidator()
                .validate(new DOMSource(document));
        return document;
    }

    private static List<String> names(Element suite) {
        List<String> names = new ArrayList<>();
        NodeList cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            names.add(((Element) cases.item(i)).getAttribute("name"));
        }
        return names;
    }
}
