/// Tests of the events.
@org.jspecify.annotations.NullMarked
package org.enclosure.core.event;
