package org.enclosure.core.translation;

/// 128 bytes in front of a domain's words.
abstract class DomainPaddingBefore {
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

/// The words of a domain that every access or every fault reads and only an invalidation writes.
abstract class DomainWords extends DomainPaddingBefore {
    /// Counts completed invalidations.
    long sequence;
    /// Counts invalidations in progress.
    long inProgress;
    /// First page of the union of the ranges in progress; meaningful while `inProgress` > 0.
    long rangeStart;
    /// Page after the union of the ranges in progress.
    long rangeEnd;
    /// Counts shootdowns.
    long generation;
}

/// 128 bytes behind a domain's words.
abstract class DomainPaddingAfter extends DomainWords {
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
