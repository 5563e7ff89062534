package io.turbulence.core.internal.result.report;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.text.WellFormed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Makes `report.html` from what a run wrote: one file that needs no network, below 2 MB however long
/// the run was. Reads the manifest, the summary, the curves and the examples, and never the lines of single
/// steps, so its cost goes with the number of steps and seconds. No state; any thread.
public final class ReportWriter {

    public static final String FILE = "report.html";

    private ReportWriter() {}

    /// Makes the report of a run again.
    ///
    /// @return the report
    /// @throws IOException when a file cannot be read or written; the message says which
    public static Path write(Path runFolder) throws IOException {
        Path report = runFolder.resolve(FILE);
        Path fresh = runFolder.resolve("." + FILE + ".new");
        ReportData data = ReportData.read(runFolder);
        Files.write(fresh, WellFormed.utf8(page(data)));
        Files.move(fresh, report, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return report;
    }

    private static String page(ReportData data) throws IOException {
        Html html = new Html();
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
                .raw(" style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n")
                .raw("<link rel=\"icon\" href=\"data:,\">\n<title>")
                .text("Turbulence: " + data.title())
                .raw("</title>\n<style>\n")
                .raw(resource("report.css"))
                .raw("</style>\n</head>\n<body>\n");
        new ReportBody(data, html).write();
        html.raw("<script type=\"application/json\" id=\"data\">")
                .raw(JsonCodec.INSTANCE
                        .writeText(new ReportCurves(data).content())
                        .replace("<", "\\u003c"))
                .raw("</script>\n<script>\n")
                .raw(resource("chart/chart.umd.min.js").replace("//# sourceMappingURL=chart.umd.min.js.map", ""))
                .raw("\n</script>\n<script>\n")
                .raw(resource("report.js"))
                .raw("</script>\n</body>\n</html>\n");
        return html.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ReportWriter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("'" + name + "' is missing in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
