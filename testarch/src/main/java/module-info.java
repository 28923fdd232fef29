/** The smallest architecture plugin there is; core's own tests run on it. */
module org.enclosure.testarch {
    requires org.enclosure.api;
}
