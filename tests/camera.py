"""What a phone's camera sees, as a film file that Chromium plays instead of a camera."""

from __future__ import annotations

from pathlib import Path

import segno

WIDTH, HEIGHT, SCALE = 640, 480, 7


def film_of_qr(text: str, path: Path) -> Path:
    """A one-picture YUV4MPEG2 film of a QR code; Chromium repeats it."""
    code = [list(row) for row in segno.make(text, error="m").matrix_iter(scale=SCALE, border=4)]
    side = len(code)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    assert left >= 0, "the code does not fit the picture"
    assert top >= 0, "the code does not fit the picture"
    luma = bytearray([235]) * (WIDTH * HEIGHT)
    for y, row in enumerate(code):
        start = (top + y) * WIDTH + left
        luma[start : start + side] = bytes(16 if dark else 235 for dark in row)
    colourless = bytes([128]) * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + b"".join(b"FRAME\n" + bytes(luma) + colourless for _ in range(10)))
    return path
