package io.turbulence.core.internal.result.console;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.definition.binding.SettingsTree;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.result.json.MaskedTree;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.core.internal.result.text.Style;
import java.util.ArrayList;
import java.util.List;

/// One exchange, as text for `--verbose`: as the plugin tells it where it does, by the step's settings where it does
/// not.
public final class ExchangeView {

    private static final int PAYLOAD = 2_000;

    /// Of a plugin's account: what follows is the answer's payload.
    private static final String PAYLOAD_FOLLOWS = "<";

    private ExchangeView() {}

    public static List<String> render(StepResult result, SecretMask mask, Style style) {
        List<String> lines = new ArrayList<>();
        lines.add(head(result, style));
        Exchange exchange = result.exchange();
        List<String> account = result.account();
        account.forEach(line -> lines.add("  " + mask.text(line)));
        boolean told = account.stream().anyMatch(line -> line.strip().equals(PAYLOAD_FOLLOWS));
        if (exchange != null) {
            if (account.isEmpty() && exchange.request() != null) {
                SettingsTree.of(exchange.request())
                        .forEach((name, value) ->
                                lines.add("  > " + name + ": " + MaskedTree.text(value, mask, name, PAYLOAD)));
            }
            exchange.metadata().asMap().forEach((name, value) -> {
                if (account.isEmpty() || !name.equals("headers")) {
                    lines.add("    " + name + ": " + MaskedTree.text(value, mask, name, PAYLOAD));
                }
            });
            if (!told && !exchange.content().isEmpty()) {
                lines.add("    payload: " + MaskedTree.text(exchange.content().tree(), mask, "", PAYLOAD));
            }
        }
        if (!result.extracted().isEmpty()) {
            lines.add("    extracted: " + MaskedTree.text(result.extracted(), mask, "", PAYLOAD));
        }
        result.errors().forEach(error -> lines.add(style.bad("    " + mask.text(error))));
        return lines;
    }

    private static String head(StepResult result, Style style) {
        StringBuilder head = new StringBuilder();
        head.append('#').append(result.instance().number()).append(' ');
        head.append(style.bold(result.step().name()))
                .append("  ")
                .append(result.step().type());
        if (result.skipped()) {
            return head.append("  ").append(style.faint("skipped")).toString();
        }
        Exchange exchange = result.exchange();
        if (exchange != null) {
            head.append("  ").append(status(exchange.outcome()));
            if (exchange.latencyNanos() >= 0) {
                head.append("  ")
                        .append(Style.millis(exchange.latencyNanos() / 1e6))
                        .append(" ms");
            }
        }
        return head.append("  ")
                .append(result.ok() ? style.good("ok") : style.bad("failed"))
                .toString();
    }

    private static String status(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed -> completed.status();
            case Outcome.Failed failed -> failed.failure().name();
        };
    }
}
