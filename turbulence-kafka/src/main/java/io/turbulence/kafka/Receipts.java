package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/*
 * A thousand records of one step come back in some ten batches. The one who waits is woken once, when the last record is
 * told of, and not for each batch; a record costs it one field to read.
 */
/// What the brokers say of several records that are sent together. Made, added to and waited for by one thread, which
/// must be the one that sends; completed by the producer's.
final class Receipts {

    private final List<Receipt> all;
    private final CountDownLatch open;
    private final Thread sender = Thread.currentThread();

    Receipts(int records) {
        all = new ArrayList<>(records);
        open = new CountDownLatch(records);
    }

    /// A receipt that was not given out; [#add] does that.
    Receipt next() {
        return new Receipt();
    }

    /// The next record was handed over.
    void add(Receipt receipt) {
        all.add(receipt);
        if (receipt.atOnce) {
            open.countDown();
        }
    }

    /// Waits until every record was told of, or the time is up.
    ///
    /// @return whether all are known
    boolean await(Deadline deadline) throws InterruptedException {
        return open.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    }

    /// In the order in which the records were sent.
    List<Receipt> all() {
        return all;
    }

    /// What became of one record.
    final class Receipt implements Callback {

        private boolean atOnce;
        private volatile boolean known;
        private @Nullable RecordMetadata metadata;
        private @Nullable Exception failure;

        private Receipt() {}

        @Override
        public void onCompletion(@Nullable RecordMetadata answer, @Nullable Exception thrown) {
            metadata = answer;
            failure = thrown;
            known = true;
            // What fails while it is handed over may be handed over again
            if (sender.equals(Thread.currentThread())) {
                atOnce = true;
            } else {
                open.countDown();
            }
        }

        /// Why the record could not be handed over; null when it was. For the thread that sends, after it tried.
        @Nullable
        Exception failureAtOnce() {
            return atOnce ? failure : null;
        }

        /// Whether anything was said of the record.
        boolean known() {
            return known;
        }

        /// Where the record was stored, when it is [#known].
        ///
        /// @throws Exception when it was not
        RecordMetadata metadata() throws Exception {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(metadata);
        }
    }
}
