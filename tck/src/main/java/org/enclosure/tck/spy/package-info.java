/// Between the engine and a plugin: every call goes through, and every answer is judged by the rules of `org.enclosure.spi`.
@NullMarked
package org.enclosure.tck.spy;

import org.jspecify.annotations.NullMarked;
