"""What is wrong with a packet that asks for an operation: always its sender's fault, and nothing was done."""


class OperationError(ValueError):
    """Root of these errors. The peer gets them as code `remote`, with the class as `type`."""


class UnknownOperation(OperationError):
    """The packet asks for something that this service does not do; the message has the nearest name, and all."""


class MissingField(OperationError):
    """The packet lacks a field, or has one of the wrong type; the message has the field, its type and what came."""


class WrongKind(OperationError):
    """A stream was asked for as a request or message, or the other way round."""
