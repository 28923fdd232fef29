/// Mistakes planted into a plugin, one at a time, each of which a test has to catch: what shows that the test tests something.
///
/// A plugin's own test, in whole:
///
/// ```java
/// class MutantsTest {
///     private static final String TABLE = "com.example.arch.OwnerTable";
///
///     @TestFactory
///     Stream<DynamicTest> everyMutantShouldBeCaught() {
///         return new MutantRun(Killer.ofTest(OwnerTableTest.class), "com.example.arch.").tests(List.of(
///                 Mutant.condition(TABLE, "donate", 0), Mutant.withoutCall(TABLE, "reclaim", "zero", 0),
///                 Mutant.constant(TABLE, "share", -22, 0, 0), Mutant.answering(TABLE, "isOwned", 1)));
///     }
/// }
/// ```
///
/// The killer is a JUnit class, or a static method without parameters ([org.enclosure.tck.mutant.Killer]); it, the plugin and
/// whatever else uses the plugin's classes are loaded anew for each mutant, so that nothing has to be compiled or forked.
/// Anything else that a class file can be made to say: [org.enclosure.tck.weave.ChangedClass].
@NullMarked
package org.enclosure.tck.mutant;

import org.jspecify.annotations.NullMarked;
