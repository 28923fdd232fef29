/// Which pages are private: [AttributeMap][org.enclosure.core.attr.AttributeMap], the one truth, by page number of a store or
/// of a VM.
@NullMarked
package org.enclosure.core.attr;

import org.jspecify.annotations.NullMarked;
