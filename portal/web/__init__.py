"""Between the network and the pages: headers, origins, sessions on sockets, static files."""
