package org.enclosure.core.translation;

/// 128 bytes in front of the marks, so that no other object's hot word shares their cache lines.
abstract class MarkPaddingBefore {
    long p0;
    long p1;
    long p2;
    long p3;
    long p4;
    long p5;
    long p6;
    long p7;
    long p8;
    long p9;
    long p10;
    long p11;
    long p12;
    long p13;
    long p14;
    long p15;
}

/// The three marks of a holder of translations: odd inside, even outside. Written by the owner alone, read by whoever waits.
abstract class MarkWords extends MarkPaddingBefore {
    /// Inside an access that goes through a translation, or fills one.
    long accessMark;
    /// Between the recheck of the sequence and the publication of a leaf.
    long faultMark;
    /// Between the read of the slots and the end of a fault: what was found there is kept alive.
    long resolveMark;
}

/// 128 bytes behind the marks.
abstract class MarkPaddingAfter extends MarkWords {
    long q0;
    long q1;
    long q2;
    long q3;
    long q4;
    long q5;
    long q6;
    long q7;
    long q8;
    long q9;
    long q10;
    long q11;
    long q12;
    long q13;
    long q14;
    long q15;
}
