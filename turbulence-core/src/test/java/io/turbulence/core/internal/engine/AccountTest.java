package io.turbulence.core.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccountTest {

    @Test
    void keepsTheNewestLinesAndSaysHowManyWereBefore() {
        Account account = new Account();
        for (int i = 0; i < Account.MOST_KEPT + 3; i++) {
            account.add("line " + i);
        }

        assertThat(account.lines())
                .hasSize(Account.MOST_KEPT + 1)
                .startsWith("… (3 lines before)", "line 3")
                .endsWith("line " + (Account.MOST_KEPT + 2));
    }
}
