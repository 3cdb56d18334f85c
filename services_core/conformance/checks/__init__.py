"""The promises of the contract, one function each, by subject."""
