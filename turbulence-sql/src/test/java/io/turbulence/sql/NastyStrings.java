package io.turbulence.sql;

import java.util.ArrayList;
import java.util.List;

/// Texts that break what is put together from texts.
final class NastyStrings {

    private static final List<String> SEEDS = List.of(
            "'; drop table t; --",
            "' or '1'='1",
            "\"; drop table t; --",
            "\\'; drop table t; --",
            "$$; drop table t; $$",
            "{{uuid}}",
            "{{{{",
            "${jndi:ldap://127.0.0.1/a}",
            ":id",
            "?",
            "??",
            "$1",
            "%s%n%x",
            "/* */",
            "-- ",
            "#",
            "null",
            "NULL",
            "true",
            "0x00",
            "1e309",
            "NaN",
            "",
            " ",
            "\t\r\n",
            "\u0001\u0007\u001b[31m",
            "\u007f\u0085\u2028\u2029",
            "\ufeffbom",
            "\ufffd\ufffe\uffff",
            "e\u0301 \u00e9",
            "\u202eright to left",
            "\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67",
            "\u0130\u0131\u00df\u1e9e",
            "\u0410\u0411\u0412 \u4e2d\u6587 \u0639\u0631\u0628\u064a",
            "<script>alert(1)</script>",
            "]]>",
            "&amp;&lt;",
            "a,b;\"c\"\n'd'",
            "../../etc/passwd",
            "\\\\server\\share",
            "\\n\\t\\0",
            "E'\\x41'",
            "x".repeat(10_000),
            "'".repeat(1_000),
            "\\".repeat(999),
            "{\"a\": [1, {\"b\": null}]}",
            "[1, 2",
            "- yaml: [",
            "&anchor *alias",
            "!!java.lang.String x");

    private NastyStrings() {}

    /// More than a hundred different ones.
    static List<String> all() {
        List<String> all = new ArrayList<>(SEEDS);
        SEEDS.forEach(seed -> all.add("a'" + seed + "\"z"));
        SEEDS.stream().limit(10).forEach(seed -> all.add(seed + "\\" + seed.strip() + "$$"));
        return all;
    }
}
