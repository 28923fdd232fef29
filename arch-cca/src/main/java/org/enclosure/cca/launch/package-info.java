/// What the launch of a realm consists of, and the realm initial measurement of it.
@NullMarked
package org.enclosure.cca.launch;

import org.jspecify.annotations.NullMarked;
