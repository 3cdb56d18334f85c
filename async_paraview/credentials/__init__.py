"""Credentials of this user, as files: tokens of servers on this machine, keys, and whom they belong to."""

from .connection_file import ConnectionFile, find_server, newest_server, running_servers
from .key_files import (
    CLIENT,
    SERVER,
    AuthorizedClients,
    allow_client,
    authorized_clients,
    forget_server,
    know_server,
    known_servers,
    own_keys,
    parse_key,
    renew_keys,
    revoke_client,
)
from .private_files import config_directory, runtime_directory
from .server_access import AUTO, ServerAccess, find_access
from .tokens import TOKEN_FILE_VARIABLE, new_token, read_or_make_token, read_token, token_from_input

__all__ = [
    "AUTO",
    "CLIENT",
    "SERVER",
    "TOKEN_FILE_VARIABLE",
    "AuthorizedClients",
    "ConnectionFile",
    "ServerAccess",
    "allow_client",
    "authorized_clients",
    "config_directory",
    "find_access",
    "find_server",
    "forget_server",
    "know_server",
    "known_servers",
    "new_token",
    "newest_server",
    "own_keys",
    "parse_key",
    "read_or_make_token",
    "read_token",
    "renew_keys",
    "revoke_client",
    "running_servers",
    "runtime_directory",
    "token_from_input",
]
