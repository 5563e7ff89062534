package io.turbulence.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Dates of cookies, in whatever order servers write their parts (RFC 6265 §5.1.1).
final class CookieDate {

    private static final Pattern DELIMITER = Pattern.compile("[\\t\\x20-\\x2f\\x3b-\\x40\\x5b-\\x60\\x7b-\\x7e]+");
    private static final Pattern TIME = Pattern.compile("(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\D.*)?");
    private static final Pattern DAY = Pattern.compile("(\\d{1,2})(?:\\D.*)?");
    private static final Pattern YEAR = Pattern.compile("(\\d{2,4})(?:\\D.*)?");
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private @Nullable Matcher time;
    private int day;
    private int month;
    private int year = -1;

    private CookieDate() {}

    /// Null when it is no date.
    static @Nullable Instant parse(String text) {
        CookieDate date = new CookieDate();
        for (String token : DELIMITER.split(text, -1)) {
            date.take(token);
        }
        return date.instant();
    }

    /// A token is the first of time, day, month and year that it can be and that is not known yet.
    private void take(String token) {
        Matcher asTime = TIME.matcher(token);
        if (time == null && asTime.matches()) {
            time = asTime;
            return;
        }
        Matcher asDay = DAY.matcher(token);
        if (day == 0 && asDay.matches()) {
            day = Integer.parseInt(asDay.group(1));
            return;
        }
        if (month == 0 && month(token) > 0) {
            month = month(token);
            return;
        }
        Matcher asYear = YEAR.matcher(token);
        if (year < 0 && asYear.matches()) {
            year = fullYear(Integer.parseInt(asYear.group(1)));
        }
    }

    private @Nullable Instant instant() {
        Matcher clock = time;
        return clock == null || year < 1601 ? null : at(year, month, day, clock);
    }

    private static int month(String token) {
        return token.length() < 3 ? 0 : MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT)) + 1;
    }

    private static int fullYear(int year) {
        return year >= 70 && year <= 99 ? year + 1900 : year <= 69 ? year + 2000 : year;
    }

    private static @Nullable Instant at(int year, int month, int day, Matcher time) {
        try {
            return LocalDateTime.of(
                            year,
                            month,
                            day,
                            Integer.parseInt(time.group(1)),
                            Integer.parseInt(time.group(2)),
                            Integer.parseInt(time.group(3)))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
