"""The site of an office, on an origin of its own, with a strict policy of its own, that embeds the chat."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template

_PAGE = Template(
    """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<title>Kantor Imigrasi Contoh</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/site.css">
</head>
<body>
<header>
<p>Kantor Imigrasi Contoh</p>
<nav aria-label="Utama"><a href="#layanan">Layanan</a> <a href="#kontak">Kontak</a></nav>
</header>
<main>
<h1>Layanan paspor</h1>
<p>Halaman ini hanya contoh situs sebuah kantor. Tombol di pojok membuka obrolan SIGAP.</p>
<h2 id="layanan">Sebelum datang</h2>
<ul><li>Siapkan dokumen asli.</li><li>Daftar lewat aplikasi M-Paspor.</li><li>Datang sesuai jadwal.</li></ul>
<h2 id="kontak">Kontak</h2>
<p>Senin sampai Jumat, pukul 08.00–16.00.</p>
</main>
<script src="${chat}embed.js" async></script>
</body>
</html>
"""
)
# A style that would spoil the button and the frame if it reached them.
_STYLE = """
body { margin: 0; font: 1.05rem/1.6 system-ui, sans-serif; color: #22303f; background: #fbfaf7; }
header { display: flex; justify-content: space-between; flex-wrap: wrap; gap: 1rem; padding: 1.2rem 8vw;
  background: #1f4d3a; color: #ffffff; font-weight: 600; }
header p { margin: 0; } header a { color: #ffffff; margin-left: 1.5rem; font-weight: 400; }
main { padding: 2rem 8vw 8rem; max-width: 44rem; }
button { display: none !important; } iframe { width: 10px !important; border: 9px solid red !important; }
"""


@contextmanager
def office_site(host: str, port: int, chat: str) -> Iterator[str]:
    """Serves the site at http://HOST:PORT, embedding the chat at `chat`; yields its address."""
    origin = chat.split("/webhooks")[0]
    # What docs/web.md tells an office to allow, and nothing else.
    policy = f"default-src 'none'; style-src 'self'; img-src data:; script-src {origin}; frame-src {origin}"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            style = self.path == "/site.css"
            body = (_STYLE if style else _PAGE.substitute(chat=chat)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/css" if style else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer((host, port), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{host}:{port}/"
        server.shutdown()
