"""BitTorrent for the lab: makes a torrent, is its tracker, or is a libtorrent client.

    torrent.py make FILE TRACKER_URL TORRENT
    torrent.py tracker ADDRESS PORT
    torrent.py client ADDRESS TORRENT DIRECTORY MARK    touches MARK when all is there, and goes on uploading
"""
import http.server
import pathlib
import socket
import sys
import time
import urllib.parse


def make(file, tracker, torrent):
    import libtorrent as lt

    files = lt.file_storage()
    lt.add_files(files, file)
    maker = lt.create_torrent(files, flags=lt.create_torrent.v1_only)
    maker.add_tracker(tracker)
    lt.set_piece_hashes(maker, str(pathlib.Path(file).parent))
    pathlib.Path(torrent).write_bytes(lt.bencode(maker.generate()))


def tracker(address, port):
    """BEP 3 and 23: every peer that ever announced itself, in compact form."""
    peers = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            query = urllib.parse.parse_qs(urllib.parse.urlparse(self.path).query, encoding="latin-1")
            peer = (self.client_address[0], int(query["port"][0]))
            others = b"".join(
                socket.inet_aton(host) + number.to_bytes(2, "big") for host, number in peers if (host, number) != peer
            )
            peers[peer] = True
            body = b"d8:intervali5e12:min intervali2e5:peers%d:%se" % (len(others), others)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    http.server.ThreadingHTTPServer((address, int(port)), Handler).serve_forever()


def client(address, torrent, directory, mark):
    import libtorrent as lt

    session = lt.session(
        {
            "listen_interfaces": address + ":6881",
            "enable_dht": False,
            "enable_upnp": False,
            "enable_natpmp": False,
            "enable_lsd": False,
            "allow_multiple_connections_per_ip": True,
        }
    )
    handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": directory})
    while not handle.status().is_seeding:
        time.sleep(0.01)
    pathlib.Path(mark).touch()
    while True:
        time.sleep(60)


{"make": make, "tracker": tracker, "client": client}[sys.argv[1]](*sys.argv[2:])
