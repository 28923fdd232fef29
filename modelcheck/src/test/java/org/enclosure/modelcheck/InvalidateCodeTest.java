package org.enclosure.modelcheck;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.core.translation.TranslationHolder;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/// The invalidate protocol as the code has it: two vCPUs that access one page and fault on it, and conversions that turn its
/// kind. What the model of [InvalidateModelTest] says of the steps, this says of `TranslationDomain` and `TranslationHolder`.
public class InvalidateCodeTest {
    private static final long PAGE = 1;
    private static final int NONE = -1;

    private final Page page = new Page();
    private final Cpu first = new Cpu(page);
    private final Cpu second = new Cpu(page);

    /// An access of the first vCPU, or its fault.
    @Operation(nonParallelGroup = "first")
    public void accessOfTheFirst() {
        first.access();
    }

    /// An access of the second vCPU, or its fault.
    @Operation(nonParallelGroup = "second")
    public void accessOfTheSecond() {
        second.access();
    }

    /// A conversion.
    @Operation(nonParallelGroup = "converter")
    public void convert() {
        page.domain.begin(PAGE, PAGE + 1);
        page.domain.drain();
        page.audit();
        boolean cleared = page.leaf != NONE;
        page.leaf = NONE;
        if (cleared) {
            page.domain.shootdown(PAGE, PAGE + 1, null);
        }
        page.turn();
        page.domain.end();
    }

    @Test
    void shouldNeverAccessAPageThroughAnOldKindInAnyInterleaving() {
        new ModelCheckingOptions().iterations(12).invocationsPerIteration(3_000).threads(3).actorsPerThread(2)
                .actorsBefore(2).actorsAfter(1).check(InvalidateCodeTest.class);
    }

    /// One page: its kind, and the leaf that says for which kind it is mapped.
    private static final class Page {
        private static final VarHandle LEAF;

        static {
            try {
                LEAF = MethodHandles.lookup().findVarHandle(Page.class, "leaf", int.class);
            } catch (ReflectiveOperationException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private final TranslationDomain domain = new TranslationDomain();
        private volatile int kind;
        private volatile int leaf = NONE;

        void publish(int wanted) {
            LEAF.compareAndSet(this, NONE, wanted);
        }

        /// The kind changes; one conversion at a time.
        @SuppressWarnings("NonAtomicVolatileUpdate") // the mutation lock serialises conversions, here the group of the operation
        void turn() {
            kind = 1 - kind;
        }

        /// Drained and not yet unmapped: the leaf says what the kind says.
        void audit() {
            int mapped = leaf;
            if (mapped != NONE && mapped != kind) {
                throw new IllegalStateException("the leaf says " + mapped + ", the page is " + kind);
            }
        }
    }

    /// A vCPU: the steps of an access and of a fault, as the engine takes them.
    private static final class Cpu extends TranslationHolder {
        private final Page page;

        Cpu(Page page) {
            super(page.domain, -1);
            this.page = page;
            setActive(true);
        }

        void access() {
            enterAccess();
            try {
                long translation = isCurrent() ? lookUpRead(PAGE) : -1;
                if (translation < 0) {
                    translation = walk();
                }
                if (translation >= 0) {
                    data((int) translation);
                    return;
                }
            } finally {
                exitAccess();
            }
            fault();
        }

        private long walk() {
            catchUp();
            if (domain().isInProgress(PAGE)) {
                return -1;
            }
            int mapped = page.leaf;
            if (mapped == NONE) {
                return -1;
            }
            fill(PAGE, false, mapped);
            return mapped;
        }

        /// Frames change hands when the kind turns.
        private void data(int translation) {
            if (translation != page.kind) {
                throw new IllegalStateException("an access as " + translation + " to a page that is " + page.kind);
            }
        }

        private void fault() {
            long snapshot = domain().snapshot();
            int kind = page.kind;
            if (domain().isInProgress(PAGE)) {
                return;
            }
            enterFault();
            try {
                if (domain().isStillValid(PAGE, 1, snapshot)) {
                    page.publish(kind);
                }
            } finally {
                exitFault();
            }
        }
    }
}
