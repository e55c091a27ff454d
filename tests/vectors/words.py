"""What stands in the entries of the vectors."""

from __future__ import annotations

import hashlib
import json

AT = 1_795_000_000_000


def capture(shared: str, who: str = "Duty social worker", child: str = "Amy B", **more) -> dict:
    content = {
        "v": 1,
        "recipients": [{"code": "social-care", "label": who, "person": "", "reference": ""}],
        "children": [{"name": child, "unknown": False}],
        "shared": shared,
        "why": ["danger-now"],
        "how": "phone",
        "when": {"at": AT - 300_000, "utc_offset": 0, "about": True},
        "clock": {"at": AT, "utc_offset": 0, "monotonic": 41_250, "last_server": None},
        "offline": True,
        "app": "0.1.0",
        "language": "en",
    }
    return content | more


def noise(length: int) -> str:
    """Words that no deflater makes much smaller."""
    return hashlib.shake_256(b"noise").hexdigest(length)[:length]


CAPTURES = {
    "plain": capture("Bruises on both arms. Afraid to go home."),
    "welsh": capture(
        "Dywedodd y plentyn fod ei lystad wedi\u2019i daro. Ŵyr neb arall. "
        "Tŷ, sŵn, gêm, môr, llwyd â\u2019r wawr.",
        who="Gweithiwr cymdeithasol ar ddyletswydd",
        child="Siân Llŷr-Pŵel",
        language="cy",
    ),
    "emoji": capture(
        "\U0001f469\U0001f3fd\u200d\U0001f37c said \U0001f622; \u26a0\ufe0f "
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f "
        'e\u0301 \xe9 \u202ereversed\u202c \u0000 \u2028 \\ " /'
    ),
    "markup": capture(
        "<script>alert(1)</script> <img src=x onerror=alert(1)> {{7*7}} {% x %} '; DROP"
    ),
    "empty": capture(
        "",
        recipients=[{"code": None, "label": "", "person": "", "reference": ""}],
        children=[{"name": "", "unknown": True}],
        why=[],
        how="",
    ),
    "large": capture(noise(16_384)),
    "names-of-tomorrow": capture("A later app says more.", mood={"colour": [1, 2.5, None, True]}),
}
TEXTS = {
    name: json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for name, content in CAPTURES.items()
}
