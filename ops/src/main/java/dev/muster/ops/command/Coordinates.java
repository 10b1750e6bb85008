package dev.muster.ops.command;

import dev.muster.coordinator.CoordinatorConfig;
import dev.muster.protocol.wire.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A coordinator's address, of which the port may be left out.
final class Coordinates implements ITypeConverter<Address> {
    @Override
    public Address convert(String text) {
        boolean hostOnly =
                text.indexOf(':') < 0 || (text.indexOf(':') != text.lastIndexOf(':') && !text.startsWith("["));
        try {
            return hostOnly ? new Address(text, CoordinatorConfig.PORT) : Address.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(String.valueOf(e.getMessage()));
        }
    }
}
