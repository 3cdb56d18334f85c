"""Server-side proxies: their connections, and their execution one algorithm at a time."""
