/// The host's side of memory: address spaces, mappings, pins, raw access.
@NullMarked
package org.enclosure.core.hostside;

import org.jspecify.annotations.NullMarked;
