/// What the engine tells Java Flight Recorder: exits, conversions, splits, shootdowns and retries.
///
/// All events are off by default. While nobody has begun a recording, an event costs the read of one static field, and nothing of
/// the recorder is loaded; no event object is created before the event is known to be on.
@NullMarked
package org.enclosure.core.event;

import org.jspecify.annotations.NullMarked;
