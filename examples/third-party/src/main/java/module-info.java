/** A plugin outside of the project. */
module com.example.enclosure {
    requires org.enclosure.api;

    provides org.enclosure.spi.ArchitectureProvider with com.example.enclosure.ExampleProvider;
}
