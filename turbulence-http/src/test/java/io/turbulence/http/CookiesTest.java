package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Headers;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CookiesTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    private final Cookies cookies = new Cookies(now::get);

    private void set(String url, String... fields) {
        Headers.Builder headers = Headers.builder();
        for (String field : fields) {
            headers.add("Set-Cookie", field);
        }
        cookies.store(HttpUrl.parse(url), headers.build());
    }

    private String sent(String url) {
        return cookies.header(HttpUrl.parse(url));
    }

    @Test
    void belongToTheirHostUnlessTheyNameADomain() {
        set("http://www.shop.example/", "own=1", "all=2; Domain=.shop.example");

        assertThat(sent("http://www.shop.example/")).isEqualTo("own=1; all=2");
        assertThat(sent("http://api.shop.example/")).isEqualTo("all=2");
        assertThat(sent("http://shop.example/")).isEqualTo("all=2");
        assertThat(sent("http://othershop.example/")).isEmpty();
    }

    @Test
    void areNotTakenForForeignOrTopDomains() {
        set("http://www.shop.example/", "a=1; Domain=bank.example", "b=2; Domain=example", "c=3; Domain=shop.example");

        assertThat(sent("http://www.shop.example/")).isEqualTo("c=3");
    }

    @Test
    void belongToTheirPath() {
        set("http://h.example/shop/cart", "default=1", "root=2; Path=/", "deep=3; Path=/shop/cart/");

        assertThat(sent("http://h.example/shop/other")).isEqualTo("default=1; root=2");
        assertThat(sent("http://h.example/shop/cart/1")).isEqualTo("deep=3; default=1; root=2");
        assertThat(sent("http://h.example/shopping")).isEqualTo("root=2");
    }

    @Test
    void areReplacedAndRemoved() {
        set("http://h.example/", "a=1; Max-Age=60", "b=2");
        set("http://h.example/", "a=3; Max-Age=60", "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT");

        assertThat(sent("http://h.example/")).isEqualTo("a=3");
    }

    @Test
    void endWithTheirTime() {
        set(
                "http://h.example/",
                "a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
                "b=2; Expires=Tue, 01-Jan-30 00:05:00 GMT");
        assertThat(sent("http://h.example/")).isEqualTo("a=1; b=2");

        now.set(now.get().plusSeconds(61));
        assertThat(sent("http://h.example/")).isEqualTo("b=2");

        now.set(now.get().plusSeconds(300));
        assertThat(sent("http://h.example/")).isEmpty();
    }

    @Test
    void stayOnSecureConnectionsWhenTheySaySo() {
        set("https://h.example/", "a=1; Secure; HttpOnly", "b=2");

        assertThat(sent("https://h.example/")).isEqualTo("a=1; b=2");
        assertThat(sent("http://h.example/")).isEqualTo("b=2");
    }

    @Test
    void areIgnoredWhenTheyAreNone() {
        set("http://h.example/", "nothing", "=1", "  =2", "ok=a=b");

        assertThat(sent("http://h.example/")).isEqualTo("ok=a=b");
    }
}
